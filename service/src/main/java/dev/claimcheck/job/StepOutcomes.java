package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Records how attempts ended, each in one transaction that first locks the job and then checks the lease: an outcome whose lease
 * no longer stands is refused and changes nothing. Thread-safe.
 */
public final class StepOutcomes {
    private static final JsonMapper JSON = JsonMapper.shared();

    private static final String LEASE_STANDS = """
            SELECT 1 FROM lease WHERE step_id = :step AND attempt = :attempt FOR UPDATE
            """;

    /** Ends the step, opens what waited for it alone, and says so in the log: one statement. */
    private static final String END = """
            WITH held AS (
                DELETE FROM lease WHERE step_id = :step AND attempt = :attempt
                RETURNING step_id, attempt, worker, started_at
            ), ended AS (
                UPDATE step s
                SET state = :state, attempt = h.attempt, result = CAST(:result AS jsonb), error = CAST(:error AS jsonb),
                    worker = h.worker, started_at = h.started_at, finished_at = now()
                FROM held h WHERE s.step_id = h.step_id
                RETURNING s.step_id, s.job_id, s.owner, s.name, s.attempt
            ), opened AS (
                UPDATE step n
                SET waiting_for = n.waiting_for - 1, state = CASE WHEN n.waiting_for = 1 THEN 'READY' ELSE n.state END
                FROM ended e JOIN step_need d ON d.needs_step_id = e.step_id
                WHERE n.step_id = d.step_id AND n.state = 'WAITING'
                RETURNING n.step_id, n.queue, n.owner, n.priority, n.attempt, n.cost, n.waiting_for
            ), ordered AS (
                SELECT * FROM opened WHERE waiting_for = 0 ORDER BY queue, owner, step_id
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, fair_start(queue, owner, cost), step_id, attempt, owner FROM ordered
                RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, :event, jsonb_build_object('step', name, 'attempt', attempt) FROM ended
            )
            SELECT DISTINCT queue FROM entered
            """;

    /** A later step's output takes the place of an earlier one's, as all of the sound does of its beginning; also where the earlier one is made again after it. */
    private static final String INSERT_OUTPUT = """
            INSERT INTO output (job_id, path, step_id, object_key, content_type, size_bytes)
            VALUES (:job, :path, :step, :key, :type, :size)
            ON CONFLICT (job_id, path) DO UPDATE
            SET step_id = excluded.step_id, object_key = excluded.object_key, content_type = excluded.content_type,
                size_bytes = excluded.size_bytes
            WHERE output.step_id <= excluded.step_id
            """;

    private static final String RETRY = """
            WITH held AS (
                DELETE FROM lease WHERE step_id = :step AND attempt = :attempt RETURNING *
            ), waiting AS (
                INSERT INTO delayed (step_id, due, queue, priority, vstart, attempt, owner)
                SELECT step_id, now() + make_interval(secs => :delay), queue, priority, vstart, attempt, owner FROM held
            )
            UPDATE step s SET retries = s.retries + 1, attempt = h.attempt, error = CAST(:error AS jsonb),
                reached = greatest(s.reached, h.progress)
            FROM held h WHERE s.step_id = h.step_id
            """;

    private final Database database;
    private final RetryPolicy retries;
    private final SourceRetention retention;
    private final RandomGenerator random;

    public StepOutcomes(Database database, RetryPolicy retries, SourceRetention retention, RandomGenerator random) {
        this.database = database;
        this.retries = retries;
        this.retention = retention;
        this.random = random;
    }

    /** Records success: the step's outputs, plan and metadata become visible. False when the lease no longer stood. */
    public boolean complete(LeasedStep step, StepOutcome.Succeeded success) {
        return database.inTransaction(handle -> {
            Optional<JobRow> job = JobRow.lock(handle, step.jobId());
            if (job.isEmpty() || !leaseStands(handle, step.lease())) {
                return false;
            }
            Optional<Submission> duplicateOf =
                    success.fingerprint().flatMap(found -> JobMerging.recordOrMerge(handle, job.get(), found));
            if (duplicateOf.isPresent()) {
                UploadProofs.record(handle, duplicateOf.get().jobId(), success.proofs());
                return true; // The job is another one's now, and this step with it.
            }
            UploadProofs.record(handle, step.jobId(), success.proofs());
            StepBacklog.add(handle, step.jobId(), success.plan());
            end(handle, step, "SUCCEEDED", success.result().toString(), null, "step.succeeded");
            StepRemaking.dropEarlier(handle, step);
            for (Output output : success.outputs()) {
                insertOutput(handle, step, output);
            }
            success.metadata()
                    .ifPresent(metadata -> handle.createUpdate(
                                    "UPDATE job SET metadata = CAST(:metadata AS jsonb) WHERE job_id = :job")
                            .bind("metadata", metadata.toString())
                            .bind("job", step.jobId().value())
                            .execute());
            JobEnding.warningResolved(handle, step.jobId(), step.name());
            JobEnding.advance(handle, job.get(), retention);
            return true;
        });
    }

