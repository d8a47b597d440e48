package dev.claimcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * A job whose bytes are still to come.
 *
 * @param size of the content in bytes, where it is known
 * @param sourceKey where the bytes will be in the object store
 */
public record UploadingJob(
        JobId id,
        OwnerId owner,
        String filename,
        @Nullable String contentType,
        Processing processing,
        Priority priority,
        @Nullable Long size,
        String sourceKey) {}
