package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Keeps, returns and takes back leases. Thread-safe. */
public final class Leases {
    private static final String RENEW = """
            UPDATE lease l
            SET lease_until = now() + make_interval(secs => :duration), progress = greatest(l.progress, b.fraction),
                message = coalesce(b.message, l.message)
            FROM unnest(CAST(:steps AS bigint[]), CAST(:attempts AS int[]), CAST(:fractions AS float8[]), CAST(:messages AS text[]))
                 AS b (step_id, attempt, fraction, message)
            WHERE l.step_id = b.step_id AND l.attempt = b.attempt
            """;

    private static final String HELD = """
            SELECT step_id, attempt FROM lease WHERE worker = :worker
            """;

    /** Back to the old place in the line; the job's lock is taken first, and a job that is locked is left for the next time. */
    private static final String RETURN = """
            WITH jobs AS (
                SELECT job_id FROM job
                WHERE job_id IN (SELECT s.job_id FROM step s JOIN lease l USING (step_id) WHERE <which>)
                ORDER BY job_id FOR NO KEY UPDATE SKIP LOCKED
            ), gone AS (
                DELETE FROM lease l USING step s, jobs j
                WHERE s.step_id = l.step_id AND s.job_id = j.job_id AND <which>
                RETURNING l.*, s.job_id
            ), noted AS (
            """ + AttemptLog.append("gone") + """
            ), counted AS (
                UPDATE step s SET losses = s.losses + :loss, reached = greatest(s.reached, g.progress)
                FROM gone g WHERE s.step_id = g.step_id
                RETURNING s.name
            ), swept AS (
                INSERT INTO garbage (prefix, due)
                SELECT 'jobs/' || job_id || '/' || step_id || '-' || attempt || '/', now() + delay
                FROM gone, (VALUES (interval '0'), (interval '1 minute')) AS twice (delay)
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT g.owner, g.job_id, :event, jsonb_build_object('step', s.name, 'attempt', g.attempt)
                FROM gone g JOIN step s USING (step_id)
            ), back AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, vstart, step_id, attempt, owner FROM gone
                RETURNING queue
            )
            SELECT queue FROM back
            """;

    /** Steps that lost their worker too often: the reaper's loser is the step itself. */
    private static final String TOO_MANY_LOSSES = """
            SELECT DISTINCT s.job_id FROM step s JOIN ready r USING (step_id) WHERE s.losses > :most AND s.state = 'READY'
            """;

    private static final String FAIL_LOST = """
            WITH failed AS (
                UPDATE step SET state = 'FAILED', finished_at = now(), error = CAST(:error AS jsonb)
                WHERE job_id = :job AND state = 'READY' AND losses > :most AND step_id IN (SELECT step_id FROM ready)
                RETURNING step_id, owner, job_id, name, attempt, error
            )
            INSERT INTO event (owner, job_id, type, data)
            SELECT owner, job_id, 'step.failed', error || jsonb_build_object('step', name, 'attempt', attempt) FROM failed ORDER BY step_id
            """;

    private static final String LOST_ERROR = """
            {"code": "worker_lost", "message": "The process that worked on this video ended again and again. Try once more; if it happens again, the file may be more than this machine can take.", "detail": null}""";

    private static final String PROMOTE = """
            WITH due AS (
                DELETE FROM delayed WHERE step_id IN (
                    SELECT step_id FROM delayed WHERE due <= now() ORDER BY due LIMIT 200 FOR UPDATE SKIP LOCKED)
                RETURNING queue, priority, vstart, step_id, attempt, owner
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner) SELECT * FROM due RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT s.owner, s.job_id, 'step.ready', jsonb_build_object('step', s.name, 'attempt', d.attempt + 1)
                FROM due d JOIN step s USING (step_id)
                ORDER BY d.vstart, d.step_id
            )
            SELECT queue FROM entered
            """;

    private static final String ANY_DUE = """
            SELECT EXISTS (SELECT FROM delayed WHERE due <= now()) OR EXISTS (SELECT FROM lease WHERE lease_until < now())
            """;

    private final Database database;
    private final Duration duration;

    /** Leases last {@code duration} from each renewal. */
    public Leases(Database database, Duration duration) {
        this.database = database;
        this.duration = duration;
    }

    /** Renews the reported leases with their progress and gives all that the worker still holds. */
    public Set<Lease> renew(String worker, List<LeaseReport> reports) {
        return database.inTransaction(handle -> {
            if (!reports.isEmpty()) {
                renew(handle, reports);
            }
            return handle.createQuery(HELD)
                    .bind("worker", worker)
                    .map((row, _) -> new Lease(row.getLong("step_id"), row.getInt("attempt")))
                    .set();
        });
    }