    /**
     * Records trouble: the step is tried again later, or, where its retries are used up, fails; then a retry by the owner is
     * allowed. False when the lease no longer stood.
     */
    public boolean retryLater(LeasedStep step, StepError error) {
        return database.inTransaction(handle -> {
            Optional<JobRow> job = JobRow.lock(handle, step.jobId());
            if (job.isEmpty() || !leaseStands(handle, step.lease())) {
                return false;
            }
            int used = retriesUsed(handle, step);
            sweep(handle, step);
            if (!retries.allows(used)) {
                fail(handle, job.get(), step, error, true);
                return true;
            }
            Duration delay = retries.delay(used, random);
            handle.createUpdate(RETRY)
                    .bind("step", step.lease().stepId())
                    .bind("attempt", step.lease().attempt())
                    .bind("delay", delay.toMillis() / 1000.0)
                    .bind("error", json(error, step).toString())
                    .execute();
            ObjectNode data = json(error, step);
            data.put("attempt", step.lease().attempt()).put("retry_in_seconds", delay.toMillis() / 1000.0);
            JobEvents.append(handle, job.get(), "step.retrying", data.toString());
            return true;
        });
    }

    /** Records that earlier steps' work is lost or damaged: they do it again at once, as long as this step has retries left. False when the lease no longer stood. */
    public boolean makeAgain(LeasedStep step, StepOutcome.MadeBadly badly) {
        return database.inTransaction(handle -> {
            Optional<JobRow> job = JobRow.lock(handle, step.jobId());
            if (job.isEmpty() || !leaseStands(handle, step.lease())) {
                return false;
            }
            int used = retriesUsed(handle, step);
            sweep(handle, step);
            if (!retries.allows(used)
                    || !StepRemaking.reopen(
                            handle, job.get(), step, badly.paths(), used + 1, json(badly.error(), step))) {
                fail(handle, job.get(), step, badly.error(), true);
            }
            return true;
        });
    }

    private static int retriesUsed(Handle handle, LeasedStep step) {
        return handle.createQuery("SELECT retries FROM step WHERE step_id = :step")
                .bind("step", step.lease().stepId())
                .mapTo(Integer.class)
                .one();
    }

    /** Records that the input is at fault. False when the lease no longer stood. */
    public boolean failForGood(LeasedStep step, StepError error) {
        return database.inTransaction(handle -> {
            Optional<JobRow> job = JobRow.lock(handle, step.jobId());
            if (job.isEmpty() || !leaseStands(handle, step.lease())) {
                return false;
            }
            sweep(handle, step);
            fail(handle, job.get(), step, error, false);
            return true;
        });
    }

    private void fail(Handle handle, JobRow job, LeasedStep step, StepError error, boolean retryAllowed) {
        ObjectNode json = json(error, step);
        boolean required = handle.createQuery("SELECT required FROM step WHERE step_id = :step")
                .bind("step", step.lease().stepId())
                .mapTo(Boolean.class)
                .one();
        end(handle, step, "FAILED", null, json.toString(), "step.failed");
        if (required) {
            JobEnding.failed(handle, job, json.toString(), retryAllowed);
        } else {
            JobEnding.warned(handle, job.id(), json.toString());
            JobEnding.advance(handle, job, retention);
        }
    }

    private static void end(
            Handle handle,
            LeasedStep step,
            String state,
            @org.jspecify.annotations.Nullable String result,
            @org.jspecify.annotations.Nullable String error,
            String event) {
        List<String> queues = handle.createQuery(END)
                .bind("step", step.lease().stepId())
                .bind("attempt", step.lease().attempt())
                .bind("state", state)
                .bind("result", result)
                .bind("error", error)
                .bind("event", event)
                .mapTo(String.class)
                .list();
        queues.forEach(queue -> JobEvents.notice(handle, JobEvents.READY_CHANNEL, queue));
        JobEvents.notice(handle, JobEvents.EVENTS_CHANNEL, "");
    }

    private static boolean leaseStands(Handle handle, Lease lease) {
        return handle.createQuery(LEASE_STANDS)
                .bind("step", lease.stepId())
                .bind("attempt", lease.attempt())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private static void insertOutput(Handle handle, LeasedStep step, Output output) {
        handle.createUpdate(INSERT_OUTPUT)
                .bind("job", step.jobId().value())
                .bind("path", output.path())
                .bind("step", step.lease().stepId())
                .bind("key", output.objectKey())
                .bind("type", output.contentType())
                .bind("size", output.size())
                .execute();
    }

    private static void sweep(Handle handle, LeasedStep step) {
        handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:prefix)")
                .bind("prefix", step.outputPrefix())
                .execute();
    }

    private static ObjectNode json(StepError error, LeasedStep step) {
        return JSON.createObjectNode()
                .put("code", error.code())
                .put("message", error.message())
                .put("detail", error.detail())
                .put("step", step.name());
    }
}
