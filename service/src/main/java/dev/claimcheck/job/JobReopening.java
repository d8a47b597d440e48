package dev.claimcheck.job;

import org.jdbi.v3.core.Handle;

/** The way of a FAILED job back to PENDING: what failed is open again, what succeeded is kept. */
final class JobReopening {
    private static final String REOPEN = """
            UPDATE job
            SET status = 'PENDING', source_key = :source, error = NULL, retry_allowed = false, finished_at = NULL,
                attempt = attempt + 1, updated_at = now()
            WHERE job_id = :job
            """;

    private JobReopening() {}

    static void reopen(Handle handle, JobRow job, String sourceKey) {
        job.mustBecome(JobStatus.PENDING);
        handle.createUpdate(REOPEN)
                .bind("job", job.id().value())
                .bind("source", sourceKey)
                .execute();
        StepBacklog.reopen(handle, job.id(), false);
        JobEvents.append(handle, job, "job.retried", "{}");
    }
}
