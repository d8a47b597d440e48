package dev.claimcheck.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The pool, the migrations, and transactions. Thread-safe; calls block. */
public final class Database implements AutoCloseable {
    /** Serialization failure and deadlock: the server rolled back, and the same transaction may pass the next time. */
    private static final Set<String> REPEATABLE = Set.of("40001", "40P01", "23505");

    private static final int ATTEMPTS = 5;
    /** How long a connection may take to be made; a busy pool is waited for longer, see {@link ConnectionQueue}. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    private final HikariDataSource pool;
    private final ConnectionQueue queue;
    private final Jdbi jdbi;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.queue = new ConnectionQueue(pool.getMaximumPoolSize());
        this.jdbi = Jdbi.create(pool);
    }

    /**
     * Opens the pool and brings the schema up to date.
     *
     * @throws DatabaseUnavailableException when the database cannot be reached within 30 s
     */
    public static Database open(PostgresAddress address, int poolSize) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("claimcheck");
        config.setJdbcUrl(address.jdbcUrl());
        address.user().ifPresent(config::setUsername);
        address.password().ifPresent(config::setPassword);
        config.setMaximumPoolSize(poolSize);
        // All from the start: a burst on a busy machine must not wait for connections to be made, and take their
        // slowness for an outage.
        config.setMinimumIdle(poolSize);
        config.setConnectionTimeout(CONNECT_LIMIT.toMillis());
        config.setInitializationFailTimeout(30_000);
        config.setKeepaliveTime(60_000);
        // A transaction that is forgotten open would hold back vacuum and with it every claim.
        config.setConnectionInitSql(
                "SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '30s'; SET lock_timeout = '10s'");
        config.addDataSourceProperty("reWriteBatchedInserts", "true");
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("socketTimeout", "60");
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw new DatabaseUnavailableException(
                    "the database cannot be reached; check that it runs and that its address is right", e);
        }
        migrate(pool);
        return new Database(pool);
    }

    /** Whether a server answers at that address, asked once with a connection of its own. */
    public static boolean answers(PostgresAddress address) {
        Properties properties = new Properties();
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("loginTimeout", "5");
        try (Connection connection = DriverManager.getConnection(address.jdbcUrl(), properties)) {
            return connection.isValid(5);
        } catch (SQLException _) {
            return false; // The answer itself says so.
        }
    }

    /** Runs {@code body} in one transaction, again where a repetition may succeed (deadlock, a row that another transaction was the first to insert). */
    public <T> T inTransaction(Function<Handle, T> body) {
        for (int attempt = 1; ; attempt++) {
            try {
                return queue.run(() -> jdbi.inTransaction(body::apply));
            } catch (RuntimeException e) {
                if (attempt == ATTEMPTS || !REPEATABLE.contains(sqlState(e))) {
                    throw translated(e);
                }
            }
        }
    }

    /** As {@link #inTransaction}, without a result. */
    public void useTransaction(Consumer<Handle> body) {
        inTransaction(handle -> {
            body.accept(handle);
            return true;
        });
    }

    /** Runs {@code body} with a connection where every statement commits by itself. */
    public <T> T withHandle(Function<Handle, T> body) {
        try {
            return queue.run(() -> jdbi.withHandle(body::apply));
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Whether a connection answers, within a few seconds. */
    public boolean isReachable() {
        try {
            return withHandle(handle ->
                            handle.createQuery("SELECT 1").mapTo(Integer.class).one())
                    == 1;
        } catch (RuntimeException _) {
            return false; // The answer itself says so; the pool logs the cause.
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static void migrate(DataSource source) {
        var flyway = Flyway.configure()
                .dataSource(source)
                .locations("classpath:db/migration")
                .failOnMissingLocations(true);
        flyway.getConfigurationExtension(PostgreSQLConfigurationExtension.class).setTransactionalLock(false);
        flyway.load().migrate();
    }

    private static RuntimeException translated(RuntimeException e) {
        String state = sqlState(e);
        boolean away = e instanceof ConnectionException
                || e instanceof DatabaseUnavailableException
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.equals("53300");
        return away ? new DatabaseUnavailableException("the database is away", e) : e;
    }

    private static String sqlState(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getSQLState() != null) {
                return sql.getSQLState();
            }
        }
        return "";
    }
}
