package dev.claimcheck.queue.postgres;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.Lease;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.queue.StepQueue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** {@link StepQueue} on the tables {@code ready} and {@code lease}. */
public final class PostgresStepQueue implements StepQueue {
    private static final JsonMapper JSON = JsonMapper.shared();

    /**
     * Moves rows from {@code ready} to {@code lease} in the order of the queue. The queue's name stands literally in the text: under a
     * forced generic plan a bound one costs a hundred times as much. A job that is locked (being cancelled, say) keeps its status;
     * whoever holds it takes the lease away in the same transaction.
     */
    private static final String CLAIM = """
            WITH picked AS (
                DELETE FROM ready WHERE ctid = ANY (ARRAY(
                    SELECT ctid FROM ready WHERE queue = <queue>
                    ORDER BY priority, vstart, step_id LIMIT :limit FOR UPDATE SKIP LOCKED))
                RETURNING queue, priority, vstart, step_id, attempt, owner, since
            ), leased AS (
                INSERT INTO lease (step_id, attempt, queue, priority, vstart, owner, worker, ready_at, lease_until)
                SELECT step_id, attempt + 1, queue, priority, vstart, owner, :worker, since, now() + make_interval(secs => :duration)
                FROM picked
                RETURNING step_id, attempt, owner, priority, vstart
            ), begun AS (
                UPDATE job SET status = 'IN_PROGRESS', started_at = coalesce(started_at, now()), updated_at = now()
                WHERE job_id IN (SELECT job_id FROM job
                                 WHERE job_id IN (SELECT s.job_id FROM step s JOIN leased USING (step_id)) AND status = 'PENDING'
                                 ORDER BY job_id FOR NO KEY UPDATE SKIP LOCKED)
                RETURNING job_id, owner
            ), logged AS (
                INSERT INTO event (owner, job_id, type, data)
                SELECT owner, job_id, 'job.started', '{}'::jsonb FROM begun
                UNION ALL
                SELECT l.owner, s.job_id, 'step.started', jsonb_build_object('step', s.name, 'attempt', l.attempt)
                FROM leased l JOIN step s USING (step_id)
                RETURNING event_id
            ), told AS (
                SELECT pg_notify('claimcheck_events', '') FROM (SELECT count(*) AS events FROM logged) AS appended WHERE events > 0
            )
            SELECT s.step_id, l.attempt, s.job_id, s.owner, s.name, s.kind, s.queue, s.spec, s.cost, j.source_key, j.filename, j.profile, j.options,
                   (SELECT count(*) FROM told) AS told
            FROM leased l JOIN step s USING (step_id) JOIN job j USING (job_id)
            ORDER BY l.priority, l.vstart, s.step_id
            """;

    private final Database database;
    private final Duration leaseDuration;
    private final Map<QueueName, Semaphore> arrivals = new EnumMap<>(QueueName.class);

    public PostgresStepQueue(Database database, Notifications notifications, Duration leaseDuration) {
        this.database = database;
        this.leaseDuration = leaseDuration;
        for (QueueName queue : QueueName.values()) {
            arrivals.put(queue, new Semaphore(0));
        }
        notifications.listen("claimcheck_ready", name -> arrived(QueueName.ofWireName(name)));
        notifications.onGap(() -> arrivals.keySet().forEach(this::arrived));
    }

    @Override
    public List<LeasedStep> claim(QueueName queue, String worker, int limit) {
        return database.inTransaction(handle -> handle.createQuery(CLAIM)
                .define("queue", "'" + queue.wireName() + "'")
                .bind("limit", limit)
                .bind("worker", worker)
                .bind("duration", leaseDuration.toMillis() / 1000.0)
                .map((row, _) -> step(row))
                .list());
    }

    @Override
    public void awaitWork(QueueName queue, Duration timeout) throws InterruptedException {
        Semaphore arrival = arrivals(queue);
        if (arrival.tryAcquire(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
            arrival.drainPermits();
        }
    }

    private void arrived(QueueName queue) {
        arrivals(queue).release();
    }

    private Semaphore arrivals(QueueName queue) {
        return Optional.ofNullable(arrivals.get(queue)).orElseThrow();
    }

    private static LeasedStep step(ResultSet row) throws SQLException {
        return new LeasedStep(
                new Lease(row.getLong("step_id"), row.getInt("attempt")),
                new JobId(row.getObject("job_id", UUID.class)),
                new OwnerId(row.getString("owner")),
                row.getString("name"),
                row.getString("kind"),
                QueueName.ofWireName(row.getString("queue")),
                JSON.readTree(row.getString("spec")),
                row.getDouble("cost"),
                Optional.ofNullable(row.getString("source_key")).orElse(""),
                row.getString("filename"),
                new Processing(row.getString("profile"), JobOptions.fromJson(JSON.readTree(row.getString("options")))));
    }
}
