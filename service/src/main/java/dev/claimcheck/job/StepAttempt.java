package dev.claimcheck.job;

import java.time.Instant;
import java.util.Optional;

/**
 * One attempt at a step: where it ran, when, and how it ended.
 *
 * @param attempt its number; the step's first is 1
 * @param host of the worker, where that is still known
 * @param readyAt since when the step had waited for it
 * @param finishedAt empty while it runs
 * @param outcome {@code succeeded}, {@code failed}, {@code retrying}, {@code released}, {@code lease_expired} or {@code cancelled}; empty while it runs
 * @param progress how far it got, 0 to 1
 * @param message what it did last
 * @param log the end of what ffmpeg said, where it did not succeed
 */
public record StepAttempt(
        int attempt,
        String worker,
        Optional<String> host,
        Instant readyAt,
        Instant startedAt,
        Optional<Instant> finishedAt,
        Optional<String> outcome,
        double progress,
        Optional<String> message,
        Optional<StepError> error,
        Optional<String> log) {}
