package dev.claimcheck.media;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A hijacked ffmpeg, as its worst arguments play it: in the sandbox it gets nowhere; without, each of the same trials succeeds. The service's folder lies below the
 * programs' folder, which is visible inside, so that its cover is put to the test too.
 */
class SandboxTest {
    private static final ProcessLimits LIMITS = new ProcessLimits(
            OptionalInt.of(0),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            1L << 30,
            50 << 20,
            100,
            64 << 20);
    /** How long what never ends lasts; by this it is told apart from that of tests in other processes. */
    private static final String ENDLESS =
            "duration=" + (100_000 + ProcessHandle.current().pid());

    private static final String SECRET = "the one secret of this house, and nobody else's. ".repeat(20);

    @TempDir
    static Path root;

    private static FfmpegTools tools;
    private static Path data;
    private static Isolation sandbox;

    private Path scratch;
    private Path source;
    private ServerSocket listener;
    private final AtomicInteger connections = new AtomicInteger();

    /** What a hijacked ffmpeg might try. */
    enum Trial {
        READ_THE_USERS {
            @Override
            List<String> arguments(SandboxTest test) {
                return copying("file:/etc/passwd");
            }
        },
        READ_THE_ADMINS_KEY {
            @Override
            List<String> arguments(SandboxTest test) {
                return copying("file:" + data.resolve("admin-key"));
            }
        },
        READ_ANOTHERS_VIDEO {
            @Override
            List<String> arguments(SandboxTest test) {
                return copying("file:" + data.resolve("objects/sources/another"));
            }
        },
        READ_THE_SERVICES_ENVIRONMENT {
            @Override
            List<String> arguments(SandboxTest test) {
                return copying("file:/proc/" + ProcessHandle.current().pid() + "/environ");
            }
        },
        WRITE_AMONG_THE_OBJECTS {
            @Override
            List<String> arguments(SandboxTest test) {
                return made("file:" + test.planted());
            }
        },
        CHANGE_ITS_SOURCE {
            @Override
            List<String> arguments(SandboxTest test) {
                return made("file:" + test.source);
            }
        },
        CONNECT_TO_A_LOCAL_SERVICE {
            @Override
            List<String> arguments(SandboxTest test) {
                return copying("tcp://127.0.0.1:" + test.listener.getLocalPort());
            }
        };

        abstract List<String> arguments(SandboxTest test);

        static List<String> copying(String from) {
            return ffmpeg("-f", "s8", "-ar", "8000", "-i", from, "-c", "copy", "-f", "s8", "out.raw");
        }

        static List<String> made(String to) {
            return ffmpeg("-f", "lavfi", "-i", "sine=duration=0.1", "-f", "s8", "-c:a", "pcm_s8", to);
        }
    }

