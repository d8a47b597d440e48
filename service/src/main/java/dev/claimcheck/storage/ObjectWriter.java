package dev.claimcheck.storage;

import java.nio.ByteBuffer;

/**
 * One streaming write. Not thread-safe. Closing without {@link #commit} drops what was written and leaves nothing behind.
 */
public interface ObjectWriter extends AutoCloseable {
    /** Writes all of the buffer's remaining bytes. Bytes already written are flushed in the background as more come. */
    void write(ByteBuffer bytes);

    /** Bytes written so far. */
    long size();

    /** Makes the object durable (fsync) and visible, at once and whole. At most once. */
    void commit();

    @Override
    void close();
}
