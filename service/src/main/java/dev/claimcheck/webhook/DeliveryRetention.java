package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Gives up deliveries whose time is over before a try could be made, and clears old ones away. Thread-safe; safe in several processes at once. */
final class DeliveryRetention {
    private static final int BATCH = 2_000;

    private static final String OVERDUE = """
            SELECT DISTINCT endpoint_id FROM webhook_delivery
            WHERE status = 'WAITING' AND give_up_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())
            """;

    private static final String GIVE_UP = """
            UPDATE webhook_delivery
            SET status = 'FAILED', finished_at = now(), next_attempt_at = NULL, claimed_by = NULL, claimed_until = NULL,
                last_error = coalesce(last_error, 'not sent in time: its endpoint was failing or switched off, or an earlier event of its job could not be delivered')
            WHERE endpoint_id = :endpoint AND status = 'WAITING' AND give_up_at <= now() AND (claimed_until IS NULL OR claimed_until <= now())
            """;

    private static final String HEADS = """
            UPDATE webhook_delivery d SET next_attempt_at = now()
            WHERE endpoint_id = :endpoint AND status = 'WAITING' AND next_attempt_at IS NULL
              AND NOT EXISTS (SELECT FROM webhook_delivery earlier
                              WHERE earlier.endpoint_id = d.endpoint_id AND earlier.job_id = d.job_id AND earlier.status = 'WAITING'
                                AND earlier.delivery_id < d.delivery_id)
            """;

    private static final String CLEAR = """
            DELETE FROM webhook_delivery WHERE delivery_id IN (
                SELECT delivery_id FROM webhook_delivery WHERE finished_at < now() - make_interval(secs => :age) LIMIT :batch)
            """;

    private static final String DROP_SECRETS = "DELETE FROM webhook_secret WHERE expires_at <= now()";

    private final Database database;
    private final Duration retention;

    DeliveryRetention(Database database, Duration retention) {
        this.database = database;
        this.retention = retention;
    }

    /** Does what is to be done now; true where more is left to clear. */
    boolean run() {
        List<UUID> overdue = database.withHandle(
                handle -> handle.createQuery(OVERDUE).mapTo(UUID.class).list());
        overdue.forEach(endpoint -> database.useTransaction(handle -> giveUp(handle, endpoint)));
        int cleared = database.inTransaction(handle -> {
            handle.createUpdate(DROP_SECRETS).execute();
            return handle.createUpdate(CLEAR)
                    .bind("age", retention.toMillis() / 1000.0)
                    .bind("batch", BATCH)
                    .execute();
        });
        return cleared == BATCH;
    }

    private static void giveUp(Handle handle, UUID endpoint) {
        handle.createQuery("SELECT 1 FROM webhook_endpoint WHERE endpoint_id = :endpoint FOR NO KEY UPDATE")
                .bind("endpoint", endpoint)
                .mapTo(Integer.class)
                .findOne();
        for (String statement : List.of(GIVE_UP, HEADS)) {
            handle.createUpdate(statement).bind("endpoint", endpoint).execute();
        }
        DeliveryQueue.tellAll(handle);
    }
}
