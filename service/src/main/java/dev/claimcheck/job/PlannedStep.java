package dev.claimcheck.job;

import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A step to be added to a job.
 *
 * @param name unique within the job, such as {@code transcode/000}
 * @param kind which handler runs it, such as {@code transcode}
 * @param queue where it waits
 * @param required whether the job fails with it; an optional step that fails leaves a warning
 * @param needs names of steps of the same job (older ones or of the same plan) that must have ended before
 * @param cost predicted compute-seconds, above 0
 * @param spec what the handler needs to know, JSON
 * @param work what sort of its kind it is, for the history of how long such steps take; empty where the kind says it all
 */
public record PlannedStep(
        String name,
        String kind,
        QueueName queue,
        boolean required,
        List<String> needs,
        double cost,
        JsonNode spec,
        String work) {
    /** A step whose kind says it all. */
    public PlannedStep(
            String name,
            String kind,
            QueueName queue,
            boolean required,
            List<String> needs,
            double cost,
            JsonNode spec) {
        this(name, kind, queue, required, needs, cost, spec, "");
    }

    public PlannedStep {
        needs = List.copyOf(needs);
        if (!(cost > 0)) {
            throw new IllegalArgumentException("a step's cost is above 0");
        }
    }
}
