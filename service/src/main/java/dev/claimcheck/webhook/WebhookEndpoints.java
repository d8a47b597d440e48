package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.OwnerId;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Owners' endpoints. An id of somebody else's is as one that does not exist. Thread-safe; each call is one transaction. */
public final class WebhookEndpoints {
    /** Each event is held against all of them. */
    private static final int MOST_PER_OWNER = 50;

    private static final String INSERT = """
            INSERT INTO webhook_endpoint (endpoint_id, owner, url, description, events)
            SELECT :endpoint, :owner, :url, :description, CAST(:events AS text[])
            WHERE (SELECT count(*) FROM webhook_endpoint WHERE owner = :owner) < :most
            """;

    private static final String ONE_AT_A_TIME =
            "SELECT pg_advisory_xact_lock(hashtextextended('webhooks ' || :owner, 0))";

    private static final String SELECT = """
            SELECT e.*,
                   (SELECT count(*) FROM webhook_delivery d
                    WHERE d.endpoint_id = e.endpoint_id AND status = 'SUCCEEDED' AND finished_at > now() - interval '24 hours') AS delivered,
                   (SELECT count(*) FROM webhook_delivery d
                    WHERE d.endpoint_id = e.endpoint_id AND status = 'FAILED' AND finished_at > now() - interval '24 hours') AS failed,
                   (SELECT count(*) FROM webhook_delivery d WHERE d.endpoint_id = e.endpoint_id AND status = 'WAITING') AS waiting,
                   ARRAY(SELECT created_at FROM webhook_secret s
                         WHERE s.endpoint_id = e.endpoint_id AND (expires_at IS NULL OR expires_at > now()) ORDER BY secret_id DESC) AS secrets_made,
                   ARRAY(SELECT expires_at FROM webhook_secret s
                         WHERE s.endpoint_id = e.endpoint_id AND (expires_at IS NULL OR expires_at > now()) ORDER BY secret_id DESC) AS secrets_end
            FROM webhook_endpoint e WHERE owner = :owner
            """;

    /** Whoever changes where it leads, or switches it on again, has mended it: it gets a fresh start. */
    private static final String UPDATE = """
            UPDATE webhook_endpoint
            SET url = coalesce(:url, url), description = coalesce(:description, description), events = coalesce(CAST(:events AS text[]), events),
                disabled_at = CASE WHEN :enabled THEN NULL WHEN NOT :enabled THEN coalesce(disabled_at, now()) ELSE disabled_at END,
                disabled_reason = CASE WHEN :enabled THEN NULL ELSE disabled_reason END,
                failures = CASE WHEN :fresh THEN 0 ELSE failures END, failing_since = CASE WHEN :fresh THEN NULL ELSE failing_since END,
                open_until = CASE WHEN :fresh THEN NULL ELSE open_until END, updated_at = now()
            WHERE endpoint_id = :endpoint AND owner = :owner
            """;

    private final Database database;
    private final WebhookSecrets secrets;
    private final InstantSource clock;

