package dev.claimcheck.job;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Steps enter, open, re-open and leave a job here. The caller holds the job's lock. */
final class StepBacklog {
    private static final String INSERT_STEP = """
            INSERT INTO step (job_id, name, kind, queue, owner, priority, required, state, waiting_for, cost, spec, work, opens)
            SELECT job_id, :name, :kind, :queue, owner, priority, :required, 'SKIPPED', 0, :cost, CAST(:spec AS jsonb), nullif(:work, ''), :opens
            FROM job WHERE job_id = :job
            RETURNING step_id
            """;

    private static final String INSERT_NEED = """
            INSERT INTO step_need (step_id, needs_step_id)
            SELECT :step, step_id FROM step WHERE job_id = :job AND name = :need
            """;

    /** Steps open in the state that their needs allow; those that need nothing more enter the queue. All of it is logged at once. */
    private static final String OPEN = """
            WITH opened AS (
                UPDATE step s
                SET waiting_for = open_needs.count,
                    state = CASE WHEN open_needs.count = 0 THEN 'READY' ELSE 'WAITING' END,
                    retries = 0, losses = 0, reached = 0, error = NULL, started_at = NULL, finished_at = NULL
                FROM (SELECT t.step_id,
                             count(p.step_id) FILTER (WHERE p.state IN ('WAITING', 'READY', 'FAILED', 'CANCELLED')
                                                         OR p.step_id = ANY (:steps))::int AS count
                      FROM step t
                      LEFT JOIN step_need n ON n.step_id = t.step_id
                      LEFT JOIN step p ON p.step_id = n.needs_step_id
                      WHERE t.step_id = ANY (:steps)
                      GROUP BY t.step_id) open_needs
                WHERE s.step_id = open_needs.step_id
                RETURNING s.step_id, s.job_id, s.name, s.queue, s.owner, s.priority, s.attempt, s.cost, s.waiting_for
            ), ordered AS (
                SELECT * FROM opened WHERE waiting_for = 0 ORDER BY queue, owner, step_id
            ), entered AS (
                INSERT INTO ready (queue, priority, vstart, step_id, attempt, owner)
                SELECT queue, priority, fair_start(queue, owner, cost), step_id, attempt, owner FROM ordered
                RETURNING queue
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, type, jsonb_build_object('step', name, 'attempt', attempt + 1)
                FROM (SELECT 1 AS place, opened.*, 'step.reopened' AS type FROM opened WHERE :reopened
                      UNION ALL
                      SELECT 2, opened.*, 'step.ready' FROM opened WHERE waiting_for = 0) AS happened
                ORDER BY place, step_id
            )
            SELECT pg_notify('claimcheck_ready', queue) FROM (SELECT DISTINCT queue FROM entered) AS queues
            UNION ALL
            SELECT pg_notify('claimcheck_events', '')
            """;

    private static final String CANCEL = """
            WITH cancelled AS (
                UPDATE step SET state = 'CANCELLED', finished_at = now() WHERE job_id = :job AND state IN ('WAITING', 'READY')
                RETURNING step_id, owner, job_id, name, attempt
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, 'step.cancelled', jsonb_build_object('step', name, 'attempt', attempt) FROM cancelled ORDER BY step_id
            )
            SELECT pg_notify('claimcheck_cancel', CAST(:job AS text)), pg_notify('claimcheck_events', '')
            """;

    private static final String STEPS_TO_REOPEN = """
            SELECT step_id FROM step
            WHERE job_id = :job AND state IN ('FAILED', 'CANCELLED') AND NOT (:only_optional AND required)
            """;

    private static final String SWEEP_RUNNING_ATTEMPTS = """
            INSERT INTO garbage (prefix, due)
            SELECT 'jobs/' || s.job_id || '/' || l.step_id || '-' || l.attempt || '/', now() + delay
            FROM step s JOIN lease l USING (step_id), (VALUES (interval '0'), (interval '1 minute')) AS twice (delay)
            WHERE s.job_id = :job
            """;

    private static final String END_ATTEMPTS = """
            WITH gone AS (
                DELETE FROM lease WHERE step_id IN (SELECT step_id FROM step WHERE job_id = :job) RETURNING *
            )
            """ + AttemptLog.append("gone");

