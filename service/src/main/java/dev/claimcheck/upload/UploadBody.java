package dev.claimcheck.upload;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The bytes of one request, read once. */
public interface UploadBody {
    /**
     * Hands over everything that comes; the buffers are valid only during the call. A connection that is cut, stands still or is {@link #cancel cancelled} ends it
     * with an exception, after what had come was handed over.
     */
    void read(Consumer<ByteBuffer> consumer) throws InterruptedException;

    /** Ends the reading soon, from another thread: a later request has taken this one's place. */
    void cancel();
}
