package dev.claimcheck.database;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** One embedded Postgres for a whole test run; each call gives a database of its own, migrated and empty. */
public final class TestDatabase {
    private static final EmbeddedPostgres SERVER = start();
    private static int counter;

    private TestDatabase() {}

    /** A fresh database; the caller closes it. */
    public static Database open() {
        return Database.open(fresh(), 16);
    }

    /** The address of a fresh database, still without a schema. */
    public static synchronized PostgresAddress fresh() {
        String name = "test_" + ++counter;
        PostgresAddress server = SERVER.address();
        try (var connection = java.sql.DriverManager.getConnection(
                        server.jdbcUrl(),
                        server.user().orElseThrow(),
                        server.password().orElseThrow());
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (java.sql.SQLException e) {
            throw new IllegalStateException(e);
        }
        return new PostgresAddress(
                server.jdbcUrl().replaceAll("/postgres$", "/" + name), server.user(), server.password());
    }

    /**
     * Returns when every transaction that runs now has ended, so that the log shows what was committed until now. Postgres's own count as well: it gathers statistics whenever it likes, in any database of the server.
     */
    public static void awaitOlderTransactions(Database database) {
        String now = database.inTransaction(handle -> handle.createQuery("SELECT pg_current_xact_id()::text")
                .mapTo(String.class)
                .one());
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> database.withHandle(handle -> handle.createQuery(
                                "SELECT pg_snapshot_xmin(pg_current_snapshot()) > CAST(CAST(:now AS text) AS xid8)")
                        .bind("now", now)
                        .mapTo(Boolean.class)
                        .one()));
    }

    private static EmbeddedPostgres start() {
        try {
            Path folder = Files.createTempDirectory("claimcheck-test-postgres");
            EmbeddedPostgres postgres = EmbeddedPostgres.start(folder, 0);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                postgres.close();
                deleteTree(folder);
            }));
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void deleteTree(Path folder) {
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
