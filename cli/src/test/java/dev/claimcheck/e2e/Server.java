package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A running {@code claimcheck serve} on a data folder of its own, with everything embedded. */
final class Server implements AutoCloseable {
    static final Path LAUNCHER = repositoryRoot().resolve("claimcheck");

    private final Path data;
    private final int port;
    private final Map<String, String> environment;
    /** What the launcher is started by; empty for this process. */
    private final List<String> parent;

    private Process process;

    private Server(Path data, int port, Map<String, String> environment, List<String> parent) {
        this.data = data;
        this.port = port;
        this.environment = environment;
        this.parent = parent;
        this.process = launch();
    }

    /** Starts the program and waits until it is ready. Settings are environment variables. */
    static Server start(Map<String, String> environment) {
        return start(Clip.WORK.resolve("data-" + System.nanoTime()), environment);
    }

    static Server start(Path data, Map<String, String> environment) {
        return start(data, environment, List.of());
    }

    /** Starts it as the first process of what looks like a container to it; needs root. */
    static Server startAsFirstProcess(Map<String, String> environment) {
        return start(
                Clip.WORK.resolve("data-" + System.nanoTime()),
                environment,
                List.of("unshare", "--pid", "--fork", "--mount-proc"));
    }

    private static Server start(Path data, Map<String, String> environment, List<String> parent) {
        Server server = new Server(data, freePort(), new HashMap<>(environment), parent);
        server.awaitReady();
        return server;
    }

    /** Starts the same server again on the same folder and port. */
    void restart() {
        process = launch();
        awaitReady();
    }

    void awaitReady() {
        await("the service becomes ready")
                .atMost(Duration.ofSeconds(90))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    assertThat(process.isAlive())
                            .as(() -> "the service died: " + log())
                            .isTrue();
                    return api().isReady();
                });
    }

    Api api() {
        return new Api(baseUri(), Optional.of(adminKeyFile()));
    }

    URI baseUri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Path data() {
        return data;
    }

    long pid() {
        return process.pid();
    }

    Path adminKeyFile() {
        return data.resolve("admin-key");
    }

    String log() {
        try {
            return Files.readString(logFile(data));
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** {@code kill -9} of the JVM alone. */
    void killJvm() {
        signal("KILL", process.pid());
        awaitExit();
    }

    /** {@code kill -9} of the JVM and of everything it started, at once. */
    void killEverything() {
        List<Long> family = new ArrayList<>(List.of(process.pid()));
        process.descendants().map(ProcessHandle::pid).forEach(family::add);
        family.forEach(pid -> signal("KILL", pid));
        awaitExit();
    }

    /** Process ids of this service's children whose command line contains {@code text}. */
    List<Long> children(String text) {
        return process.descendants()
                .filter(child -> commandLine(child.pid()).contains(text))
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Every process of the machine whose command line names this server's data folder, except the service and its own. */
    List<String> orphans() {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            Set<Long> own = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                    .map(ProcessHandle::pid)
                    .collect(Collectors.toSet());
            return all.filter(one -> !own.contains(one.pid()))
                    .map(one -> commandLine(one.pid()))
                    .filter(line -> line.contains(data.toString()))
                    .toList();
        }
    }

    /** How many of its processes have ended without anybody having looked at how. */
    long zombies() {
        return process.descendants()
                .filter(one -> {
                    try {
                        String stat = Files.readString(Path.of("/proc", Long.toString(one.pid()), "stat"));
                        return stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
                    } catch (IOException e) {
                        return false; // It is gone.
                    }
                })
                .count();
    }

    static void signal(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot send a signal", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ')
                    .trim();
        } catch (IOException e) {
            return ""; // It has ended.
        }
    }

    /** Stops as an operator does (TERM) and waits for the end. */
    void stop() {
        if (parent.isEmpty()) {
            process.destroy();
        } else {
            process.children().forEach(ProcessHandle::destroy);
        }
        awaitExit();
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
        Clip.deleteTree(data);
    }

    private void awaitExit() {
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS))
                    .as(() -> "the service ends; its log: " + log())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Process launch() {
        try {
            Files.createDirectories(data);
            List<String> command = new ArrayList<>(parent);
            command.addAll(
                    List.of(LAUNCHER.toString(), "serve", "--data", data.toString(), "--port", Integer.toString(port)));
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(environment);
            builder.environment().put("CLAIMCHECK_BUILD", "never");
            return builder.redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.appendTo(logFile(data).toFile()))
                    .start();
        } catch (IOException e) {
            throw new IllegalStateException("the launcher does not start", e);
        }
    }

    private static Path logFile(Path data) {
        return data.resolveSibling(data.getFileName() + ".log");
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException("no free port", e);
        }
    }

    static Path repositoryRoot() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.exists(here.resolve("claimcheck")) || !Files.exists(here.resolve("pom.xml"))) {
            here = Optional.ofNullable(here.getParent())
                    .orElseThrow(() -> new IllegalStateException("not inside the repository"));
        }
        return here;
    }
}
