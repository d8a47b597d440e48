package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What owners may do with their jobs. Thread-safe; each call is one transaction and may be repeated without harm. */
public final class JobControl {
    private static final String CANCEL = """
            UPDATE job SET status = 'CANCELLED', source_key = NULL, finished_at = now(), updated_at = now() WHERE job_id = :job
            """;

    /** The second sweep catches what a worker wrote before it learned that it was called off. */
    private static final String SWEEP_JOB = """
            INSERT INTO garbage (prefix, due)
            SELECT prefix, now() + delay
            FROM (VALUES ('jobs/' || CAST(:job AS text) || '/'), (CAST(:source AS text))) AS unwanted (prefix),
                 (VALUES (interval '0'), (interval '1 minute')) AS twice (delay)
            WHERE prefix IS NOT NULL
            """;

    private final Database database;

    public JobControl(Database database) {
        this.database = database;
    }

    /** Calls the job off: nothing of it runs or waits any more, its objects are swept. A cancelled job stays cancelled. */
    public ControlResult cancel(OwnerId owner, JobId id) {
        return database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                .map(job -> switch (job.status()) {
                    case UPLOADING, PENDING, IN_PROGRESS -> cancelled(handle, job);
                    case CANCELLED -> new ControlResult.Done(JobStatus.CANCELLED);
                    case COMPLETED, FAILED, EXPIRED ->
                        new ControlResult.NotPossible(
                                job.status(), "The job has already ended. Delete it if you do not want to keep it.");
                })
                .orElseGet(ControlResult.NotFound::new));
    }

    /** Opens again what failed: of a FAILED job all of it, of a COMPLETED one the optional steps, while it stays COMPLETED. */
    public ControlResult retry(OwnerId owner, JobId id) {
        return database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                .map(job -> switch (job.status()) {
                    case FAILED -> reopened(handle, job);
                    case COMPLETED -> optionalStepsReopened(handle, job);
                    case UPLOADING, PENDING, IN_PROGRESS ->
                        new ControlResult.NotPossible(
                                job.status(), "The job is still being processed; there is nothing to retry yet.");
                    case CANCELLED, EXPIRED ->
                        new ControlResult.NotPossible(
                                job.status(), "The job was called off and its file is gone. Upload the file again.");
                })
                .orElseGet(ControlResult.NotFound::new));
    }

    /**
     * Opens one step again that failed: an optional one alone, while its job goes on or stays COMPLETED; with a required one, which has taken the job with it, the whole job as {@link #retry} does.
     *
     * @param step its name, such as {@code storyboard}
     */
    public ControlResult retryStep(OwnerId owner, JobId id, String step) {
        return database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                .map(job -> {
                    Optional<StepBacklog.Standing> standing = StepBacklog.standing(handle, job.id(), step);
                    if (standing.isEmpty()) {
                        return new ControlResult.NotFound();
                    }
                    if (!standing.get().failed()) {
                        return new ControlResult.NotPossible(
                                job.status(), "The step \"" + step + "\" has not failed; there is nothing to retry.");
                    }
                    return switch (job.status()) {
                        case FAILED -> reopened(handle, job);
                        case PENDING, IN_PROGRESS, COMPLETED ->
                            stepReopened(handle, job, standing.get().id(), step);
                        case UPLOADING, CANCELLED, EXPIRED ->
                            new ControlResult.NotPossible(
                                    job.status(),
                                    "The job was called off and its file is gone. Upload the file again.");
                    };
                })
                .orElseGet(ControlResult.NotFound::new));
    }

    /** Removes the job with everything that belongs to it, whatever its status. */
    public ControlResult delete(OwnerId owner, JobId id) {
        return database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                .map(job -> {
                    StepBacklog.clear(handle, job.id());
                    JobOutputs.leaveOthers(handle, job.id());
                    sweep(handle, job);
                    ended(handle, job, "job.deleted");
                    handle.createUpdate("DELETE FROM job WHERE job_id = :job")
                            .bind("job", job.id().value())
                            .execute();
                    return (ControlResult) new ControlResult.Done(JobStatus.CANCELLED);
                })
                .orElseGet(ControlResult.NotFound::new));
    }

    private static ControlResult cancelled(Handle handle, JobRow job) {
        job.mustBecome(JobStatus.CANCELLED);
        handle.createUpdate(CANCEL).bind("job", job.id().value()).execute();
        StepBacklog.clear(handle, job.id());
        JobOutputs.remove(handle, job.id());
        sweep(handle, job);
        ended(handle, job, "job.cancelled");
        return new ControlResult.Done(JobStatus.CANCELLED);
    }

    private static ControlResult reopened(Handle handle, JobRow job) {
        if (job.sourceKey() == null) {
            return new ControlResult.NotPossible(
                    job.status(), "The uploaded file is gone. Upload it again; what succeeded is kept.");
        }
        JobReopening.reopen(handle, job, job.sourceKey());
        return new ControlResult.Done(JobStatus.PENDING);
    }

    private static ControlResult optionalStepsReopened(Handle handle, JobRow job) {
        if (job.sourceKey() == null || StepBacklog.reopen(handle, job.id(), true) == 0) {
            return new ControlResult.NotPossible(job.status(), "Everything has succeeded; there is nothing to retry.");
        }
        JobEvents.append(handle, job, "job.retried", "{}");
        return new ControlResult.Done(job.status());
    }

    /** The upload of a job that still waits for its file ends with it. */
    private static void ended(Handle handle, JobRow job, String type) {
        if (job.status() == JobStatus.UPLOADING) {
            JobEvents.appendWithUpload(handle, job, "upload.aborted", type, "{}");
        } else {
            JobEvents.append(handle, job, type, "{}");
        }
    }

    private static ControlResult stepReopened(Handle handle, JobRow job, long id, String step) {
        if (job.sourceKey() == null) {
            return new ControlResult.NotPossible(
                    job.status(),
                    "The uploaded file is gone, so this step cannot be done again. Upload the file again.");
        }
        StepBacklog.open(handle, new Long[] {id}, true);
        ObjectNode data = JsonMapper.shared().createObjectNode().put("step", step);
        JobEvents.append(handle, job, "job.retried", data.toString());
        return new ControlResult.Done(job.status());
    }

    private static void sweep(Handle handle, JobRow job) {
        handle.createUpdate(SWEEP_JOB)
                .bind("job", job.id().toString())
                .bind("source", job.sourceKey())
                .execute();
    }
}
