package dev.claimcheck.operations;

import java.time.Instant;
import java.util.List;

/**
 * The whole installation at one moment.
 *
 * @param doneLastHour jobs that completed in the last hour
 * @param failedLastHour jobs that failed in the last hour
 */
public record Overview(
        Instant at, List<QueueFigures> queues, List<WorkerFigures> workers, int doneLastHour, int failedLastHour) {
    public Overview {
        queues = List.copyOf(queues);
        workers = List.copyOf(workers);
    }

    /** Steps that are ready for a worker, in all queues. */
    public int waiting() {
        return queues.stream().mapToInt(QueueFigures::waiting).sum();
    }

    /** Attempts under way, in all queues. */
    public int running() {
        return queues.stream().mapToInt(QueueFigures::running).sum();
    }

    /** How long the step that became ready first has waited. */
    public double oldestWaitSeconds() {
        return queues.stream()
                .mapToDouble(QueueFigures::oldestWaitSeconds)
                .max()
                .orElse(0);
    }
}
