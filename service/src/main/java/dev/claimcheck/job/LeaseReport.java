package dev.claimcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * A sign of life of an attempt.
 *
 * @param fraction how far it is, 0 to 1
 * @param message what it does now, for people; null for nothing to say yet
 */
public record LeaseReport(
        Lease lease, JobId jobId, double fraction, @Nullable String message) {}
