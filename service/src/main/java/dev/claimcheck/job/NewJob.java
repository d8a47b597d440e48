package dev.claimcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * A job about to be submitted; its bytes are already durable.
 *
 * @param size of the content, in bytes
 * @param sha256 of the content
 * @param contentKey SHA-256(content ‖ filename): the identity of the upload
 * @param sourceKey where the bytes are in the object store
 * @param first the step that starts it
 */
public record NewJob(
        JobId id,
        OwnerId owner,
        String filename,
        @Nullable String contentType,
        Processing processing,
        Priority priority,
        long size,
        Digest sha256,
        Digest contentKey,
        String sourceKey,
        PlannedStep first) {}
