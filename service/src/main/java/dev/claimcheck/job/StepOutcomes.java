package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
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

    /** Ends the step, opens what waited for it alone, and says so in the log and to who waits for steps: one statement. */
    private static final String END = """
            WITH held AS (
                DELETE FROM lease WHERE step_id = :step AND attempt = :attempt
                RETURNING *
            ), noted AS (
            """ + AttemptLog.append("held") + """
            ), ended AS (
                UPDATE step s
                SET state = :state, attempt = h.attempt, result = CAST(:result AS jsonb), error = CAST(:error AS jsonb),
                    products_made = :made, products_reused = :reused, worker = h.worker, started_at = h.started_at, finished_at = now()
                FROM held h WHERE s.step_id = h.step_id
                RETURNING s.step_id, s.job_id, s.owner, s.name, s.attempt
            ), opened AS (
                UPDATE step n
                SET waiting_for = n.waiting_for - 1, state = CASE WHEN n.waiting_for = 1 THEN 'READY' ELSE n.state END
                FROM ended e JOIN step_need d ON d.needs_step_id = e.step_id
                WHERE n.step_id = d.step_id AND n.state = 'WAITING'
                RETURNING n.step_id, n.job_id, n.name, n.queue, n.owner, n.priority, n.attempt, n.cost, n.waiting_for
            ), ordered AS (
                SELECT * FROM opened WHERE waiting_for = 0 ORDER BY queue, owner, step_id
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, fair_start(queue, owner, cost), step_id, attempt, owner FROM ordered
                RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, type, data
                FROM (SELECT 0::bigint AS place, owner, job_id, CAST(:event AS text) AS type,
                             coalesce(CAST(:error AS jsonb), '{}') || jsonb_build_object('step', name, 'attempt', attempt) AS data
                      FROM ended
                      UNION ALL
                      SELECT step_id, owner, job_id, 'step.ready', jsonb_build_object('step', name, 'attempt', attempt + 1) FROM ordered) AS happened
                ORDER BY place
            )
            SELECT pg_notify('claimcheck_ready', queue) FROM (SELECT DISTINCT queue FROM entered) AS queues
            UNION ALL
            SELECT pg_notify('claimcheck_events', '')
            """;

    private static final String RETRY = """
            WITH held AS (
                DELETE FROM lease WHERE step_id = :step AND attempt = :attempt RETURNING *
            ), noted AS (
            """ + AttemptLog.append("held") + """
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
    private final ProductCounts products = new ProductCounts();

    public StepOutcomes(Database database, RetryPolicy retries, SourceRetention retention, RandomGenerator random) {
        this.database = database;
        this.retries = retries;
        this.retention = retention;
        this.random = random;
    }

    /** What has been made and reused since the start. */
    public ProductCounts products() {
        return products;
    }

    /**
     * Records success: the step's outputs, plan and metadata become visible. False when the lease no longer stood, and when something that was to be taken over from another job is gone meanwhile: then the
     * step goes back to the queue at once, unharmed.
     */
    public boolean complete(LeasedStep step, StepOutcome.Succeeded success) {
        boolean recorded = database.inTransaction(handle -> {
            Optional<JobRow> job = JobOutputs.lock(handle, step.jobId(), success.products());
            if (job.isEmpty() || !leaseStands(handle, step.lease())) {
                return false;
            }
            Optional<List<Product>> handedIn = JobOutputs.settled(handle, success.products());
            if (handedIn.isEmpty()) {
                Leases.giveBack(handle, step.lease());
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
            end(handle, step, "SUCCEEDED", success.result().toString(), null, null, success.products());
            StepRemaking.dropEarlier(handle, step);
            JobOutputs.record(handle, step, success.outputs(), handedIn.get());
            success.metadata()
                    .ifPresent(metadata -> handle.createUpdate(
                                    "UPDATE job SET metadata = CAST(:metadata AS jsonb) WHERE job_id = :job")
                            .bind("metadata", metadata.toString())
                            .bind("job", step.jobId().value())
                            .execute());
            if (success.offers(JobEnding.PLAYABLE)) {
                JobEnding.playable(handle, step.jobId());
            }
            JobEnding.warningResolved(handle, step.jobId(), step.name());
            JobEnding.advance(handle, job.get(), retention);
            return true;
        });
        if (recorded) {
            products.add(success.products());
        }
        return recorded;
    }

    /** Has the sweeper look at what a refused attempt wrote: its keys carry its own number, so it is nobody's, unless the attempt was recorded after all and only the answer was lost. */
    public void disown(LeasedStep step) {
        database.useTransaction(handle -> sweep(handle, step));
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
                    .bind("outcome", "retrying")
                    .bind("error", json(error, step).toString())
                    .bind("log", error.log())
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
        end(handle, step, "FAILED", null, json.toString(), error.log(), List.of());
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
            @Nullable String result,
            @Nullable String error,
            @Nullable String log,
            List<Product> products) {
        String outcome = state.toLowerCase(Locale.ROOT);
        int reused = (int) products.stream().filter(Product::isReused).count();
        handle.createQuery(END)
                .bind("step", step.lease().stepId())
                .bind("attempt", step.lease().attempt())
                .bind("state", state)
                .bind("result", result)
                .bind("error", error)
                .bind("log", log)
                .bind("outcome", outcome)
                .bind("event", "step." + outcome)
                .bind("made", products.size() - reused)
                .bind("reused", reused)
                .mapTo(String.class)
                .list();
    }

    private static boolean leaseStands(Handle handle, Lease lease) {
        return handle.createQuery(LEASE_STANDS)
                .bind("step", lease.stepId())
                .bind("attempt", lease.attempt())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
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
