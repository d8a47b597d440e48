package dev.claimcheck.job;

/** What became of an upload that was handed in. */
public sealed interface Submission {
    /** The job this upload belongs to. */
    JobId jobId();

    /** The content is new: a job was made. */
    record Created(JobId jobId) implements Submission {}

    /** The owner has a job of the same content and name: nothing was changed, the new bytes are not needed. */
    record Existing(JobId jobId, JobStatus status) implements Submission {}

    /**
     * The owner's job of the same content and name had failed: what failed is open again.
     *
     * @param sourceTaken whether the job now uses the new bytes; else they are not needed
     */
    record Reopened(JobId jobId, boolean sourceTaken) implements Submission {}
}
