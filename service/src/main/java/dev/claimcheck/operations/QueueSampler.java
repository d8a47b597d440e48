package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.job.QueueName;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down every ten seconds how the queues stand, for {@link QueueHistory}. Each process of an installation tries; whoever is first does it for all. What was not written down, because no process ran, stays a
 * gap. Thread-safe.
 */
public final class QueueSampler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueSampler.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;

    /** The lock makes it one at a time; the second condition, once. A second late, so that transactions which ended in the ten seconds have committed. */
    private static final String IS_OURS = """
            SELECT pg_try_advisory_xact_lock(hashtext('claimcheck.queue_sample')) AND NOT EXISTS (
                SELECT FROM queue_sample WHERE at >= date_bin('10 seconds', now() - interval '1 second', 'epoch'))
            """;

    private static final String SAMPLE = """
            WITH slot AS (
                SELECT date_bin('10 seconds', now() - interval '1 second', 'epoch') AS until
            ), waiting AS (
                SELECT queue, count(*) AS steps, min(since) AS oldest FROM ready GROUP BY queue
            ), running AS (
                SELECT queue, count(*) AS steps, count(*) FILTER (WHERE started_at > until - interval '10 seconds' AND started_at <= until) AS started
                FROM lease, slot GROUP BY queue
            ), ended AS (
                SELECT queue, count(*) FILTER (WHERE started_at > until - interval '10 seconds' AND started_at <= until) AS started,
                       count(*) FILTER (WHERE finished_at <= until AND outcome = 'succeeded') AS finished,
                       count(*) FILTER (WHERE finished_at <= until AND outcome IN ('failed', 'retrying', 'lease_expired')) AS failed
                FROM step_attempt, slot WHERE finished_at > until - interval '10 seconds' GROUP BY queue
            )
            INSERT INTO queue_sample (at, queue, waiting, running, oldest_wait_seconds, started, finished, failed)
            SELECT until, q.queue, coalesce(w.steps, 0), coalesce(r.steps, 0),
                   coalesce(greatest(extract(epoch FROM clock_timestamp() - w.oldest), 0), 0),
                   coalesce(r.started, 0) + coalesce(e.started, 0), coalesce(e.finished, 0), coalesce(e.failed, 0)
            FROM slot, unnest(CAST(:queues AS text[])) AS q (queue)
            LEFT JOIN waiting w USING (queue) LEFT JOIN running r USING (queue) LEFT JOIN ended e USING (queue)
            """;

    private static final String PRUNE = "DELETE FROM queue_sample WHERE at < now() - interval '24 hours'";

    private final Database database;
    private final Semaphore stopped = new Semaphore(0);
    private final Thread thread;

    /** Starts at once. */
    public QueueSampler(Database database) {
        this.database = database;
        this.thread = Thread.ofVirtual().name("queue-sampler").start(this::run);
    }

    @Override
    public void close() {
        stopped.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!stopped.tryAcquire(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                sampleIfDue();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void sampleIfDue() {
        try {
            database.inTransaction(QueueSampler::sample);
        } catch (DatabaseUnavailableException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("the history of the queues has a gap");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the history of the queues has a gap until this succeeds");
        }
    }

    /** Whether this call wrote a sample. */
    static boolean sample(Handle handle) {
        boolean ours = handle.createQuery(IS_OURS).mapTo(Boolean.class).one();
        if (ours) {
            handle.createUpdate(SAMPLE)
                    .bindArray(
                            "queues",
                            String.class,
                            Arrays.stream(QueueName.values())
                                    .map(QueueName::wireName)
                                    .toArray())
                    .execute();
            handle.execute(PRUNE);
        }
        return ours;
    }
}