    /** A later attempt must never get the number of an earlier one: its outputs would mix with what a lost worker still writes. */
    private static final String KEEP_ATTEMPTS = """
            UPDATE step s SET attempt = used.attempt
            FROM (SELECT step_id, max(attempt) AS attempt
                  FROM (SELECT step_id, attempt FROM lease UNION ALL SELECT step_id, attempt FROM ready
                        UNION ALL SELECT step_id, attempt FROM delayed) AS queued
                  WHERE step_id IN (SELECT step_id FROM step WHERE job_id = :job)
                  GROUP BY step_id) used
            WHERE s.step_id = used.step_id AND s.attempt < used.attempt
            """;

    private StepBacklog() {}

    /** Adds the steps of a plan and opens them. */
    static void add(Handle handle, JobId job, List<PlannedStep> plan) {
        Map<String, Long> ids = new HashMap<>();
        Map<String, Double> opens = OpenedWork.of(plan);
        for (PlannedStep step : plan) {
            long id = handle.createQuery(INSERT_STEP)
                    .bind("job", job.value())
                    .bind("name", step.name())
                    .bind("kind", step.kind())
                    .bind("queue", step.queue().wireName())
                    .bind("required", step.required())
                    .bind("cost", step.cost())
                    .bind("spec", step.spec().toString())
                    .bind("work", step.work())
                    .bind("opens", opens.getOrDefault(step.name(), 0.0))
                    .mapTo(Long.class)
                    .one();
            ids.put(step.name(), id);
        }
        for (PlannedStep step : plan) {
            for (String need : step.needs()) {
                int found = handle.createUpdate(INSERT_NEED)
                        .bind("step", Optional.ofNullable(ids.get(step.name())).orElseThrow())
                        .bind("job", job.value())
                        .bind("need", need)
                        .execute();
                if (found != 1) {
                    throw new IllegalArgumentException(
                            "step " + step.name() + " needs " + need + ", which the job does not have");
                }
            }
        }
        open(handle, ids.values().toArray(Long[]::new), false);
    }

    /** Opens again what failed or was called off; with {@code onlyOptional} just the optional steps. Gives how many. */
    static int reopen(Handle handle, JobId job, boolean onlyOptional) {
        Long[] steps = handle.createQuery(STEPS_TO_REOPEN)
                .bind("job", job.value())
                .bind("only_optional", onlyOptional)
                .mapTo(Long.class)
                .list()
                .toArray(Long[]::new);
        open(handle, steps, true);
        return steps.length;
    }

    /** Whether a step has failed for good. */
    record Standing(long id, boolean failed) {}

    /** How the job's step of that name stands; empty where it has none. */
    static Optional<Standing> standing(Handle handle, JobId job, String step) {
        return handle.createQuery("SELECT step_id, state FROM step WHERE job_id = :job AND name = :step")
                .bind("job", job.value())
                .bind("step", step)
                .map((row, _) -> new Standing(
                        row.getLong("step_id"), row.getString("state").equals("FAILED")))
                .findOne();
    }

    /** Takes every row of the job out of the queue, in the order in which a step flows; running attempts lose their lease. */
    static void clear(Handle handle, JobId job) {
        handle.createUpdate(SWEEP_RUNNING_ATTEMPTS).bind("job", job.value()).execute();
        handle.createUpdate(KEEP_ATTEMPTS).bind("job", job.value()).execute();
        for (String table : List.of("delayed", "ready")) {
            handle.createUpdate("DELETE FROM <table> WHERE step_id IN (SELECT step_id FROM step WHERE job_id = :job)")
                    .define("table", table)
                    .bind("job", job.value())
                    .execute();
        }
        handle.createUpdate(END_ATTEMPTS)
                .bind("job", job.value())
                .bind("outcome", "cancelled")
                .bind("error", (String) null)
                .bind("log", (String) null)
                .execute();
        handle.createQuery(CANCEL).bind("job", job.value()).map((_, _) -> true).one();
    }

    /**
     * Opens these steps in the state that their needs allow; also such as have succeeded.
     *
     * @param reopened whether the log is to say that they had been closed; false where they are new, or the caller has said it
     */
    static void open(Handle handle, Long[] steps, boolean reopened) {
        handle.createQuery(OPEN)
                .bindArray("steps", Long.class, (Object[]) steps)
                .bind("reopened", reopened)
                .mapTo(String.class)
                .list();
    }
}
