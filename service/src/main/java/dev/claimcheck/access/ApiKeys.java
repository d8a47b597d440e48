package dev.claimcheck.access;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.job.OwnerId;
import java.nio.ByteBuffer;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * API keys: made, listed, revoked, and checked. A check of a known key reads memory only; every change of a key, in any process,
 * empties that memory. Thread-safe.
 */
public final class ApiKeys {
    private static final String CHANNEL = "claimcheck_keys";
    private static final Duration REMEMBERED = Duration.ofSeconds(30);
    private static final int MOST_REMEMBERED = 10_000;

    /** Memory asks at most twice a minute for a key that is in use, so its last use is known to the minute, and is a write at most once a minute. */
    private static final String CHECK = """
            WITH found AS (
                SELECT key_id, owner, role, expires_at, last_used_at FROM api_key
                WHERE secret_sha256 = :hash AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
            ), used AS (
                UPDATE api_key k SET last_used_at = now() FROM found f
                WHERE k.key_id = f.key_id AND (f.last_used_at IS NULL OR f.last_used_at < now() - interval '1 minute')
            )
            SELECT owner, role, expires_at FROM found
            """;

    private final Database database;
    private final InstantSource clock;
    private final ConcurrentHashMap<ByteBuffer, Known> known = new ConcurrentHashMap<>();

    private record Known(Principal principal, Instant until) {}

    /**
     * A key as lists show it; never with its secret.
     *
     * @param lastUsedAt a minute or two old at most; empty where it was never used
     */
    public record KeyInfo(
            UUID id,
            OwnerId owner,
            String name,
            Role role,
            Instant createdAt,
            Optional<Instant> expiresAt,
            Optional<Instant> lastUsedAt) {}

    /** A key just made; the only time its text is known. */
    public record NewKey(KeyInfo info, String text) {}

    public ApiKeys(Database database, Notifications notifications, InstantSource clock) {
        this.database = database;
        this.clock = clock;
        notifications.listen(CHANNEL, _ -> known.clear());
        notifications.onGap(known::clear);
    }

    /** Who holds this key, if memory knows: never blocks. Null for "look it up". */
    public @Nullable Principal remembered(String key) {
        Known found = known.get(ByteBuffer.wrap(Secrets.sha256(key)));
        return found != null && clock.instant().isBefore(found.until()) ? found.principal() : null;
    }

    /** Who holds this key; empty where it is unknown, expired or revoked. */
    public Optional<Principal> check(String key) {
        Principal remembered = remembered(key);
        if (remembered != null) {
            return Optional.of(remembered);
        }
        byte[] hash = Secrets.sha256(key);
        Instant now = clock.instant();
        Optional<Known> found = database.withHandle(handle -> handle.createQuery(CHECK)
                .bind("hash", hash)
                .map((row, _) -> new Known(
                        new Principal(new OwnerId(row.getString("owner")), Role.valueOf(row.getString("role"))),
                        earlier(now.plus(REMEMBERED), row.getTimestamp("expires_at"))))
                .findOne());
        found.ifPresent(fresh -> remember(hash, fresh));
        return found.map(Known::principal);
    }

    /** Makes a key; without {@code lifetime} it never expires. */
    public NewKey create(OwnerId owner, String name, Role role, Optional<Duration> lifetime) {
        String text = "cc_" + Secrets.create();
        return new NewKey(database.inTransaction(handle -> insert(handle, owner, name, role, lifetime, text)), text);
    }

    /** Makes a key with that text, unless there is one already. */
    void ensure(OwnerId owner, String name, Role role, String text) {
        database.useTransaction(handle -> {
            boolean there = handle.createQuery("SELECT 1 FROM api_key WHERE secret_sha256 = :hash")
                    .bind("hash", Secrets.sha256(text))
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent();
            if (!there) {
                insert(handle, owner, name, role, Optional.empty(), text);
            }
        });
    }

    /** Keys in force, oldest first. */
    public List<KeyInfo> list() {
        return database.withHandle(handle -> handle.createQuery("""
                        SELECT key_id, owner, name, role, created_at, expires_at, last_used_at FROM api_key
                        WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) ORDER BY created_at, key_id
                        """)
                .map((row, _) -> new KeyInfo(
                        row.getObject("key_id", UUID.class),
                        new OwnerId(row.getString("owner")),
                        row.getString("name"),
                        Role.valueOf(row.getString("role")),
                        row.getTimestamp("created_at").toInstant(),
                        Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant),
                        Optional.ofNullable(row.getTimestamp("last_used_at")).map(Timestamp::toInstant)))
                .list());
    }

    /** Revokes a key; false where there is none in force. */
    public boolean revoke(UUID id) {
        return database.inTransaction(handle -> {
            int revoked = handle.createUpdate(
                            "UPDATE api_key SET revoked_at = now() WHERE key_id = :id AND revoked_at IS NULL")
                    .bind("id", id)
                    .execute();
            handle.createQuery("SELECT pg_notify('" + CHANNEL + "', '')")
                    .mapTo(String.class)
                    .findOne();
            return revoked == 1;
        });
    }

    private static KeyInfo insert(
            Handle handle, OwnerId owner, String name, Role role, Optional<Duration> lifetime, String text) {
        UUID id = UUID.randomUUID();
        return handle.createQuery("""
                        INSERT INTO api_key (key_id, owner, name, role, secret_sha256, expires_at)
                        VALUES (:id, :owner, :name, :role, :hash, now() + make_interval(secs => CAST(:lifetime AS float8)))
                        RETURNING created_at, expires_at
                        """)
                .bind("id", id)
                .bind("owner", owner.value())
                .bind("name", name)
                .bind("role", role.name())
                .bind("hash", Secrets.sha256(text))
                .bind("lifetime", lifetime.map(Duration::toSeconds).orElse(null))
                .map((row, _) -> new KeyInfo(
                        id,
                        owner,
                        name,
                        role,
                        row.getTimestamp("created_at").toInstant(),
                        Optional.ofNullable(row.getTimestamp("expires_at")).map(Timestamp::toInstant),
                        Optional.empty()))
                .one();
    }

    private static Instant earlier(Instant one, @Nullable Timestamp other) {
        return other == null || one.isBefore(other.toInstant()) ? one : other.toInstant();
    }

    private void remember(byte[] hash, Known key) {
        if (known.size() >= MOST_REMEMBERED) {
            known.clear();
        }
        known.put(ByteBuffer.wrap(hash), key);
    }
}
