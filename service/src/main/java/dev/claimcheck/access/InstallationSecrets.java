package dev.claimcheck.access;

import dev.claimcheck.database.Database;

/** Secrets that all processes of one installation share. */
public final class InstallationSecrets {
    private InstallationSecrets() {}

    /** The secret of that name, 32 random bytes, made at the first time. */
    public static byte[] get(Database database, String name) {
        return database.inTransaction(handle -> {
            handle.createUpdate(
                            "INSERT INTO installation_secret (name, secret) VALUES (:name, :secret) ON CONFLICT DO NOTHING")
                    .bind("name", name)
                    .bind("secret", Secrets.bytes())
                    .execute();
            return handle.createQuery("SELECT secret FROM installation_secret WHERE name = :name")
                    .bind("name", name)
                    .mapTo(byte[].class)
                    .one();
        });
    }
}
