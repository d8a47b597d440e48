package dev.claimcheck.database;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LISTEN on one connection of its own, told to any number of listeners. The connection is opened again whenever it breaks, and
 * listeners learn of each such gap, since notices sent meanwhile are lost. Thread-safe; listeners are called on one thread and
 * must be quick.
 */
public final class Notifications implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);
    /** How long one wait lasts; closing is noticed after at most this. Never interrupted: that would close the connection. */
    private static final int WAIT_MILLIS = 250;

    private static final long RECONNECT_NANOS = 500_000_000L;

    private final PostgresAddress address;
    private final Map<String, List<Consumer<String>>> listeners = new ConcurrentHashMap<>();
    private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean connected;
    private volatile boolean closed;

    /** Starts listening; channels may be added at any time before or after. */
    public Notifications(PostgresAddress address) {
        this.address = address;
        this.thread = Thread.ofPlatform().daemon().name("notifications").start(this::run);
    }

    /** Calls {@code listener} with the payload of each notice on {@code channel}, from the next wait on. */
    public void listen(String channel, Consumer<String> listener) {
        if (!channel.matches("[a-z_]+")) {
            throw new IllegalArgumentException("a channel is named in lower-case letters");
        }
        listeners.computeIfAbsent(channel, _ -> new CopyOnWriteArrayList<>()).add(listener);
    }

    /** Calls {@code listener} whenever the connection was lost and whenever it is there again: anything may have been missed. */
    public void onGap(Runnable listener) {
        gapListeners.add(listener);
    }

    /** Whether notices arrive right now. */
    public boolean isConnected() {
        return connected;
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!closed) {
            try (Connection connection = connect()) {
                listenUntilClosed(connection);
            } catch (SQLException e) {
                if (!closed && connected) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("notifications lost; caches are bypassed until the database is back");
                }
            }
            if (connected) {
                connected = false;
                tellGap();
            }
            if (!closed) {
                LockSupport.parkNanos(RECONNECT_NANOS);
            }
        }
    }

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        address.user().ifPresent(user -> properties.setProperty("user", user));
        address.password().ifPresent(password -> properties.setProperty("password", password));
        properties.setProperty("ApplicationName", "claimcheck notifications");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("loginTimeout", "5");
        return DriverManager.getConnection(address.jdbcUrl(), properties);
    }

    private void listenUntilClosed(Connection connection) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        int channels = 0;
        while (!closed) {
            if (listeners.size() != channels) {
                channels = subscribe(connection);
                connected = true;
                tellGap();
            }
            PGNotification[] notices = postgres.getNotifications(WAIT_MILLIS);
            if (notices != null) {
                for (PGNotification notice : notices) {
                    tell(notice);
                }
            }
        }
    }

    private int subscribe(Connection connection) throws SQLException {
        List<String> channels = List.copyOf(listeners.keySet());
        try (Statement statement = connection.createStatement()) {
            for (String channel : channels) {
                statement.execute("LISTEN " + channel);
            }
        }
        return channels.size();
    }

    private void tell(PGNotification notice) {
        for (Consumer<String> listener : listeners.getOrDefault(notice.getName(), List.of())) {
            guarded(() -> listener.accept(notice.getParameter()));
        }
    }

    private void tellGap() {
        gapListeners.forEach(Notifications::guarded);
    }

    private static void guarded(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a listener failed; it may have missed a notice");
        }
    }
}
