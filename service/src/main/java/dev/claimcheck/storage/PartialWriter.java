package dev.claimcheck.storage;

import java.nio.ByteBuffer;

/**
 * Writes one stretch of a {@link PartialObject}. Not thread-safe. Closing it gives its resources back; what was written since the last {@link #keep} may or may
 * not stay.
 */
public interface PartialWriter extends AutoCloseable {
    /** Takes all of the buffer's remaining bytes. */
    void write(ByteBuffer bytes);

    /** Bytes taken so far by this writer. */
    long size();

    /** Makes everything taken so far durable. At most once, as the last call before {@link #close}. */
    void keep();

    @Override
    void close();
}