    WebhookEndpoints(Database database, WebhookSecrets secrets, InstantSource clock) {
        this.database = database;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** A new endpoint and its secret, which is never shown again. */
    public record Created(WebhookEndpoint endpoint, String secret) {}

    /** A new secret, and until when the one before signs too. */
    public record Rotated(String secret, Instant previousExpiresAt) {}

    /**
     * Makes an endpoint; it gets what happens from now on.
     *
     * @throws InvalidWebhookException when the owner has too many
     */
    public Created create(OwnerId owner, WebhookUrl url, EventFilter filter, String description) {
        UUID id = UUID.randomUUID();
        return database.inTransaction(handle -> {
            handle.createQuery(ONE_AT_A_TIME)
                    .bind("owner", owner.value())
                    .map((_, _) -> true)
                    .one();
            int made = handle.createUpdate(INSERT)
                    .bind("endpoint", id)
                    .bind("owner", owner.value())
                    .bind("url", url.text())
                    .bind("description", description)
                    .bindArray("events", String.class, filter.patterns())
                    .bind("most", MOST_PER_OWNER)
                    .execute();
            if (made == 0) {
                throw new InvalidWebhookException("There are " + MOST_PER_OWNER
                        + " endpoints already, the most that there may be. Delete one first.");
            }
            String secret = secrets.create(handle, id);
            return new Created(find(handle, owner, id).orElseThrow(), secret);
        });
    }

    /** All of the owner's, the oldest first. */
    public List<WebhookEndpoint> list(OwnerId owner) {
        return database.withHandle(handle -> handle.createQuery(SELECT + " ORDER BY created_at, endpoint_id")
                .bind("owner", owner.value())
                .map((row, _) -> endpoint(row))
                .list());
    }

    /** The owner's endpoint of that id. */
    public Optional<WebhookEndpoint> find(OwnerId owner, UUID id) {
        return database.withHandle(handle -> find(handle, owner, id));
    }

    /** Changes it; empty where there is none. */
    public Optional<WebhookEndpoint> update(OwnerId owner, UUID id, WebhookEndpoint.Change change) {
        return database.inTransaction(handle -> {
            handle.createUpdate(UPDATE)
                    .bind("endpoint", id)
                    .bind("owner", owner.value())
                    .bind("url", change.url().map(WebhookUrl::text).orElse(null))
                    .bind("description", change.description().orElse(null))
                    .bind(
                            "events",
                            change.filter()
                                    .map(filter -> array(filter.patterns()))
                                    .orElse(null))
                    .bind("enabled", change.enabled().orElse(null))
                    .bind("fresh", change.url().isPresent() || change.enabled().orElse(false))
                    .execute();
            return find(handle, owner, id);
        });
    }

    /** Removes it with its deliveries; false where there is none. */
    public boolean delete(OwnerId owner, UUID id) {
        return database.inTransaction(handle ->
                handle.createUpdate("DELETE FROM webhook_endpoint WHERE endpoint_id = :endpoint AND owner = :owner")
                                .bind("endpoint", id)
                                .bind("owner", owner.value())
                                .execute()
                        == 1);
    }

    /** Gives it a new secret; the one before signs too for so long. Empty where there is none. */
    public Optional<Rotated> rotate(OwnerId owner, UUID id, Duration overlap) {
        Instant expires = clock.instant().plus(overlap);
        return database.inTransaction(handle -> lock(handle, owner, id)
                ? Optional.of(new Rotated(secrets.rotate(handle, id, expires), expires))
                : Optional.empty());
    }

    /** Locks the owner's endpoint; false where there is none. */
    static boolean lock(Handle handle, OwnerId owner, UUID id) {
        return handle.createQuery(
                        "SELECT 1 FROM webhook_endpoint WHERE endpoint_id = :endpoint AND owner = :owner FOR NO KEY UPDATE")
                .bind("endpoint", id)
                .bind("owner", owner.value())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    private Optional<WebhookEndpoint> find(Handle handle, OwnerId owner, UUID id) {
        return handle.createQuery(SELECT + " AND endpoint_id = :endpoint")
                .bind("owner", owner.value())
                .bind("endpoint", id)
                .map((row, _) -> endpoint(row))
                .findOne();
    }

    private WebhookEndpoint endpoint(ResultSet row) throws SQLException {
        int status = row.getInt("last_status_code");
        boolean answered = !row.wasNull();
        return new WebhookEndpoint(
                row.getObject("endpoint_id", UUID.class),
                new WebhookUrl(row.getString("url")),
                row.getString("description"),
                new EventFilter(Arrays.asList((String[]) row.getArray("events").getArray())),
                row.getTimestamp("disabled_at") == null,
                Optional.ofNullable(row.getString("disabled_reason")),
                circuit(row),
                row.getTimestamp("created_at").toInstant(),
                row.getTimestamp("updated_at").toInstant(),
                time(row, "last_delivery_at"),
                answered ? OptionalInt.of(status) : OptionalInt.empty(),
                row.getLong("delivered"),
                row.getLong("failed"),
                row.getLong("waiting"),
                secrets(row.getArray("secrets_made"), row.getArray("secrets_end")));
    }

    private WebhookEndpoint.Circuit circuit(ResultSet row) throws SQLException {
        if (row.getInt("failures") < BackOff.FAILURES_TO_OPEN) {
            return WebhookEndpoint.Circuit.CLOSED;
        }
        return time(row, "open_until").filter(clock.instant()::isBefore).isPresent()
                ? WebhookEndpoint.Circuit.OPEN
                : WebhookEndpoint.Circuit.HALF_OPEN;
    }

    private static List<WebhookEndpoint.Secret> secrets(Array made, Array end) throws SQLException {
        Timestamp[] from = (Timestamp[]) made.getArray();
        @Nullable Timestamp[] until = (Timestamp[]) end.getArray();
        List<WebhookEndpoint.Secret> secrets = new ArrayList<>();
        for (int index = 0; index < from.length; index++) {
            secrets.add(new WebhookEndpoint.Secret(
                    from[index].toInstant(), Optional.ofNullable(until[index]).map(Timestamp::toInstant)));
        }
        return secrets;
    }

    /** As Postgres writes an array; patterns have no characters that would need quotes. */
    private static String array(List<String> patterns) {
        return "{" + String.join(",", patterns) + "}";
    }

    static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
