package dev.claimcheck.job;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** How an attempt at a step ended. */
public sealed interface StepOutcome {

    /**
     * The work is done.
     *
     * @param result what later steps read of this one, JSON
     * @param outputs become visible to the owner with the commit that ends the step; those of {@code products} are not among them
     * @param plan steps to add to the job in the same commit
     * @param metadata the job's {@code metadata} for its owner, where this step found it
     * @param fingerprint what tells the upload apart, where this step computed it; the job may turn out to be another one's duplicate
     * @param proofs questions that only somebody who has the source can answer
     * @param products what was made, and what was taken over from earlier jobs instead; their outputs become visible too
     */
    record Succeeded(
            JsonNode result,
            List<Output> outputs,
            List<PlannedStep> plan,
            Optional<JsonNode> metadata,
            Optional<Fingerprint> fingerprint,
            List<UploadProof> proofs,
            List<Product> products)
            implements StepOutcome {
        public Succeeded(JsonNode result, List<Output> outputs, List<PlannedStep> plan, Optional<JsonNode> metadata) {
            this(result, outputs, plan, metadata, Optional.empty(), List.of());
        }

        /** Of a step that makes nothing. */
        public Succeeded(
                JsonNode result,
                List<Output> outputs,
                List<PlannedStep> plan,
                Optional<JsonNode> metadata,
                Optional<Fingerprint> fingerprint,
                List<UploadProof> proofs) {
            this(result, outputs, plan, metadata, fingerprint, proofs, List.of());
        }

        /** Of a step that plans nothing. */
        public Succeeded(JsonNode result, List<Output> outputs, List<Product> products) {
            this(result, outputs, List.of(), Optional.empty(), Optional.empty(), List.of(), products);
        }

        public Succeeded {
            outputs = List.copyOf(outputs);
            plan = List.copyOf(plan);
            proofs = List.copyOf(proofs);
            products = List.copyOf(products);
        }

        /** Whether one of these paths becomes visible with it. */
        boolean offers(Set<String> paths) {
            return Stream.concat(outputs.stream(), products.stream().flatMap(product -> product.outputs().stream()))
                    .anyMatch(output -> paths.contains(output.path()));
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
