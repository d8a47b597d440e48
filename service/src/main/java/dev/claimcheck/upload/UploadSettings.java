package dev.claimcheck.upload;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Limits of uploads.
 *
 * @param maxSize of one file, in bytes
 * @param expiresAfter how long an upload may stay unfinished
 * @param hashWhileStreaming whether bytes are hashed as they come, else in the job's first step
 * @param spool a folder for bytes that must be checked before they count
 */
public record UploadSettings(long maxSize, Duration expiresAfter, boolean hashWhileStreaming, Path spool) {
    /** How long a signed PUT is good for. */
    public static final Duration SIGNED_FOR = Duration.ofHours(1);
}
