package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The delivery log, and deliveries that owners ask for. Thread-safe; each call is one transaction. */
public final class WebhookDeliveries {
    /** A longer range is replayed in parts. */
    public static final int MOST_REPLAYED = 10_000;

    private static final String SELECT = """
            SELECT d.* FROM webhook_delivery d JOIN webhook_endpoint e USING (endpoint_id) WHERE e.owner = :owner AND d.endpoint_id = :endpoint
            """;

    private static final String PAGE = SELECT + """
             AND (:status IS NULL OR d.status = :status) AND (:before IS NULL OR delivery_id < :before) ORDER BY delivery_id DESC LIMIT :limit
            """;

    private static final String ATTEMPTS =
            "SELECT * FROM webhook_attempt WHERE delivery_id = :delivery ORDER BY attempt";

    private static final String TEST = """
            INSERT INTO webhook_delivery (endpoint_id, message_id, type, happened_at, data, replayed, next_attempt_at, give_up_at)
            VALUES (:endpoint, :message, 'webhook.test', now(), jsonb_build_object('endpoint_id', CAST(:endpoint AS text)), true, now(), now() + make_interval(secs => :give_up))
            RETURNING *
            """;

    private static final String REPLAY = """
            INSERT INTO webhook_delivery (endpoint_id, message_id, event_id, job_id, type, happened_at, data, replayed, next_attempt_at, give_up_at)
            SELECT endpoint_id, message_id, event_id, job_id, type, happened_at, data, true,
                   CASE WHEN job_id IS NULL OR NOT EXISTS (
                       SELECT FROM webhook_delivery w WHERE w.endpoint_id = d.endpoint_id AND w.job_id = d.job_id AND w.status = 'WAITING')
                   THEN now() END,
                   now() + make_interval(secs => :give_up)
            FROM webhook_delivery d WHERE endpoint_id = :endpoint AND delivery_id = :delivery
            RETURNING *
            """;

    private static final String IN_RANGE = """
            FROM event e JOIN webhook_endpoint w USING (owner)
            WHERE w.endpoint_id = :endpoint AND e.at >= :from AND e.at < :to AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
              AND coalesce(CAST(:events AS text[]), w.events) && ARRAY['*', e.type, split_part(e.type, '.', 1) || '.*']
            """;

    private static final String REPLAY_RANGE = """
            INSERT INTO webhook_delivery (endpoint_id, message_id, event_id, job_id, type, happened_at, data, replayed, next_attempt_at, give_up_at)
            SELECT endpoint_id, CAST(event_id AS text), event_id, job_id, type, at, data, true,
                   CASE WHEN job_id IS NULL OR place = 1 AND NOT EXISTS (
                       SELECT FROM webhook_delivery d WHERE d.endpoint_id = p.endpoint_id AND d.job_id = p.job_id AND d.status = 'WAITING')
                   THEN now() END,
                   now() + make_interval(secs => :give_up)
            FROM (SELECT w.endpoint_id, e.*, row_number() OVER (PARTITION BY e.job_id ORDER BY e.xid, e.event_id) AS place %s) AS p
            ORDER BY p.xid, p.event_id
            """.formatted(IN_RANGE);

    private static final String COUNT_RANGE = "SELECT count(*) FROM (SELECT 1 " + IN_RANGE + " LIMIT :most) AS found";

    private final Database database;
    private final Duration giveUpAfter;

    WebhookDeliveries(Database database, Duration giveUpAfter) {
        this.database = database;
        this.giveUpAfter = giveUpAfter;
    }

    /** Some deliveries, the newest first. */
    public record Page(List<WebhookDelivery> deliveries, OptionalLong nextCursor) {}

    /**
     * The endpoint's deliveries, the newest first.
     *
     * @param before only those older than that one
     */
    public Page list(
            OwnerId owner, UUID endpoint, Optional<WebhookDelivery.Status> status, OptionalLong before, int limit) {
        List<WebhookDelivery> found = database.withHandle(handle -> handle.createQuery(PAGE)
                .bind("owner", owner.value())
                .bind("endpoint", endpoint)
                .bind("status", status.map(Enum::name).orElse(null))
                .bind("before", before.isPresent() ? (Long) before.getAsLong() : null)
                .bind("limit", limit + 1)
                .map((row, _) -> delivery(row))
                .list());
        boolean more = found.size() > limit;
        List<WebhookDelivery> page = more ? found.subList(0, limit) : found;
        return new Page(page, more ? OptionalLong.of(page.getLast().id()) : OptionalLong.empty());
    }

    /** One delivery with its tries. */
    public Optional<WebhookDelivery.Detail> find(OwnerId owner, UUID endpoint, long id) {
        return database.withHandle(handle -> handle.createQuery(SELECT + " AND delivery_id = :delivery")
                .bind("owner", owner.value())
                .bind("endpoint", endpoint)
                .bind("delivery", id)
                .map((row, _) -> new WebhookDelivery.Detail(delivery(row), body(row), attempts(handle, id)))
                .findOne());
    }

