package dev.claimcheck.cli;

import dev.claimcheck.ObjectStores;
import dev.claimcheck.config.ConfigProblems;
import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.config.Setting;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.EmbeddedPostgres;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.media.FfmpegInstallation;
import dev.claimcheck.media.FfmpegSettings;
import dev.claimcheck.media.FfmpegTools;
import dev.claimcheck.media.Isolation;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What {@code doctor} looks at; each check does the real thing. */
final class HealthCheck {
    private static final long ENOUGH_DISK = 5L << 30;

    private HealthCheck() {}

    /** How bad a finding is. */
    enum Grade {
        OK,
        WARN,
        FAIL
    }

    /** One finding; {@code mend} says what to do and is empty where all is well. */
    record Finding(String what, Grade grade, String found, String mend) {}

    static List<Finding> all(Path data, int port) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        findings.add(java());
        findings.add(disk(data));
        findings.add(port(port));
        findings.add(limits());
        findings.add(store(data));
        Optional<Path> scratch = temporaryFolder();
        if (scratch.isEmpty()) {
            findings.add(new Finding(
                    "scratch", Grade.FAIL, "no temporary folder can be made", "Make /tmp writable, or set TMPDIR."));
            return findings;
        }
        try {
            findings.add(ffmpeg(scratch.get()));
            findings.add(isolation(scratch.get(), data));
            findings.add(database(scratch.get()));
        } finally {
            deleteTree(scratch.get());
        }
        return findings;
    }

    private static Finding java() {
        int version = Runtime.version().feature();
        return version >= 25
                ? new Finding("java", Grade.OK, Runtime.version().toString(), "")
                : new Finding("java", Grade.FAIL, "Java " + version, "Install a JDK 25 and set JAVA_HOME to it.");
    }

    private static Finding disk(Path data) {
        try {
            Files.createDirectories(data);
            Path probe = Files.createTempFile(data, "doctor", "");
            long nanos;
            try (FileChannel channel = FileChannel.open(probe, StandardOpenOption.WRITE)) {
                channel.write(java.nio.ByteBuffer.wrap(new byte[4096]));
                long began = System.nanoTime();
                channel.force(true);
                nanos = System.nanoTime() - began;
            } finally {
                Files.delete(probe);
            }
            long free = Files.getFileStore(data).getUsableSpace();
            String found = Words.size(free) + " free in " + data + ", fsync takes " + nanos / 1_000_000 + " ms";
            return free < ENOUGH_DISK
                    ? new Finding(
                            "disk", Grade.WARN, found, "Videos need room: give the service a larger disk with --data.")
                    : new Finding("disk", Grade.OK, found, "");
        } catch (IOException e) {
            return new Finding(
                    "disk",
                    Grade.FAIL,
                    data + " cannot be written (" + e.getMessage() + ")",
                    "Choose another folder with --data, or give this user the right to write there.");
        }
    }

    private static Finding port(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return new Finding("port", Grade.OK, "port " + socket.getLocalPort() + " is free", "");
        } catch (IOException _) {
            return new Finding(
                    "port",
                    Grade.WARN,
                    "port " + port + " is taken",
                    "If that is not Claimcheck itself, choose another with --port.");
        }
    }

    private static Finding store(Path data) {
        try {
            ServiceConfig config =
                    ServiceConfig.load(Map.of(Setting.DATA.key(), data.toString()), System.getenv(), Optional.empty());
            return new Finding("store", Grade.OK, ObjectStores.check(config), "");
        } catch (ConfigProblems e) {
            return new Finding("store", Grade.FAIL, "the configuration cannot be used", String.valueOf(e.getMessage()));
        } catch (StorageException e) {
            String message = String.valueOf(e.getMessage());
            int end = message.indexOf(". ");
            return new Finding(
                    "store",
                    Grade.FAIL,
                    end < 0 ? message : message.substring(0, end),
                    end < 0 ? "Check the settings that begin with s3." : message.substring(end + 2));
        }
    }

    private static Finding limits() {
        List<String> missing = List.of("setpriv", "setsid", "prlimit", "choom", "nice", "chrt").stream()
                .filter(tool -> !Files.isExecutable(Path.of("/usr/bin", tool)))
                .toList();
        return missing.isEmpty()
                ? new Finding(
                        "limits", Grade.OK, "ffmpeg runs with limits, low priority, and dies with the service", "")
                : new Finding(
                        "limits",
                        Grade.WARN,
                        "missing: " + String.join(", ", missing),
                        "Install util-linux and coreutils (apt-get install util-linux coreutils).");
    }

    private static Finding isolation(Path scratch, Path data) {
        String mode = environment("CLAIMCHECK_MEDIA_SANDBOX", "auto");
        if (mode.equals("off")) {
            return new Finding(
                    "isolation",
                    Grade.WARN,
                    "limits (media.sandbox is off)",
                    "Set media.sandbox to \"auto\" or \"required\".");
        }
        try {
            Isolation isolation = Isolation.examine(tools(scratch), data);
            if (isolation.shortcoming().isEmpty()) {
                return new Finding("isolation", Grade.OK, isolation.words(), "");
            }
            Grade grade = mode.equals("required") ? Grade.FAIL : Grade.WARN;
            String[] parts = isolation.shortcoming().split("; ", 2);
            return new Finding("isolation", grade, isolation.words() + ": " + parts[0], sentence(parts[1]));
        } catch (IllegalStateException _) {
            return new Finding("isolation", Grade.WARN, "not tried, for want of an ffmpeg", "See above.");
        }
    }

    private static String sentence(String words) {
        return Character.toUpperCase(words.charAt(0)) + words.substring(1) + ".";
    }

    private static FfmpegTools tools(Path scratch) {
        return FfmpegInstallation.locate(new FfmpegSettings(environment("CLAIMCHECK_MEDIA_FFMPEG", "auto")), scratch);
    }

    private static String environment(String name, String otherwise) {
        return Optional.ofNullable(System.getenv(name)).orElse(otherwise);
    }

    private static Finding ffmpeg(Path scratch) throws InterruptedException {
        try {
            FfmpegTools tools = tools(scratch);
            ProcessBuilder builder = new ProcessBuilder(tools.ffmpeg().toString(), "-hide_banner", "-encoders")
                    .redirectErrorStream(true);
            builder.environment().putAll(tools.environment());
            Process process = builder.start();
            String encoders = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            String found = tools.version() + ", " + tools.origin();
            return encoders.contains("libx264") && encoders.contains(" aac ")
                    ? new Finding("ffmpeg", Grade.OK, found, "")
                    : new Finding(
                            "ffmpeg",
                            Grade.FAIL,
                            found + " without libx264 or aac",
                            "Use the bundled one: set media.ffmpeg to \"bundled\".");
        } catch (IOException | IllegalStateException e) {
            return new Finding("ffmpeg", Grade.FAIL, "none that runs", String.valueOf(e.getMessage()));
        }
    }

    private static Finding database(Path scratch) {
        Optional<String> url = Optional.ofNullable(System.getenv("CLAIMCHECK_DATABASE_URL"));
        if (url.isPresent()) {
            PostgresAddress address = PostgresAddress.parse(url.get());
            return Database.answers(address)
                    ? new Finding("database", Grade.OK, "your Postgres at " + address + " answers", "")
                    : new Finding(
                            "database",
                            Grade.FAIL,
                            "your Postgres at " + address + " does not answer",
                            "Check CLAIMCHECK_DATABASE_URL: host, port, user, password, and that the server runs.");
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(scratch.resolve("postgres"), 0)) {
            return new Finding(
                    "database",
                    Grade.OK,
                    "the embedded Postgres starts (process " + postgres.pid().orElse(0L) + ")",
                    "");
        } catch (IOException e) {
            return new Finding(
                    "database", Grade.FAIL, "the embedded Postgres does not start", String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Path> temporaryFolder() {
        try {
            return Optional.of(Files.createTempDirectory("claimcheck-doctor"));
        } catch (IOException _) {
            return Optional.empty(); // Said as a finding.
        }
    }

    private static void deleteTree(Path folder) {
        try (var tree = Files.walk(folder)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
