package dev.claimcheck.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Makes the cluster of an embedded Postgres, once. A crash in between leaves a folder that the next start throws away. */
final class ClusterInitialization {
    /** Sized by measurement for a queue: see docs/decisions/0001. Durability settings stay at their safe defaults. */
    private static final String SETTINGS = """

            # Claimcheck
            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''
            max_connections = 200
            shared_buffers = 128MB
            max_wal_size = 1GB
            fsync = on
            synchronous_commit = on
            autovacuum_naptime = 5s
            logging_collector = off
            log_min_messages = warning
            jit = off
            """;

    private final PostgresBinaries binaries;
    private final Path folder;
    private final String user;

    ClusterInitialization(PostgresBinaries binaries, Path folder, String user) {
        this.binaries = binaries;
        this.folder = folder;
        this.user = user;
    }

    void run() throws IOException {
        Path fresh = folder.resolve("cluster.new");
        deleteTree(fresh);
        List<String> command = new ArrayList<>(binaries.asServerUser());
        command.addAll(List.of(
                binaries.program("initdb").toString(),
                "-D",
                fresh.toString(),
                "-U",
                user,
                "-E",
                "UTF8",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--no-instructions",
                "-A",
                "scram-sha-256",
                "--pwfile",
                folder.resolve("password").toString()));
        Process initdb = binaries.process(command).redirectErrorStream(true).start();
        String output = new String(initdb.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (exitCode(initdb) != 0) {
            throw new IOException("the embedded Postgres cannot be set up in " + folder + ": " + output.strip());
        }
        Files.writeString(fresh.resolve("postgresql.conf"), SETTINGS, StandardOpenOption.APPEND);
        Files.move(fresh, folder.resolve("cluster"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the embedded Postgres was set up", e);
        }
    }

    private static void deleteTree(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
