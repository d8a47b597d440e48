package dev.claimcheck.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A postmaster that outlived the service which started it. */
final class OrphanedPostmaster {
    private static final Logger LOG = LoggerFactory.getLogger(OrphanedPostmaster.class);

    private OrphanedPostmaster() {}

    /**
     * Stops the postmaster named in the cluster's {@code postmaster.pid}, if it still runs. A process that merely got the same
     * id is left alone: its command line must name our cluster.
     */
    static void stop(Path cluster, Duration limit) throws IOException {
        dropLockOfTheDead(cluster);
        Optional<ProcessHandle> orphan = find(cluster);
        if (orphan.isEmpty()) {
            return;
        }
        long pid = orphan.get().pid();
        LOG.atWarn().addKeyValue("pid", pid).log("a Postgres left by an earlier life is stopped first");
        for (String signal : List.of("INT", "QUIT", "KILL")) {
            Signals.send(signal, pid);
            if (ended(orphan.get().onExit(), limit)) {
                return;
            }
        }
        throw new IOException(
                "process " + pid + " uses " + cluster + " and cannot be stopped; stop it by hand and start again");
    }

    /** A process that was killed but not yet reaped still counts as running for Postgres, which would refuse to start. */
    private static void dropLockOfTheDead(Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        if (Files.exists(file)) {
            List<String> lines = Files.readAllLines(file);
            Path status =
                    Path.of("/proc", lines.isEmpty() ? "none" : lines.getFirst().strip(), "stat");
            if (Files.exists(status)
                    && Files.readString(status).replaceFirst(".*\\) ", "").startsWith("Z")) {
                Files.delete(file);
            }
        }
    }

    private static boolean ended(CompletableFuture<ProcessHandle> exit, Duration limit) throws IOException {
        try {
            exit.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (ExecutionException e) {
            throw new IOException("cannot wait for the earlier Postgres", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the earlier Postgres was stopping", e);
        }
    }

    private static Optional<ProcessHandle> find(Path cluster) throws IOException {
        Path file = cluster.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,9}")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                .filter(ProcessHandle::isAlive)
                .filter(process -> commandLine(process.pid()).contains(cluster.toString()));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException _) {
            return ""; // It ended between the two looks.
        }
    }
}
