package dev.claimcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * The bytes of an UPLOADING job, now whole and durable under its source key.
 *
 * @param size in bytes
 * @param fingerprint where it was computed while the bytes came; else the first step computes it
 */
public record ReceivedSource(long size, @Nullable Fingerprint fingerprint, PlannedStep first) {}
