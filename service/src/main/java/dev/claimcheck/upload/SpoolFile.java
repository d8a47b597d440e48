package dev.claimcheck.upload;

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

/**
 * Bytes that wait in a file. It is open while it is written and read, but not by the thousand: beyond a number of open files, only during each write. Not
 * thread-safe. Closing it deletes it.
 */
final class SpoolFile implements AutoCloseable {
    private static final Semaphore OPEN_FILES = new Semaphore(500);

    private final Path file;
    private @Nullable FileChannel held;

    SpoolFile(Path folder) {
        try {
            file = Files.createTempFile(folder, "body-", null);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Takes all remaining bytes. */
    void write(ByteBuffer bytes) {
        try {
            if (held == null && OPEN_FILES.tryAcquire()) {
                held = open();
            }
            if (held != null) {
                writeAll(held, bytes);
            } else {
                try (FileChannel once = open()) {
                    writeAll(once, bytes);
                }
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Something to do with the bytes, from the first on. */
    interface Reader {
        void read(FileChannel channel) throws IOException;
    }

    void read(Reader reader) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            reader.read(channel);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        try {
            FileChannel channel = held;
            if (channel != null) {
                held = null;
                OPEN_FILES.release();
                channel.close();
            }
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static StorageException failure(IOException e) {
        String cause = String.valueOf(e.getMessage());
        return cause.contains("No space left on device")
                ? new StorageFullException("no space left on the device", e)
                : new StorageException("a body cannot be kept until it is checked", e);
    }
}
