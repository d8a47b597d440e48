package dev.claimcheck.storage.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The rest of a file that comes in fast, written past the page cache (O_DIRECT). A copy through the cache costs the kernel a page to find, fill, write back
 * and free for each 4 KiB, up to twice what receiving the bytes costs, and leaves the last flush a backlog. Not thread-safe.
 */
final class UncachedTail implements AutoCloseable {
    private final AlignedBuffers lender;
    private final ByteBuffer buffer;
    private final FileChannel uncached;
    private long position;

    /** @param position where the tail begins; a multiple of the buffers' alignment */
    UncachedTail(Path file, long position, AlignedBuffers lender, ByteBuffer buffer) throws IOException {
        this.lender = lender;
        this.buffer = buffer;
        this.position = position;
        this.uncached = FileChannel.open(file, StandardOpenOption.WRITE, direct());
    }

    /** Looked up by name: the JDK has O_DIRECT only as an option of its own, which {@code jdk.unsupported} exports and javac warns of. */
    private static OpenOption direct() {
        try {
            Class<?> options = Class.forName("com.sun.nio.file.ExtendedOpenOption");
            return (OpenOption) options.getField("DIRECT").get(null);
        } catch (ReflectiveOperationException e) {
            throw new UnsupportedOperationException("this JDK has no O_DIRECT", e);
        }
    }

    void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            int length = Math.min(buffer.remaining(), bytes.remaining());
            buffer.put(buffer.position(), bytes, bytes.position(), length);
            buffer.position(buffer.position() + length);
            bytes.position(bytes.position() + length);
            if (!buffer.hasRemaining()) {
                buffer.flip();
                writeAll(uncached);
                buffer.clear();
            }
        }
    }

    /** Writes what is left over, which is no multiple of a block, through {@code cached}. */
    void finish(FileChannel cached) throws IOException {
        buffer.flip();
        writeAll(cached);
        buffer.clear();
    }

    private void writeAll(FileChannel channel) throws IOException {
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    @Override
    public void close() throws IOException {
        lender.giveBack(buffer);
        uncached.close();
    }
}
