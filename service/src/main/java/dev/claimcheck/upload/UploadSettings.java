package dev.claimcheck.upload;

import dev.claimcheck.storage.SpoolFolder;
import java.time.Duration;

/**
 * Limits of uploads.
 *
 * @param maxSize of one file, in bytes
 * @param expiresAfter how long an upload may stay unfinished
 * @param hashWhileStreaming whether bytes are hashed as they come, else in the job's first step
 * @param orphanAge a partial object without a record is dropped when it was last written to so long ago
 * @param spool for bytes that must be checked before they count
 * @param contentTypes that a file may be declared to be
 */
public record UploadSettings(
        long maxSize,
        Duration expiresAfter,
        boolean hashWhileStreaming,
        Duration orphanAge,
        SpoolFolder spool,
        ContentTypes contentTypes) {
    private static final Duration LONGEST_SIGNED_FOR = Duration.ofHours(1);

    /** How long a signed PUT is good for: never longer than the upload it leads to. */
    public Duration signedFor() {
        return expiresAfter.compareTo(LONGEST_SIGNED_FOR) < 0 ? expiresAfter : LONGEST_SIGNED_FOR;
    }
}
