package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sandbox that is killed while it is being born leaves something behind about every third time; that must not stay. */
class StrayProcessesTest {
    /** By this what runs here is told apart from all else. */
    private static final String ENDLESS =
            "testsrc2=size=64x36:duration=" + (200_000 + ProcessHandle.current().pid());

    private static final List<String> ARGUMENTS = List.of(
            "-nostdin",
            "-loglevel",
            "warning",
            "-progress",
            "pipe:1",
            "-re",
            "-f",
            "lavfi",
            "-i",
            ENDLESS,
            "-f",
            "null",
            "-");

    @TempDir
    static Path programs;

    private static FfmpegTools tools;
    private static Isolation sandbox;

    @TempDir
    Path data;

    private Path scratch;

    @BeforeAll
    static void install() {
        tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), programs);
        sandbox = Isolation.examine(tools, programs);
        assertThat(sandbox.shortcoming()).isEmpty();
    }

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectories(data.resolve("scratch/34-1"));
    }

    @AfterEach
    void endAll() {
        running().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void whatACallLeftBehindIsEnded() throws Exception {
        leaveSomethingBehind(scratch);

        StrayProcesses.endOf(command(scratch), scratch);

        assertThat(running()).isEmpty();
    }

    @Test
    void anotherCallsProcessesAreLeftAlone() throws Exception {
        leaveSomethingBehind(scratch);
        Path other = Files.createDirectories(data.resolve("scratch/34-2"));

        StrayProcesses.endOf(command(other), other);

        assertThat(running()).isNotEmpty();
    }

    @Test
    void whatAnEarlierLifeLeftBehindIsEndedAndAnotherServicesIsNot() throws Exception {
        leaveSomethingBehind(scratch);

        StrayProcesses.endBelow(tools, data.resolve("scratch/3"));
        assertThat(running()).isNotEmpty();

        StrayProcesses.endBelow(tools, data.resolve("scratch"));
        assertThat(running()).isEmpty();
    }

    @Test
    void withoutASandboxWhatAnEarlierLifeLeftBehindIsKnownByItsFolder() throws Exception {
        Process orphan = start(new ProcessCommand(tools, Isolation.limitsAlone()), scratch);
        String line = tools.ffmpeg() + " " + String.join(" ", ARGUMENTS);
        await().until(() ->
                orphan.info().commandLine().orElse("").equals(line)); // Behind the tools that set its limits.

        StrayProcesses.endBelow(tools, data.resolve("another"));
        assertThat(orphan.isAlive()).isTrue();

        StrayProcesses.endBelow(tools, data.resolve("scratch"));
        assertThat(orphan.waitFor(5, TimeUnit.SECONDS)).isTrue();
    }

    /** The first process of a PID namespace has not ended before all of it has been reaped, also what somebody outside has started there and does not reap. */
    @Test
    void whatCannotBeKilledIsLeftAlone() throws Exception {
        ProcessCommand command = new ProcessCommand(tools, Isolation.limitsAlone());
        List<String> first = new ArrayList<>(List.of("unshare", "--user", "--map-root-user", "--pid", "--fork"));
        first.addAll(words(command, scratch));
        ProcessHandle stuck = awaitChild(start(command, first, scratch));
        String line = tools.ffmpeg() + " " + String.join(" ", ARGUMENTS);
        await().until(() -> stuck.info().commandLine().orElse("").equals(line));
        Process careless = new ProcessBuilder(
                        "nsenter", "--target", "" + stuck.pid(), "-U", "--preserve-credentials", "-p", "sleep", "100")
                .start();
        try {
            awaitChild(careless);
            signal("STOP", careless);

            StrayProcesses.endBelow(tools, data.resolve("scratch"));

            assertThat(stuck.isAlive()).isTrue();
        } finally {
            careless.destroyForcibly();
        }
        stuck.onExit().get(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallEndsWhereItsSandboxDiesAtBirth(boolean calledOff) throws Exception {
        MediaProcesses processes = new MediaProcesses(tools, sandbox, RealFfmpeg.LIMITS);
        for (int round = 0; round < 24; round++) {
            CompletableFuture<String> outcome = new CompletableFuture<>();
            Thread call = Thread.ofVirtual().start(() -> {
                try {
                    outcome.complete(processes
                            .ffmpeg(ARGUMENTS, List.of(), scratch, _ -> {})
                            .ending()
                            .toString());
                } catch (InterruptedException _) {
                    outcome.complete("called off");
                }
            });
            if (calledOff) {
                // What is killed with it was looked for before, and the first process bears another meanwhile.
                awaitStart();
                LockSupport.parkNanos(Duration.ofMillis(round / 4).toNanos());
                call.interrupt();
            } else {
                awaitBirth().destroyForcibly();
            }

            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(calledOff ? "called off" : "KILLED");
            assertThat(running()).isEmpty();
        }
    }

    @Test
    void aProcessIsDeadWhenAllItsThreadsAre() {
        String fields = " 1 77 77 0 -1 4227084 20 0 0 0 1 2 0 0 39 19 %d 0 81 0 0";
        assertThat(ProcessTree.isWhollyDead("77 (ffmpeg) Z" + fields.formatted(1)))
                .isTrue();
        assertThat(ProcessTree.isWhollyDead("77 (ffmpeg) Z" + fields.formatted(4)))
                .as("a first thread that has ended before the others")
                .isFalse();
        assertThat(ProcessTree.isWhollyDead("77 (a) Z 1) D" + fields.formatted(1)))
                .as("a name that looks like a state")
                .isFalse();
    }

    /** Kills sandboxes in the moment of their birth until one leaves something behind. */
    private static void leaveSomethingBehind(Path scratch) throws Exception {
        for (int attempt = 0; attempt < 500; attempt++) {
            start(new ProcessCommand(tools, sandbox), scratch);
            ProcessHandle outer = awaitBirth();
            outer.destroyForcibly();
            outer.onExit().get(10, TimeUnit.SECONDS);
            if (outlives(Duration.ofMillis(50))) {
                return;
            }
        }
        throw new AssertionError("no sandbox left anything behind: this machine's bubblewrap may be free of the race");
    }

    private static boolean outlives(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            if (running().isEmpty()) {
                return false;
            }
        }
        return true;
    }

    /** The first process of a call, at the moment when it has its first child. */
    private static ProcessHandle awaitBirth() throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        ProcessHandle first = awaitStart();
        String pid = Long.toString(first.pid());
        Path children = Path.of("/proc", pid, "task", pid, "children"); // A look at all processes would come too late.
        while (Files.readString(children).isEmpty()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
        }
        return first;
    }

    private static ProcessHandle awaitStart() {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        List<ProcessHandle> seen = running();
        while (seen.isEmpty() && System.nanoTime() < end) {
            seen = running();
        }
        return seen.getFirst();
    }

    private static ProcessHandle awaitChild(Process parent) {
        return await().until(() -> parent.children().findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    private static void signal(String name, Process process) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid())
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Process start(ProcessCommand command, Path scratch) throws IOException {
        return start(command, words(command, scratch), scratch);
    }

    private static Process start(ProcessCommand command, List<String> words, Path scratch) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(command.environment());
        return builder.start();
    }

    private static List<String> command(Path scratch) {
        return words(new ProcessCommand(tools, sandbox), scratch);
    }

    private static List<String> words(ProcessCommand command, Path scratch) {
        return command.words(tools.ffmpeg(), ARGUMENTS, List.of(), scratch, true, RealFfmpeg.LIMITS);
    }

    private static List<ProcessHandle> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(ENDLESS))
                .toList();
    }
}
