package dev.claimcheck.database;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Postgres 18 of our own under the data folder, run as a direct child: fsync on, loopback only, a random password in a file that
 * only we can read. A supervisor starts it again when it dies. It dies with the JVM, even by {@code kill -9}; one that an earlier
 * life left behind is stopped before the start. One process at a time may use a folder.
 */
public final class EmbeddedPostgres implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);
    /** How long a first start that fails at once is tried again. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final String USER = "claimcheck";

    private final PostgresBinaries binaries;
    private final Path cluster;
    private final Path log;
    private final PostgresAddress address;
    private final int port;
    private final CountDownLatch firstStart = new CountDownLatch(1);
    private final Thread supervisor;
    private volatile Optional<Process> process = Optional.empty();
    private volatile Optional<IOException> firstFailure = Optional.empty();
    private volatile boolean closed;

    private EmbeddedPostgres(PostgresBinaries binaries, Path folder, String password, int port) {
        this.binaries = binaries;
        this.cluster = folder.resolve("cluster");
        this.log = folder.resolve("postgres.log");
        this.port = port;
        this.address = new PostgresAddress(
                "jdbc:postgresql://127.0.0.1:" + port + "/postgres", Optional.of(USER), Optional.of(password));
        // A platform thread that lives as long as the service: the parent-death signal is sent when the *thread* that
        // started
        // the child ends.
        this.supervisor =
                Thread.ofPlatform().name("postgres-supervisor").daemon().start(this::supervise);
    }

    /**
     * Starts the server of {@code folder}, making its cluster at the first time, and waits until it answers.
     *
     * @param folder {@code DATA/postgres}; its owner must hold the data folder's lock
     * @param port loopback port, 0 for any free one
     * @throws IOException when it does not start; the message says why
     */
    public static EmbeddedPostgres start(Path folder, int port) throws IOException {
        Files.createDirectories(folder);
        PostgresBinaries binaries = PostgresBinaries.unpackInto(folder);
        String password = password(folder);
        OrphanedPostmaster.stop(folder.resolve("cluster"), STOP_LIMIT);
        if (!Files.exists(folder.resolve("cluster/PG_VERSION"))) {
            new ClusterInitialization(binaries, folder, USER).run();
        }
        EmbeddedPostgres postgres = new EmbeddedPostgres(binaries, folder, password, port == 0 ? freePort() : port);
        postgres.awaitFirstStart();
        return postgres;
    }

    /** How to connect. Stays the same over restarts. */
    public PostgresAddress address() {
        return address;
    }

    /** The postmaster's process id, while it runs. */
    public Optional<Long> pid() {
        return process.filter(Process::isAlive).map(Process::pid);
    }

    /** Stops the server with a fast shutdown and waits for its end. */
    @Override
    public void close() {
        closed = true;
        supervisor.interrupt();
        process.ifPresent(EmbeddedPostgres::stop);
        try {
            supervisor.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(Process process) {
        Signals.send("INT", process.pid()); // fast shutdown: no waiting for clients
        try {
            if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                LOG.atWarn()
                        .log("the embedded Postgres does not stop; it is killed and will recover at the next start");
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    private void supervise() {
        long delayMillis = 200;
        long born = System.nanoTime();
        while (!closed) {
            long began = System.nanoTime();
            try {
                Process running = launch();
                process = Optional.of(running);
                awaitAnswer(running);
                firstStart.countDown();
                int exit = running.waitFor();
                if (!closed) {
                    LOG.atError()
                            .addKeyValue("exit_code", exit)
                            .log("the embedded Postgres died; it is started again, requests fail until then");
                    OrphanedPostmaster.stop(cluster, STOP_LIMIT);
                }
            } catch (IOException e) {
                boolean starting = firstStart.getCount() > 0;
                if (starting && System.nanoTime() - born > PATIENCE.toNanos()) {
                    firstFailure = Optional.of(e);
                    firstStart.countDown();
                    return;
                }
                if (starting) {
                    // Processes of a life that was killed a moment ago may still be on their way out.
                    pause(200);
                    continue;
                }
                LOG.atError().setCause(e).log("the embedded Postgres does not start; it is tried again");
            } catch (InterruptedException _) {
                if (closed) {
                    process.ifPresent(EmbeddedPostgres::stop);
                    return;
                }
            }
            boolean stable = System.nanoTime() - began > TimeUnit.MINUTES.toNanos(1);
            delayMillis = stable ? 200 : Math.min(delayMillis * 2, 10_000);
            pause(delayMillis);
        }
    }

    private void pause(long millis) {
        try {
            if (!closed) {
                TimeUnit.MILLISECONDS.sleep(millis);
            }
        } catch (InterruptedException _) {
            // Closing; the loop ends by itself.
        }
    }

    private Process launch() throws IOException {
        List<String> command = new ArrayList<>(binaries.asServerUser());
        command.addAll(ParentDeath.signal("INT"));
        command.addAll(List.of(
                binaries.program("postgres").toString(), "-D", cluster.toString(), "-p", Integer.toString(port)));
        return binaries.process(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
    }

    private void awaitAnswer(Process running) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (!answers()) {
            if (!running.isAlive()) {
                throw new IOException("the embedded Postgres ended at once: " + lastLogLine());
            }
            if (System.nanoTime() > deadline) {
                running.destroyForcibly();
                throw new IOException("the embedded Postgres does not answer after " + START_LIMIT.toSeconds() + " s: "
                        + lastLogLine());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean answers() {
        try (var connection = DriverManager.getConnection(
                address.jdbcUrl(), USER, address.password().orElseThrow())) {
            return connection.isValid(2);
        } catch (SQLException _) {
            return false; // It is still starting; the caller asks again and reports the log's last line when it gives
            // up.
        }
    }

    private void awaitFirstStart() throws IOException {
        try {
            firstStart.await();
        } catch (InterruptedException _) {
            close();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the embedded Postgres was starting");
        }
        if (firstFailure.isPresent()) {
            close();
            throw firstFailure.get();
        }
    }

    private String lastLogLine() {
        try {
            List<String> lines = Files.readAllLines(log);
            return lines.isEmpty() ? "its log is empty" : lines.getLast();
        } catch (IOException e) {
            return "its log " + log + " cannot be read (" + e.getMessage() + ")";
        }
    }

    private static String password(Path folder) throws IOException {
        Path file = folder.resolve("password");
        if (!Files.exists(file)) {
            byte[] secret = new byte[24];
            new SecureRandom().nextBytes(secret);
            Path fresh = folder.resolve("password.new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, HexFormat.of().formatHex(secret));
            Files.move(fresh, file);
        }
        return Files.readString(file);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
