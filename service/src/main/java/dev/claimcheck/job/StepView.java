package dev.claimcheck.job;

import java.time.Instant;
import java.util.Optional;

/**
 * A step as it stands.
 *
 * @param fraction how far it is, 0 to 1; of the best attempt so far
 * @param plansCost predicted compute-seconds of the steps that this one will plan; 0 for most
 * @param message what the running attempt does now
 * @param attempt the last one handed out; 0 before the first
 * @param made how many products it has made
 * @param reused how many it has taken over from earlier jobs instead
 */
public record StepView(
        String name,
        String kind,
        QueueName queue,
        StepState state,
        boolean required,
        int attempt,
        int retries,
        double cost,
        double plansCost,
        double fraction,
        Optional<String> message,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Instant> retryAt,
        Optional<StepError> error,
        int made,
        int reused) {}
