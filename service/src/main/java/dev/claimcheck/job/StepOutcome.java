package dev.claimcheck.job;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How an attempt at a step ended. */
public sealed interface StepOutcome {

    /**
     * The work is done.
     *
     * @param result what later steps read of this one, JSON
     * @param outputs become visible to the owner with the commit that ends the step
     * @param plan steps to add to the job in the same commit
     * @param metadata the job's {@code metadata} for its owner, where this step found it
     * @param fingerprint what tells the upload apart, where this step computed it; the job may turn out to be another one's duplicate
     * @param proofs questions that only somebody who has the source can answer
     */
    record Succeeded(
            JsonNode result,
            List<Output> outputs,
            List<PlannedStep> plan,
            Optional<JsonNode> metadata,
            Optional<Fingerprint> fingerprint,
            List<UploadProof> proofs)
            implements StepOutcome {
        public Succeeded(JsonNode result, List<Output> outputs, List<PlannedStep> plan, Optional<JsonNode> metadata) {
            this(result, outputs, plan, metadata, Optional.empty(), List.of());
        }

        public Succeeded {
            outputs = List.copyOf(outputs);
            plan = List.copyOf(plan);
            proofs = List.copyOf(proofs);
        }
    }

    /** Trouble around the step (storage, disk, a killed process): it is tried again, after a back-off, a few times. */
    record RetryLater(StepError error) implements StepOutcome {}

    /**
     * What earlier steps of the job have made cannot be used: the steps that made it do so again, they alone, and then this one. Counts as a retry of this step.
     *
     * @param paths of the outputs that are not as they were made, at least one
     */
    record MadeBadly(List<String> paths, StepError error) implements StepOutcome {
        public MadeBadly {
            paths = List.copyOf(paths);
        }
    }

    /** The input is at fault: trying again cannot help. */
    record FailedForGood(StepError error) implements StepOutcome {}

    /** The attempt was called off: the job was cancelled or the lease lost. Nothing is recorded. */
    record Cancelled() implements StepOutcome {}
}
