package dev.claimcheck.access;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.util.Optional;

/** One-click links to the console: a token that works once and briefly, exchanged for a key that lasts for a working day. Thread-safe. */
public final class ConsoleLinks {
    private static final Duration TOKEN_LIFETIME = Duration.ofMinutes(15);
    private static final Duration SESSION_LIFETIME = Duration.ofHours(12);

    private final Database database;
    private final ApiKeys keys;

    public ConsoleLinks(Database database, ApiKeys keys) {
        this.database = database;
        this.keys = keys;
    }

    /** A token for this principal. It goes into the link's fragment, which browsers never send to a server. */
    public String createToken(Principal principal) {
        String token = Secrets.create();
        database.useTransaction(handle -> {
            handle.createUpdate("DELETE FROM console_token WHERE expires_at < now()")
                    .execute();
            handle.createUpdate("""
                            INSERT INTO console_token (token_sha256, owner, role, expires_at)
                            VALUES (:hash, :owner, :role, now() + make_interval(secs => :lifetime))
                            """)
                    .bind("hash", Secrets.sha256(token))
                    .bind("owner", principal.owner().value())
                    .bind("role", principal.role().name())
                    .bind("lifetime", (double) TOKEN_LIFETIME.toSeconds())
                    .execute();
        });
        return token;
    }

    /** Exchanges the token; empty where it is unknown, used or too old. */
    public Optional<ApiKeys.NewKey> exchange(String token) {
        return database.inTransaction(handle -> handle.createQuery("""
                                DELETE FROM console_token WHERE token_sha256 = :hash AND expires_at > now() RETURNING owner, role
                                """)
                        .bind("hash", Secrets.sha256(token))
                        .map((row, _) ->
                                new Principal(new OwnerId(row.getString("owner")), Role.valueOf(row.getString("role"))))
                        .findOne())
                .map(principal ->
                        keys.create(principal.owner(), "console", principal.role(), Optional.of(SESSION_LIFETIME)));
    }
}
