package dev.claimcheck.client;

import java.time.Duration;

/**
 * Told how an upload goes. Called by the threads that send, one call at a time; must be quick.
 */
@FunctionalInterface
public interface UploadListener {
    /**
     * So many bytes of so many have been handed to connections or were there before. Falls where bytes have to be sent again after a cut.
     *
     * @param bytes between 0 and {@code total}
     */
    void sent(long bytes, long total);

    /**
     * The bytes are about to travel; called again where an upload has to start anew.
     *
     * @param way never {@link UploadWay#AUTO}
     * @param there bytes that an earlier run has brought already
     */
    default void started(UploadWay way, long there, long total) {}

    /** So many bytes of the file have been read to know its SHA-256, before anything is sent. */
    default void hashed(long bytes, long total) {}

    /** Trouble on the way; the next try comes after {@code pause}. */
    default void waiting(Duration pause, ClaimcheckException trouble) {}
}
