package dev.claimcheck.job;

import tools.jackson.databind.JsonNode;

/**
 * A step handed to a worker.
 *
 * @param lease the right to end it
 * @param sourceKey the object that holds the uploaded bytes
 * @param filename as the user named the upload; for messages only, never part of a path
 * @param processing what the job asks for
 */
public record LeasedStep(
        Lease lease,
        JobId jobId,
        OwnerId owner,
        String name,
        String kind,
        QueueName queue,
        JsonNode spec,
        double cost,
        String sourceKey,
        String filename,
        Processing processing) {

    /** The name of the profile that its job asks for. */
    public String profile() {
        return processing.profile();
    }

    /** What its job asks for beside the profile. */
    public JobOptions options() {
        return processing.options();
    }

    /** The prefix of every object that this attempt writes; no other attempt ever writes there. */
    public String outputPrefix() {
        return "jobs/" + jobId + "/" + lease.stepId() + "-" + lease.attempt() + "/";
    }
}
