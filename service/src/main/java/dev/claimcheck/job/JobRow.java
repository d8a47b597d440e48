package dev.claimcheck.job;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** A job's row while its transaction holds the lock on it. Every transaction that changes a job starts here. */
record JobRow(
        JobId id, OwnerId owner, JobStatus status, @Nullable String sourceKey) {
    private static final String LOCK = """
            SELECT job_id, owner, status, source_key FROM job WHERE job_id = :job FOR NO KEY UPDATE
            """;

    static Optional<JobRow> lock(Handle handle, JobId id) {
        return handle.createQuery(LOCK)
                .bind("job", id.value())
                .map((row, _) -> new JobRow(
                        new JobId(row.getObject("job_id", UUID.class)),
                        new OwnerId(row.getString("owner")),
                        JobStatus.valueOf(row.getString("status")),
                        row.getString("source_key")))
                .findOne();
    }

    static Optional<JobRow> lock(Handle handle, OwnerId owner, JobId id) {
        return lock(handle, UploadIntake.resolve(handle, id))
                .filter(job -> job.owner().equals(owner));
    }

    /** Guards the transition table: what it does not allow is a fault of the program. */
    void mustBecome(JobStatus next) {
        if (!status.canBecome(next)) {
            throw new IllegalStateException("job " + id + " cannot go from " + status + " to " + next);
        }
    }
}
