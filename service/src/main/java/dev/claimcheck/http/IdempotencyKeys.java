package dev.claimcheck.http;

import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.PeriodicWork;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.OwnerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * What was asked and answered under idempotency keys. A key in flight is held by a lease that this process renews: a process that dies lets go of its keys within
 * seconds. Thread-safe.
 */
final class IdempotencyKeys implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);
    private static final Duration HELD = Duration.ofSeconds(15);
    private static final Duration RENEW_EVERY = Duration.ofSeconds(5);

    private static final String CLAIM = """
            INSERT INTO idempotency_key AS k (owner, key, request, claim, held_until, expires_at)
            VALUES (:owner, :key, :request, :claim, now() + make_interval(secs => :held), now() + interval '24 hours')
            ON CONFLICT (owner, key) DO UPDATE
            SET request = excluded.request, claim = excluded.claim, body = NULL, status = NULL, headers = NULL, answer = NULL,
                held_until = excluded.held_until, expires_at = excluded.expires_at
            WHERE k.expires_at <= now() OR k.held_until <= now()
            RETURNING 1
            """;

    private static final String FIND = """
            SELECT request, body, status, headers, answer FROM idempotency_key WHERE owner = :owner AND key = :key
            """;

    /** Many may be in flight: slow uploads by the thousand. */
    private static final String RENEW = """
            UPDATE idempotency_key SET held_until = now() + make_interval(secs => :held) WHERE claim = ANY (:claims) AND status IS NULL
            """;

    private static final String ANSWERED = """
            UPDATE idempotency_key SET body = :body, status = :status, headers = CAST(:headers AS jsonb), answer = :answer, held_until = NULL
            WHERE owner = :owner AND key = :key AND claim = :claim AND status IS NULL
            """;

    private static final String RELEASE = """
            DELETE FROM idempotency_key WHERE owner = :owner AND key = :key AND claim = :claim AND status IS NULL
            """;

    private final Database database;
    /** Answers may hold secrets that are shown once, such as a webhook's. */
    private final SealedSecrets sealed;

    private final Set<UUID> held = ConcurrentHashMap.newKeySet();
    private final PeriodicWork renewing;

    /** A key is its owner's. */
    record Name(OwnerId owner, String key) {}

    /** How a claim went. */
    sealed interface Claim {
        /** The request is to be answered, and the key answered or released. */
        record Taken(Name name, UUID id) implements Claim {}

        /** The key is being worked on, for that request. */
        record InFlight(Digest request) implements Claim {}

        /** It was answered before. */
        record Answered(Digest request, Digest body, Answer.InMemory answer) implements Claim {}
    }

    IdempotencyKeys(Database database, SealedSecrets sealed) {
        this.database = database;
        this.sealed = sealed;
        this.renewing = new PeriodicWork("idempotency-keys", RENEW_EVERY, this::renew);
    }

    Claim claim(Name name, Digest request) {
        UUID id = UUID.randomUUID();
        while (true) {
            boolean taken = database.inTransaction(handle -> handle.createQuery(CLAIM)
                    .bind("owner", name.owner().value())
                    .bind("key", name.key())
                    .bind("request", request.bytes())
                    .bind("claim", id)
                    .bind("held", HELD.toSeconds())
                    .mapTo(Integer.class)
                    .findOne()
                    .isPresent());
            if (taken) {
                held.add(id);
                return new Claim.Taken(name, id);
            }
            Optional<Claim> other = find(name);
            if (other.isPresent()) {
                return other.get();
            }
            // It was let go in between: it is free now.
        }
    }

    /** Remembers the answer; a claim that was taken over meanwhile changes nothing. */
    void answered(Claim.Taken claim, Digest body, Answer.InMemory answer) {
        byte[] bytes = new byte[answer.body().remaining()];
        answer.body().duplicate().get(bytes);
        database.useTransaction(handle -> handle.createUpdate(ANSWERED)
                .bind("owner", claim.name().owner().value())
                .bind("key", claim.name().key())
                .bind("claim", claim.id())
                .bind("body", body.bytes())
                .bind("status", answer.status())
                .bind("headers", JsonMapper.shared().writeValueAsString(answer.headers()))
                .bind("answer", sealed.seal(bytes, place(claim.name())))
                .execute());
        held.remove(claim.id());
    }

    /** Lets go of the key: what was asked under it did not succeed and may be asked again. */
    void release(Claim.Taken claim) {
        held.remove(claim.id());
        database.useTransaction(handle -> handle.createUpdate(RELEASE)
                .bind("owner", claim.name().owner().value())
                .bind("key", claim.name().key())
                .bind("claim", claim.id())
                .execute());
    }

    @Override
    public void close() {
        renewing.close();
    }

    private Optional<Claim> find(Name name) {
        return database.withHandle(handle -> handle.createQuery(FIND)
                .bind("owner", name.owner().value())
                .bind("key", name.key())
                .map((row, _) -> {
                    Digest request = Digest.of(row.getBytes("request"));
                    if (row.getObject("status") == null) {
                        return (Claim) new Claim.InFlight(request);
                    }
                    Map<String, String> headers = new HashMap<>(JsonMapper.shared()
                            .readValue(row.getString("headers"), new TypeReference<Map<String, String>>() {}));
                    headers.put("Idempotency-Replayed", "true");
                    return new Claim.Answered(
                            request,
                            Digest.of(row.getBytes("body")),
                            new Answer.InMemory(
                                    row.getInt("status"),
                                    headers,
                                    ByteBuffer.wrap(opened(name, row.getBytes("answer")))));
                })
                .findOne());
    }

    /** Of before they were sealed, some may be there for a day. */
    private byte[] opened(Name name, byte[] answer) {
        return SealedSecrets.isSealed(answer) ? sealed.open(answer, place(name)) : answer;
    }

    private static String place(Name name) {
        return name.owner().value() + '\n' + name.key();
    }

    private Duration renew() {
        if (!held.isEmpty()) {
            PeriodicWork.attempt(
                    LOG,
                    "idempotency keys are renewed again in a moment",
                    () -> database.useTransaction(handle -> handle.createUpdate(RENEW)
                            .bindArray("claims", UUID.class, held)
                            .bind("held", HELD.toSeconds())
                            .execute()));
        }
        return RENEW_EVERY;
    }
}