    @BeforeAll
    static void install() throws IOException {
        tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), root.resolve("programs"));
        data = Objects.requireNonNull(tools.ffmpeg().getParent()).resolve("data");
        Files.createDirectories(data.resolve("objects/sources"));
        secret(data.resolve("admin-key"));
        secret(data.resolve("objects/sources/another"));
        sandbox = Isolation.examine(tools, data);
    }

    @BeforeEach
    void prepare() throws IOException {
        scratch = Files.createDirectories(data.resolve("scratch/1-1"));
        source = secret(data.resolve("objects/sources/one"));
        listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::answer);
    }

    @AfterEach
    void cleanUp() throws IOException {
        listener.close();
        try (Stream<Path> files = Files.list(scratch)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.deleteIfExists(planted());
    }

    @Test
    void thisMachineHasASandbox() {
        assertThat(sandbox.shortcoming()).isEmpty();
        assertThat(sandbox.words()).isEqualTo("bubblewrap, limits");
    }

    @ParameterizedTest
    @EnumSource
    void whatAHijackedFfmpegMightTryFails(Trial trial) throws Exception {
        ProcessResult result = run(sandbox, List.of(new MediaInput.LocalFile(source)), trial.arguments(this));

        assertThat(result.succeeded()).isFalse();
        assertThat(loot()).as(result.usefulLine()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void withoutASandboxEachOfTheseTrialsSucceeds(Trial trial) throws Exception {
        run(Isolation.limitsAlone(), List.of(new MediaInput.LocalFile(source)), trial.arguments(this));

        assertThat(loot()).isNotEmpty();
    }

    @Test
    void itsOwnSourceAndScratchAreThereAsEver() throws Exception {
        ProcessResult result = run(sandbox, List.of(new MediaInput.LocalFile(source)), Trial.copying("file:" + source));

        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
        assertThat(scratch.resolve("out.raw")).hasBinaryContent(SECRET.getBytes(UTF_8));
    }

    @Test
    void withASourceBehindAUrlOnlyTheNetworkIsThere() throws Exception {
        MediaInput url = new MediaInput.SignedUrl(
                URI.create("http://127.0.0.1:" + listener.getLocalPort() + "/video"), Optional.empty());

        run(sandbox, List.of(url), Trial.CONNECT_TO_A_LOCAL_SERVICE.arguments(this));
        assertThat(connections).as("the network is shared").hasPositiveValue();
        Files.deleteIfExists(scratch.resolve("out.raw"));
        connections.set(0);

        for (Trial trial : List.of(
                Trial.READ_THE_USERS,
                Trial.READ_THE_ADMINS_KEY,
                Trial.READ_ANOTHERS_VIDEO,
                Trial.READ_THE_SERVICES_ENVIRONMENT,
                Trial.WRITE_AMONG_THE_OBJECTS)) {
            assertThat(run(sandbox, List.of(url), trial.arguments(this)).succeeded())
                    .as(trial.toString())
                    .isFalse();
            assertThat(loot()).as(trial.toString()).isEmpty();
        }
    }

    /** As root the tests see only how root does it; the same words, said by somebody without any right, do the same. */
    @Test
    void itWorksTheSameForAUserWithoutRights() throws Exception {
        assumeThat(System.getProperty("user.name")).isEqualTo("root");
        List<String> asNobody = List.of("setpriv", "--reuid", "4321", "--regid", "4321", "--clear-groups");
        Path home = Files.createTempDirectory("claimcheck-user");
        try {
            // No private folder of root's lies on the way to these.
            for (String folder : List.of("scratch", "sources")) {
                Files.createDirectory(home.resolve(folder));
            }
            Path video = secret(home.resolve("sources/video"));
            Path programs = home.resolve("ffmpeg");
            execute("cp", "-r", tools.ffmpeg().resolveSibling("").toString(), programs.toString());
            execute("chown", "-R", "4321:4321", home.toString());
            FfmpegTools own = new FfmpegTools(
                    programs.resolve("ffmpeg"),
                    programs.resolve("ffprobe"),
                    Map.of("LD_LIBRARY_PATH", programs + ":" + programs.resolve("stubs")),
                    tools.version(),
                    tools.origin());
            Bubblewrap ours = sandbox.sandbox().orElseThrow().bubblewrap();
            Bubblewrap theirs = new Bubblewrap(ours.program(), ours.own(), own, home.resolve("data"));
            List<String> command = new ArrayList<>(asNobody);
            command.addAll(theirs.words(List.of(new MediaInput.LocalFile(video)), home.resolve("scratch"), true));
            command.addAll(List.of("--", own.ffmpeg().toString()));
            command.addAll(Trial.copying("file:" + video));

            execute(command.toArray(String[]::new));

            assertThat(home.resolve("scratch/out.raw")).hasBinaryContent(SECRET.getBytes(UTF_8));
        } finally {
            execute("rm", "-rf", home.toString());
        }
    }

    @Test
    void whatIsCalledOffIsDeadWithEverythingItStarted() throws Exception {
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread running = Thread.ofVirtual().start(() -> {
            try {
                processes(sandbox, LIMITS).ffmpeg(endless("null", "-"), List.of(), scratch, _ -> {});
                interrupted.complete(false);
            } catch (InterruptedException _) {
                interrupted.complete(true);
            }
        });
        await().atMost(Duration.ofSeconds(20)).until(() -> alive() >= 3); // bubblewrap, its first process, ffmpeg

        running.interrupt();

        assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
        assertThat(alive()).isZero();
    }

    private static long alive() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(ENDLESS))
                .count();
    }

    private static List<String> endless(String format, String to) {
        return ffmpeg("-f", "lavfi", "-i", "testsrc2=" + ENDLESS + ":size=640x360", "-f", format, to);
    }

    /** The arguments that the service begins every call with, and these. */
    private static List<String> ffmpeg(String... end) {
        List<String> arguments =
                new ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "warning", "-progress", "pipe:1"));
        arguments.addAll(List.of(end));
        return arguments;
    }

    /** What a trial brought home; empty where it failed. */
    private String loot() throws IOException {
        Path copy = scratch.resolve("out.raw");
        if (Files.exists(copy) && Files.size(copy) > 0) {
            return "a copy of " + Files.size(copy) + " bytes";
        }
        if (Files.exists(planted())) {
            return "a file among the objects";
        }
        if (!Files.readString(source, java.nio.charset.StandardCharsets.ISO_8859_1)
                .equals(SECRET)) {
            return "a changed source";
        }
        return connections.get() > 0 ? "a connection" : "";
    }

    private Path planted() {
        return data.resolve("objects/planted");
    }

    private ProcessResult run(Isolation isolation, List<MediaInput> inputs, List<String> arguments)
            throws InterruptedException {
        return processes(isolation, LIMITS).ffmpeg(arguments, inputs, scratch, _ -> {});
    }

    private static MediaProcesses processes(Isolation isolation, ProcessLimits limits) {
        return new MediaProcesses(tools, isolation, limits);
    }

    private void answer() {
        while (!listener.isClosed()) {
            try (Socket socket = listener.accept()) {
                connections.incrementAndGet();
                socket.getOutputStream().write(new byte[4096]);
            } catch (IOException _) {
                return; // The test is over.
            }
        }
    }

    private static Path secret(Path file) throws IOException {
        Files.writeString(file, SECRET);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void execute(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