    /** Sends a {@code webhook.test} to the endpoint; empty where there is none. */
    public Optional<WebhookDelivery> test(OwnerId owner, UUID endpoint) {
        return database.inTransaction(handle -> {
            if (!WebhookEndpoints.lock(handle, owner, endpoint)) {
                return Optional.empty();
            }
            DeliveryQueue.tellAll(handle);
            return handle.createQuery(TEST)
                    .bind("endpoint", endpoint)
                    .bind("message", "test-" + UUID.randomUUID())
                    .bind("give_up", seconds())
                    .map((row, _) -> delivery(row))
                    .findOne();
        });
    }

    /** Sends the same event once more, under the same id, behind what waits; empty where there is no such delivery. */
    public Optional<WebhookDelivery> replay(OwnerId owner, UUID endpoint, long id) {
        return database.inTransaction(handle -> {
            if (!WebhookEndpoints.lock(handle, owner, endpoint)) {
                return Optional.empty();
            }
            DeliveryQueue.tellAll(handle);
            return handle.createQuery(REPLAY)
                    .bind("endpoint", endpoint)
                    .bind("delivery", id)
                    .bind("give_up", seconds())
                    .map((row, _) -> delivery(row))
                    .findOne();
        });
    }

    /**
     * Sends once more what the log has of that time, also what the endpoint has never been sent, in the log's order, behind what waits. Gives how many; empty where there is no such endpoint.
     *
     * @param filter empty for the endpoint's own
     * @throws InvalidWebhookException when that is too much for once
     */
    public OptionalLong replay(OwnerId owner, UUID endpoint, Instant from, Instant to, Optional<EventFilter> filter) {
        return database.inTransaction(handle -> {
            if (!WebhookEndpoints.lock(handle, owner, endpoint)) {
                return OptionalLong.empty();
            }
            String events = filter.map(chosen -> "{" + String.join(",", chosen.patterns()) + "}")
                    .orElse(null);
            long found = handle.createQuery(COUNT_RANGE)
                    .bind("endpoint", endpoint)
                    .bind("from", Timestamp.from(from))
                    .bind("to", Timestamp.from(to))
                    .bind("events", events)
                    .bind("most", MOST_REPLAYED + 1)
                    .mapTo(Long.class)
                    .one();
            if (found > MOST_REPLAYED) {
                throw new InvalidWebhookException("There are more than " + MOST_REPLAYED
                        + " events between these times. Replay a shorter time, or fewer types (\"events\").");
            }
            DeliveryQueue.tellAll(handle);
            return OptionalLong.of(handle.createUpdate(REPLAY_RANGE)
                    .bind("endpoint", endpoint)
                    .bind("from", Timestamp.from(from))
                    .bind("to", Timestamp.from(to))
                    .bind("events", events)
                    .bind("give_up", seconds())
                    .execute());
        });
    }

    private double seconds() {
        return giveUpAfter.toMillis() / 1000.0;
    }

    private static List<WebhookDelivery.Attempt> attempts(Handle handle, long delivery) {
        return handle.createQuery(ATTEMPTS)
                .bind("delivery", delivery)
                .map((row, _) -> new WebhookDelivery.Attempt(
                        row.getInt("attempt"),
                        row.getTimestamp("at").toInstant(),
                        Duration.ofMillis(row.getInt("duration_ms")),
                        row.getString("url"),
                        headers(row.getString("request_headers")),
                        response(row),
                        Optional.ofNullable(row.getString("error"))))
                .list();
    }

    private static Optional<WebhookDelivery.Response> response(ResultSet row) throws SQLException {
        int code = row.getInt("status_code");
        return row.wasNull()
                ? Optional.empty()
                : Optional.of(new WebhookDelivery.Response(
                        code, headers(row.getString("response_headers")), row.getString("response_body")));
    }

    private static Map<String, String> headers(String json) {
        return JsonMapper.shared().readValue(json, new TypeReference<Map<String, String>>() {});
    }

    private static String body(ResultSet row) throws SQLException {
        return ClaimedDelivery.body(
                row.getString("message_id"),
                job(row),
                row.getString("type"),
                row.getTimestamp("happened_at").toInstant(),
                row.getString("data"));
    }

    private static @Nullable JobId job(ResultSet row) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        return job == null ? null : new JobId(job);
    }

    private static WebhookDelivery delivery(ResultSet row) throws SQLException {
        int status = row.getInt("last_status_code");
        boolean answered = !row.wasNull();
        boolean beingTried = row.getTimestamp("claimed_until") != null;
        return new WebhookDelivery(
                row.getLong("delivery_id"),
                row.getObject("endpoint_id", UUID.class),
                row.getString("message_id"),
                row.getString("type"),
                Optional.ofNullable(job(row)),
                WebhookDelivery.Status.valueOf(row.getString("status")),
                row.getInt("attempts"),
                row.getTimestamp("created_at").toInstant(),
                beingTried ? Optional.empty() : WebhookEndpoints.time(row, "next_attempt_at"),
                WebhookEndpoints.time(row, "finished_at"),
                answered ? OptionalInt.of(status) : OptionalInt.empty(),
                Optional.ofNullable(row.getString("last_error")));
    }
}
