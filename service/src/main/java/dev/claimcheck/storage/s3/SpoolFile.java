package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.sync.RequestBody;

/** Bytes that wait to become a part; gone when closed. Held open only while there are few such files. Not thread-safe. */
final class SpoolFile implements AutoCloseable {
    private final Path file;
    private final Semaphore openFiles;
    private @Nullable FileChannel held;
    private long size;

    SpoolFile(Path file, Semaphore openFiles) {
        this.file = file;
        this.openFiles = openFiles;
    }

    long size() {
        return size;
    }

    /** Takes all of the buffer's remaining bytes. */
    void write(ByteBuffer bytes) {
        try {
            FileChannel channel = held;
            if (channel == null && openFiles.tryAcquire()) {
                channel = opened();
                held = channel;
            }
            if (channel != null) {
                writeFully(channel, bytes);
            } else {
                try (FileChannel once = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    writeFully(once, bytes);
                }
            }
        } catch (IOException e) {
            throw failure("bytes on their way to the bucket cannot be kept", e);
        }
    }

    /** Its content as the body of a request, which may be read again for a retry. Nothing can be written any more. */
    RequestBody body() {
        release();
        return FileSlice.body(file, 0, size);
    }

    @Override
    public void close() {
        release();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StorageException("a spooled part cannot be dropped; it goes at the next start", e);
        }
    }

    static StorageException failure(String message, IOException e) {
        String cause = String.valueOf(e.getMessage());
        boolean full = cause.contains("No space left on device") || cause.contains("Disk quota exceeded");
        return full ? new StorageFullException("no space left on the device", e) : new StorageException(message, e);
    }

    private FileChannel opened() throws IOException {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException | RuntimeException e) {
            openFiles.release();
            throw e;
        }
    }

    private void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            size += channel.write(bytes, size);
        }
    }

    private void release() {
        FileChannel channel = held;
        if (channel != null) {
            held = null;
            openFiles.release();
            try {
                channel.close();
            } catch (IOException e) {
                throw failure("a spooled part cannot be closed", e);
            }
        }
    }
}
