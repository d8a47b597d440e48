package dev.claimcheck.operations;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A worker and what it does now.
 *
 * @param queues queue name to steps at once
 * @param seenAt its last sign of life
 */
public record WorkerFigures(
        String worker,
        String host,
        Map<String, Integer> queues,
        Life life,
        Instant startedAt,
        Instant seenAt,
        List<Doing> doing) {
    public WorkerFigures {
        queues = Map.copyOf(queues);
        doing = List.copyOf(doing);
    }

    /** Whether it takes steps. */
    public enum Life {
        ALIVE,
        /** It stops: it ends what it has and takes nothing more. */
        LEAVING,
        /** It has not been heard of for longer than a lease lasts; what it had goes to others. */
        SILENT
    }

    /**
     * An attempt under way.
     *
     * @param progress 0 to 1
     */
    public record Doing(
            String jobId,
            String filename,
            String owner,
            String step,
            String queue,
            int attempt,
            Instant startedAt,
            double progress,
            Optional<String> message) {}
}
