package dev.claimcheck.job;

import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Jobs whose upload takes more than one request: begun as UPLOADING, started once their bytes are durable, expired when these never come. Every method is a part of
 * the caller's transaction, so that the upload's own record changes with the job. Stateless.
 */
public final class UploadIntake {
    private static final String INSERT = """
            INSERT INTO job (job_id, owner, status, filename, content_type, profile, options, priority, size_bytes, source_key)
            VALUES (:job, :owner, 'UPLOADING', :filename, :content_type, :profile, CAST(:options AS jsonb), :priority, :size, :source_key)
            """;

    private static final String START = """
            WITH started AS (
                UPDATE job SET status = 'PENDING', size_bytes = :size, content_sha256 = :sha256, content_key = :content_key, updated_at = now()
                WHERE job_id = :job
                RETURNING job_id, owner, priority
            ), first AS (
                INSERT INTO step (job_id, name, kind, queue, owner, priority, required, state, waiting_for, cost, spec)
                SELECT job_id, :step, :kind, :queue, owner, priority, true, 'READY', 0, :cost, CAST(:spec AS jsonb) FROM started
                RETURNING step_id, queue, owner, priority, cost
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, fair_start(queue, owner, cost), step_id, 0, owner FROM first
                RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, type, data
                FROM (SELECT 1 AS place, s.owner, s.job_id, 'upload.completed' AS type,
                             jsonb_build_object('upload_id', upload_id, 'kind', lower(kind), 'size', CAST(:size AS bigint)) AS data
                      FROM started s JOIN upload u USING (job_id) WHERE u.completed_at IS NULL
                      UNION ALL
                      SELECT 2, owner, job_id, 'job.uploaded', '{}'::jsonb FROM started
                      UNION ALL
                      SELECT 3, owner, job_id, 'step.ready', jsonb_build_object('step', CAST(:step AS text), 'attempt', 1) FROM started) AS happened
                ORDER BY place
            )
            SELECT pg_notify('claimcheck_ready', queue), pg_notify('claimcheck_events', '') FROM entered
            """;

    private static final String END = """
            UPDATE job SET status = :status, source_key = NULL, finished_at = now(), updated_at = now() WHERE job_id = :job
            """;

    /** The second sweep catches what a request wrote before it learned that the upload was over. */
    private static final String SWEEP_SOURCE = """
            INSERT INTO garbage (prefix, due)
            SELECT :prefix, now() + delay FROM (VALUES (interval '0'), (interval '1 minute')) AS twice (delay)
            """;

    private UploadIntake() {}

    /** Makes the job, UPLOADING. Its upload is logged with the upload's own record. */
    public static void begin(Handle handle, UploadingJob job) {
        handle.createUpdate(INSERT)
                .bind("job", job.id().value())
                .bind("owner", job.owner().value())
                .bind("filename", job.filename())
                .bind("content_type", job.contentType())
                .bind("profile", job.processing().profile())
                .bind("options", job.processing().options().toJson().toString())
                .bind("priority", job.priority().rank())
                .bind("size", job.size())
                .bind("source_key", job.sourceKey())
                .execute();
        JobEvents.append(handle, job.owner(), job.id(), "job.created", "{}");
    }

    /**
     * Starts the job: its bytes have come. Where the owner has a job of the same content already, this one becomes another name of it and its bytes are dropped.
     * Repeating it changes nothing. Empty where the job is gone.
     */
    public static Optional<Submission> start(Handle handle, JobId id, ReceivedSource source) {
        return JobRow.lock(handle, id).map(job -> {
            if (job.status() != JobStatus.UPLOADING) {
                return new Submission.Existing(id, job.status());
            }
            Fingerprint fingerprint = source.fingerprint();
            if (fingerprint != null) {
                Optional<Submission> known = JobMerging.mergeIfKnown(handle, job, fingerprint);
                if (known.isPresent()) {
                    return known.get();
                }
            }
            job.mustBecome(JobStatus.PENDING);
            handle.createQuery(START)
                    .bind("job", id.value())
                    .bind("size", source.size())
                    .bind(
                            "sha256",
                            fingerprint == null ? null : fingerprint.sha256().bytes())
                    .bind(
                            "content_key",
                            fingerprint == null
                                    ? null
                                    : fingerprint.contentKey().bytes())
                    .bind("step", source.first().name())
                    .bind("kind", source.first().kind())
                    .bind("queue", source.first().queue().wireName())
                    .bind("cost", source.first().cost())
                    .bind("spec", source.first().spec().toString())
                    .map((_, _) -> true)
                    .one();
            return new Submission.Created(id);
        });
    }

    /** Ends a job whose bytes never came; its space is given back. Does nothing to a job that is not UPLOADING. */
    public static void expire(Handle handle, JobId id) {
        end(handle, id, JobStatus.EXPIRED, "upload.expired", "job.expired");
    }

    /** Ends a job whose client gave up its upload; its space is given back. Does nothing to a job that is not UPLOADING. */
    public static void callOff(Handle handle, JobId id) {
        end(handle, id, JobStatus.CANCELLED, "upload.aborted", "job.cancelled");
    }

    private static void end(Handle handle, JobId id, JobStatus status, String uploadEvent, String jobEvent) {
        JobRow.lock(handle, id)
                .filter(job -> job.status() == JobStatus.UPLOADING)
                .ifPresent(job -> {
                    job.mustBecome(status);
                    handle.createUpdate(END)
                            .bind("status", status.name())
                            .bind("job", id.value())
                            .execute();
                    if (job.sourceKey() != null) {
                        handle.createUpdate(SWEEP_SOURCE)
                                .bind("prefix", job.sourceKey())
                                .execute();
                    }
                    JobEvents.appendWithUpload(handle, job, uploadEvent, jobEvent, "{}");
                });
    }

    /** The job that an id leads to: itself, or the one it turned out to be a duplicate of. */
    public static JobId resolve(Handle handle, JobId id) {
        return handle.createQuery("SELECT job_id FROM job_alias WHERE alias_id = :id")
                .bind("id", id.value())
                .mapTo(UUID.class)
                .findOne()
                .map(JobId::new)
                .orElse(id);
    }
}
