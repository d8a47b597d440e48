package dev.claimcheck.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What happened to a job, step by step, as it stood at one moment. */
public record JobTimeline(JobId job, Instant createdAt, List<Step> steps) {
    public JobTimeline {
        steps = List.copyOf(steps);
    }

    /**
     * A step.
     *
     * @param dependsOn names of the steps that it waits or waited for
     * @param readyAt since when it waits for a worker, or had waited for its last attempt; empty while it waits for other steps
     * @param attempts oldest first
     * @param outputs the first of what it made, by path
     * @param outputCount how many outputs it made in all
     * @param outputBytes how large all of them are together
     */
    public record Step(
            String name,
            String queue,
            StepState state,
            boolean required,
            List<String> dependsOn,
            Optional<Instant> readyAt,
            List<StepAttempt> attempts,
            List<Output> outputs,
            int outputCount,
            long outputBytes) {
        public Step {
            dependsOn = List.copyOf(dependsOn);
            attempts = List.copyOf(attempts);
            outputs = List.copyOf(outputs);
        }
    }
}
