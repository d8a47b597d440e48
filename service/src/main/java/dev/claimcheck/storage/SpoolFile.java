package dev.claimcheck.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that wait in a file for what they are to become; gone when closed. Held open only while there are few such files: slow uploads may be more than the
 * descriptors of a process. Throws {@link StorageException}, and {@link StorageFullException} when the disk is full. Not thread-safe.
 */
public final class SpoolFile implements AutoCloseable {
    private final Path file;
    private final Semaphore openFiles;
    private @Nullable FileChannel held;
    private long size;

    SpoolFile(Path file, Semaphore openFiles) {
        this.file = file;
        this.openFiles = openFiles;
    }

    /** Bytes taken so far. */
    public long size() {
        return size;
    }

    /** Takes all of the buffer's remaining bytes. */
    public void write(ByteBuffer bytes) {
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
            throw failure("bytes on their way cannot be kept", e);
        }
    }

    /** The file with all that was taken. Nothing can be written any more. */
    public Path finished() {
        release();
        return file;
    }

    /** Something to do with the bytes, from the first on. */
    @FunctionalInterface
    public interface Reader {
        void read(FileChannel channel) throws IOException;
    }

    /** Reads what was taken. */
    public void read(Reader reader) {
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ)) {
            reader.read(channel);
        } catch (IOException e) {
            throw failure("bytes on their way cannot be read", e);
        }
    }

    @Override
    public void close() {
        release();
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new StorageException("bytes on their way cannot be dropped; they go at the next start", e);
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
                throw failure("bytes on their way cannot be closed", e);
            }
        }
    }
}