    /** Gives one step back unharmed, at once and with its old place; not counted as a retry. */
    public void release(Lease lease) {
        database.useTransaction(handle -> giveBack(handle, lease));
    }

    /** The same within a transaction that holds the job's lock. */
    static void giveBack(Handle handle, Lease lease) {
        giveBack(
                handle,
                "l.step_id = " + lease.stepId() + " AND l.attempt = " + lease.attempt(),
                0,
                "step.released",
                "");
    }

    /** Gives back everything that an earlier life of this worker held; only while it is certain that it is dead. */
    public int releaseAll(String worker) {
        return database.inTransaction(
                handle -> giveBack(handle, "l.worker = :worker", 1, "step.lease_expired", worker));
    }

    /** Whether {@link #promoteDue} or {@link #reapExpired} would find anything: far less work than to find nothing twice. */
    public boolean isAnyDue() {
        return database.withHandle(
                handle -> handle.createQuery(ANY_DUE).mapTo(Boolean.class).one());
    }

    /** Takes back leases that ran out; a step that lost its worker too often fails. Gives how many were taken back. */
    public int reapExpired() {
        int returned = database.inTransaction(
                handle -> giveBack(handle, "l.lease_until < now()", 1, "step.lease_expired", ""));
        if (returned > 0) {
            failLostTooOften();
        }
        return returned;
    }

    /** Moves delayed steps that are due into the queue. Gives how many. */
    public int promoteDue() {
        return database.inTransaction(handle -> {
            List<String> queues =
                    handle.createQuery(PROMOTE).mapTo(String.class).list();
            tell(handle, queues);
            return queues.size();
        });
    }

    /** Fails steps whose worker vanished more often than chance explains. */
    public void failLostTooOften() {
        List<UUID> jobs = database.withHandle(handle -> handle.createQuery(TOO_MANY_LOSSES)
                .bind("most", RetryPolicy.MAX_LOSSES)
                .mapTo(UUID.class)
                .list());
        for (UUID job : jobs) {
            database.useTransaction(handle -> JobRow.lock(handle, new JobId(job))
                    .filter(row -> !row.status().isTerminal())
                    .ifPresent(row -> {
                        handle.createUpdate(FAIL_LOST)
                                .bind("job", job)
                                .bind("most", RetryPolicy.MAX_LOSSES)
                                .bind("error", LOST_ERROR)
                                .execute();
                        JobEnding.failed(handle, row, LOST_ERROR, true);
                    }));
        }
    }

    private void renew(Handle handle, List<LeaseReport> reports) {
        handle.createUpdate(RENEW)
                .bind("duration", duration.toMillis() / 1000.0)
                .bindArray(
                        "steps",
                        Long.class,
                        reports.stream().map(report -> report.lease().stepId()).toArray())
                .bindArray(
                        "attempts",
                        Integer.class,
                        reports.stream().map(report -> report.lease().attempt()).toArray())
                .bindArray(
                        "fractions",
                        Double.class,
                        reports.stream().map(LeaseReport::fraction).toArray())
                .bindArray(
                        "messages",
                        String.class,
                        reports.stream().map(LeaseReport::message).toArray())
                .execute();
        JobEvents.notice(
                handle,
                JobEvents.PROGRESS_CHANNEL,
                reports.stream()
                        .map(report -> report.jobId().toString())
                        .distinct()
                        .limit(150)
                        .collect(Collectors.joining(",")));
    }

    private static int giveBack(Handle handle, String which, int loss, String event, String worker) {
        List<String> queues = handle.createQuery(RETURN)
                .define("which", which)
                .bind("loss", loss)
                .bind("event", event)
                .bind("outcome", event.substring("step.".length()))
                .bind("error", (String) null)
                .bind("log", (String) null)
                .bindMap(worker.isEmpty() ? java.util.Map.of() : java.util.Map.of("worker", worker))
                .mapTo(String.class)
                .list();
        tell(handle, queues);
        return queues.size();
    }

    private static void tell(Handle handle, List<String> queues) {
        if (!queues.isEmpty()) {
            Set.copyOf(queues).forEach(queue -> JobEvents.notice(handle, JobEvents.READY_CHANNEL, queue));
            JobEvents.notice(handle, JobEvents.EVENTS_CHANNEL, "");
        }
    }
}
