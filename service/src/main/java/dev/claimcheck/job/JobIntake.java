package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Takes in uploads as jobs. Thread-safe. */
public final class JobIntake {
    /** The job, its first step, its place in the queue and its events: one statement, so one round trip and one commit. */
    private static final String INSERT = """
            WITH made AS (
                INSERT INTO job (job_id, owner, status, filename, content_type, profile, options, priority, size_bytes, content_sha256, content_key, source_key)
                VALUES (:job, :owner, 'PENDING', :filename, :content_type, :profile, CAST(:options AS jsonb), :priority, :size, :sha256, :content_key, :source_key)
                ON CONFLICT (owner, profile, options, content_key) WHERE status NOT IN ('CANCELLED', 'EXPIRED') DO NOTHING
                RETURNING job_id, owner, priority
            ), first AS (
                INSERT INTO step (job_id, name, kind, queue, owner, priority, required, state, waiting_for, cost, spec)
                SELECT job_id, :step, :kind, :queue, owner, priority, true, 'READY', 0, :cost, CAST(:spec AS jsonb) FROM made
                RETURNING step_id, queue, owner, priority, cost
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, fair_start(queue, owner, cost), step_id, 0, owner FROM first
                RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, type,
                       CASE WHEN of_upload THEN jsonb_build_object('kind', 'direct', 'size', CAST(:size AS bigint))
                            WHEN type = 'step.ready' THEN jsonb_build_object('step', CAST(:step AS text), 'attempt', 1)
                            ELSE '{}' END
                FROM made, (VALUES (1, 'job.created', false), (2, 'upload.created', true), (3, 'upload.completed', true),
                                   (4, 'step.ready', false)) AS happened (place, type, of_upload)
                WHERE :uploaded OR NOT of_upload
                ORDER BY place
            )
            SELECT pg_notify('claimcheck_ready', queue), pg_notify('claimcheck_events', '') FROM entered
            """;

    private static final String FIND_BY_CONTENT = """
            SELECT job_id FROM job
            WHERE owner = :owner AND profile = :profile AND options = CAST(:options AS jsonb) AND content_key = :content_key AND status NOT IN ('CANCELLED', 'EXPIRED')
            """;

    private final Database database;

    public JobIntake(Database database) {
        this.database = database;
    }

    /**
     * Makes a job with its first step and its event in one transaction, or finds the owner's job of the same content: the unique
     * index decides races. When this returns the commit is durable.
     *
     * @throws dev.claimcheck.database.DatabaseUnavailableException when it is unknown whether that happened
     */
    public Submission submit(NewJob job) {
        while (true) {
            boolean made = database.withHandle(handle -> insert(handle, job, true));
            if (made) {
                return new Submission.Created(job.id());
            }
            Submission submission = database.inTransaction(handle -> existing(handle, job));
            if (!(submission instanceof Submission.Existing existing) || existing.status() != JobStatus.CANCELLED) {
                return submission;
            }
            // The job that stood in the way was cancelled or deleted in between: its place is free now.
        }
    }

    /** @param uploaded whether its file came with it in one request, rather than being there already */
    static boolean insert(Handle handle, NewJob job, boolean uploaded) {
        return handle.createQuery(INSERT)
                .bind("job", job.id().value())
                .bind("uploaded", uploaded)
                .bind("owner", job.owner().value())
                .bind("filename", job.filename())
                .bind("content_type", job.contentType())
                .bind("profile", job.processing().profile())
                .bind("options", job.processing().options().toJson().toString())
                .bind("priority", job.priority().rank())
                .bind("size", job.size())
                .bind("sha256", job.sha256().bytes())
                .bind("content_key", job.contentKey().bytes())
                .bind("source_key", job.sourceKey())
                .bind("step", job.first().name())
                .bind("kind", job.first().kind())
                .bind("queue", job.first().queue().wireName())
                .bind("cost", job.first().cost())
                .bind("spec", job.first().spec().toString())
                .map((_, _) -> true)
                .findOne()
                .isPresent();
    }

    static Submission existing(Handle handle, NewJob job) {
        return handle.createQuery(FIND_BY_CONTENT)
                .bind("owner", job.owner().value())
                .bind("profile", job.processing().profile())
                .bind("options", job.processing().options().toJson().toString())
                .bind("content_key", job.contentKey().bytes())
                .mapTo(UUID.class)
                .findOne()
                .flatMap(id -> JobRow.lock(handle, new JobId(id)))
                .map(row -> switch (row.status()) {
                    case FAILED -> reopened(handle, row, job);
                    case UPLOADING, PENDING, IN_PROGRESS, COMPLETED, CANCELLED ->
                        new Submission.Existing(row.id(), row.status());
                    case EXPIRED -> new Submission.Existing(row.id(), JobStatus.CANCELLED);
                })
                .orElseGet(() -> new Submission.Existing(job.id(), JobStatus.CANCELLED));
    }

    private static Submission reopened(Handle handle, JobRow row, NewJob job) {
        String kept = row.sourceKey();
        JobReopening.reopen(handle, row, kept == null ? job.sourceKey() : kept);
        return new Submission.Reopened(row.id(), kept == null);
    }
}
