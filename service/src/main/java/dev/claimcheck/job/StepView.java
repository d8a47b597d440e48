package dev.claimcheck.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A step as it stands.
 *
 * @param id orders steps that became ready at once
 * @param work what sort of it, beside its kind; empty where the kind says it all
 * @param needs ids of steps of the same job that it still waits for
 * @param tag its place in the line of its queue, among steps of the same priority; empty where it neither waits there nor runs
 * @param fraction how far it is, 0 to 1; of the best attempt so far
 * @param plansCost predicted compute-seconds of the steps that this one will plan; 0 for most
 * @param message what the running attempt does now
 * @param attempt the last one handed out; 0 before the first
 * @param made how many products it has made
 * @param reused how many it has taken over from earlier jobs instead
 */
public record StepView(
        long id,
        String name,
        String kind,
        String work,
        List<Long> needs,
        OptionalDouble tag,
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
        int reused) {
    public StepView {
        needs = List.copyOf(needs);
    }

    /** Whether it has not ended. */
    public boolean isOpen() {
        return switch (state) {
            case WAITING, READY, RUNNING -> true;
            case SUCCEEDED, FAILED, CANCELLED, SKIPPED -> false;
        };
    }
}
