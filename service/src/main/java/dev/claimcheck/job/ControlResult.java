package dev.claimcheck.job;

/** What became of an owner's wish to cancel, retry or delete a job. */
public sealed interface ControlResult {
    /** Done, or already so; the job's status now. */
    record Done(JobStatus status) implements ControlResult {}

    /** The owner has no such job. */
    record NotFound() implements ControlResult {}

    /** The job's status does not allow it; nothing was changed. The reason is written for the owner. */
    record NotPossible(JobStatus status, String reason) implements ControlResult {}
}
