package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Hands out deliveries that are due, each to one process at a time, and no endpoint more than its share. Thread-safe. */
final class DeliveryQueue {
    /** Told, with no payload, that something has become due. */
    static final String CHANNEL = "claimcheck_webhooks";

    /** Whoever claims for an endpoint holds its row until what it has claimed is committed. What somebody else is claiming for is left to that. */
    private static final String LOCK = """
            SELECT e.endpoint_id FROM webhook_endpoint e
            WHERE e.disabled_at IS NULL AND (e.open_until IS NULL OR e.open_until <= now())
              AND EXISTS (SELECT FROM webhook_delivery w
                          WHERE w.endpoint_id = e.endpoint_id AND w.status = 'WAITING' AND w.next_attempt_at <= now()
                            AND (w.claimed_until IS NULL OR w.claimed_until <= now()))
            FOR NO KEY UPDATE OF e SKIP LOCKED
            """;

    /**
     * Only of endpoints that are locked already: a statement sees what was committed before it began, so that within one that also locks, the claims of whoever held the lock until then would not count. An endpoint whose circuit was
     * open gets one delivery at a time, until one succeeds.
     */
    private static final String CLAIM = """
            WITH due AS (
                SELECT d.delivery_id
                FROM (SELECT e.endpoint_id,
                             CASE WHEN e.failures >= :failures_to_open THEN 1 ELSE :concurrency END
                             - (SELECT count(*)::int FROM webhook_delivery c WHERE c.endpoint_id = e.endpoint_id AND c.claimed_until > now()) AS room
                      FROM webhook_endpoint e
                      WHERE e.endpoint_id = ANY (:endpoints) AND e.disabled_at IS NULL AND (e.open_until IS NULL OR e.open_until <= now())) AS able
                CROSS JOIN LATERAL (
                    SELECT delivery_id FROM webhook_delivery
                    WHERE endpoint_id = able.endpoint_id AND status = 'WAITING' AND next_attempt_at <= now()
                      AND (claimed_until IS NULL OR claimed_until <= now())
                    ORDER BY next_attempt_at, delivery_id LIMIT greatest(able.room, 0) FOR NO KEY UPDATE SKIP LOCKED) AS d
                LIMIT :limit
            ), claimed AS (
                UPDATE webhook_delivery d
                SET attempts = d.attempts + 1, claimed_by = :process, claimed_until = now() + make_interval(secs => :held)
                FROM due WHERE d.delivery_id = due.delivery_id
                RETURNING d.*
            )
            SELECT c.*, e.url,
                   ARRAY(SELECT s.sealed FROM webhook_secret s
                         WHERE s.endpoint_id = c.endpoint_id AND (s.expires_at IS NULL OR s.expires_at > now()) ORDER BY s.secret_id DESC) AS secrets
            FROM claimed c JOIN webhook_endpoint e USING (endpoint_id)
            ORDER BY c.delivery_id
            """;

    private static final String RELEASE = """
            UPDATE webhook_delivery SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = :process
            """;

    /** When something that waits becomes due, in seconds. What is due already could not be claimed just now: it has to wait until something ends, and that is told. */
    private static final String NEXT = """
            SELECT extract(epoch FROM min(due) - now())::float8
            FROM (SELECT greatest(d.next_attempt_at, d.claimed_until, e.open_until) AS due
                  FROM webhook_endpoint e JOIN webhook_delivery d USING (endpoint_id)
                  WHERE e.disabled_at IS NULL AND d.status = 'WAITING' AND d.next_attempt_at <= now() + interval '10 seconds') AS waiting
            WHERE due > now()
            """;

    private final Database database;
    private final String process;
    private final int concurrency;
    private final Duration held;

    /**
     * @param process tells this process apart from all others, also after a restart
     * @param held how long a claim lasts: longer than a try can take
     */
    DeliveryQueue(Database database, String process, int concurrency, Duration held) {
        this.database = database;
        this.process = process;
        this.concurrency = concurrency;
        this.held = held;
    }

    /** Claims what is due, at most {@code limit}. */
    List<ClaimedDelivery> claim(int limit) {
        return database.inTransaction(handle -> {
            List<UUID> endpoints = handle.createQuery(LOCK).mapTo(UUID.class).list();
            if (endpoints.isEmpty()) {
                return List.of();
            }
            return handle.createQuery(CLAIM)
                    .bindArray("endpoints", UUID.class, endpoints)
                    .bind("failures_to_open", BackOff.FAILURES_TO_OPEN)
                    .bind("concurrency", concurrency)
                    .bind("limit", limit)
                    .bind("process", process)
                    .bind("held", held.toMillis() / 1000.0)
                    .map((row, _) -> delivery(row))
                    .list();
        });
    }

    /** Lets go of what an earlier life of this process had claimed; only while it is certain that it is dead. */
    int releaseAll() {
        return database.inTransaction(
                handle -> handle.createUpdate(RELEASE).bind("process", process).execute());
    }

    /** How long nothing will be due unless something happens; at most {@code most}. */
    Duration untilNext(Duration most) {
        Optional<Double> seconds = database.withHandle(
                handle -> handle.createQuery(NEXT).mapTo(Double.class).findOne());
        long millis = seconds.map(next -> (long) Math.ceil(next * 1000)).orElse(most.toMillis());
        return Duration.ofMillis(Math.clamp(millis, 10, most.toMillis()));
    }

    /** Wakes whoever hands out deliveries, in every process, with the transaction's commit. */
    static void tellAll(Handle handle) {
        handle.createQuery("SELECT pg_notify(:channel, '')")
                .bind("channel", CHANNEL)
                .mapTo(String.class)
                .one();
    }

    private static ClaimedDelivery delivery(ResultSet row) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        return new ClaimedDelivery(
                row.getLong("delivery_id"),
                row.getInt("attempts"),
                row.getObject("endpoint_id", UUID.class),
                row.getString("url"),
                row.getString("message_id"),
                job == null ? null : new JobId(job),
                row.getString("type"),
                row.getTimestamp("happened_at").toInstant(),
                row.getString("data"),
                Arrays.asList((byte[][]) row.getArray("secrets").getArray()));
    }
}
