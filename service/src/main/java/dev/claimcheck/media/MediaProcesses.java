package dev.claimcheck.media;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The one place that starts ffmpeg and ffprobe: no standard input, a clean environment, a session of their own, low priority, limits, and
 * death together with this process. Thread-safe.
 */
public final class MediaProcesses {
    /**
     * The kernel sends the parent-death signal when the <em>thread</em> that started the child ends, so children are started by one
     * thread that never does; a virtual thread's carrier may go away at any time and would take a healthy ffmpeg with it.
     */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-starter").factory());

    private static final int MOST_OUTPUT = 16 << 20;

    private final FfmpegTools tools;
    private final ProcessLimits limits;

    public MediaProcesses(FfmpegTools tools, ProcessLimits limits) {
        this.tools = tools;
        this.limits = limits;
    }

    /** The limits that apply where a call names no others. */
    public ProcessLimits limits() {
        return limits;
    }

    /**
     * Runs ffmpeg with these arguments; they must contain {@code -progress pipe:1}.
     *
     * @param scratch its working directory
     * @param onProgress told of each report, on another thread
     * @throws InterruptedException when called off; the process has ended by then
     */
    public ProcessResult ffmpeg(List<String> arguments, Path scratch, Consumer<FfmpegProgress> onProgress)
            throws InterruptedException {
        AtomicLong lastProgress = new AtomicLong(System.nanoTime());
        ProgressParser parser = new ProgressParser();
        FfmpegProgress[] latest = {new FfmpegProgress(Duration.ofNanos(-1), -1)};
        return run(
                tools.ffmpeg(),
                arguments,
                scratch,
                limits,
                lastProgress,
                new ErrorOutput(),
                line -> parser.line(line).ifPresent(progress -> {
                    if (!progress.equals(latest[0])) {
                        latest[0] = progress;
                        lastProgress.set(System.nanoTime());
                    }
                    onProgress.accept(progress);
                }));
    }

    /** Runs ffprobe with these arguments and gives its output. */
    public ProcessResult ffprobe(List<String> arguments, Path scratch) throws InterruptedException {
        StringBuilder output = new StringBuilder();
        ProcessResult result = ffprobe(arguments, scratch, line -> {
            if (output.length() < MOST_OUTPUT) {
                output.append(line).append('\n');
            }
        });
        return new ProcessResult(result.ending(), result.exitCode(), result.usefulLine(), output.toString());
    }

    /**
     * Runs ffprobe with these arguments.
     *
     * @param onLine told of each line of its output, on another thread; not any more when this returns
     */
    public ProcessResult ffprobe(List<String> arguments, Path scratch, Consumer<String> onLine)
            throws InterruptedException {
        ErrorOutput errors = new ErrorOutput();
        ProcessResult result = run(
                tools.ffprobe(),
                arguments,
                scratch,
                limits.within(Duration.ofMinutes(5)),
                new AtomicLong(Long.MAX_VALUE),
                errors,
                onLine);
        // Nothing is written here by halves: a source that was hard to reach is simply looked at again later.
        return result.ending() == ProcessResult.Ending.SUCCESS && errors.hadNetworkTrouble()
                ? new ProcessResult(ProcessResult.Ending.INPUT_LOST, result.exitCode(), result.usefulLine(), "")
                : result;
    }

    private ProcessResult run(
            Path program,
            List<String> arguments,
            Path scratch,
            ProcessLimits bounds,
            AtomicLong lastProgress,
            ErrorOutput errors,
            Consumer<String> onLine)
            throws InterruptedException {
        Process process = start(program, arguments, scratch, bounds);
        Thread output = read(process.inputReader(StandardCharsets.UTF_8), onLine);
        Thread error = read(process.errorReader(StandardCharsets.UTF_8), errors::add);
        try {
            boolean timedOut = !ended(process, bounds, lastProgress);
            if (timedOut) {
                kill(process);
            }
            int exit = process.waitFor();
            output.join();
            error.join();
            return new ProcessResult(
                    timedOut ? ProcessResult.Ending.TIMED_OUT : ending(exit, errors), exit, errors.usefulLine(), "");
        } catch (InterruptedException e) {
            kill(process);
            awaitDeath(process);
            throw e;
        }
    }

    private static boolean ended(Process process, ProcessLimits bounds, AtomicLong lastProgress)
            throws InterruptedException {
        long began = System.nanoTime();
        while (!process.waitFor(250, TimeUnit.MILLISECONDS)) {
            long now = System.nanoTime();
            boolean still = lastProgress.get() != Long.MAX_VALUE
                    && now - lastProgress.get() > bounds.noProgress().toNanos();
            if (still || now - began > bounds.wallClock().toNanos()) {
                return false;
            }
        }
        return true;
    }

    private static ProcessResult.Ending ending(int exit, ErrorOutput errors) {
        if (exit == 128 + 25) { // SIGXFSZ
            return ProcessResult.Ending.OUTPUT_TOO_LARGE;
        }
        if (errors.lostItsInput()) {
            return ProcessResult.Ending.INPUT_LOST; // whatever the exit code: ffmpeg ends a broken input with 0
        }
        if (exit == 0) {
            return ProcessResult.Ending.SUCCESS;
        }
        if (errors.mentions("No space left on device")) {
            return ProcessResult.Ending.DISK_FULL;
        }
        boolean ownCrash =
                exit == 128 + 11 || exit == 128 + 6 || exit == 128 + 8; // SEGV, ABRT, FPE: the input did that
        boolean killed = exit > 128 && exit < 160 && !ownCrash;
        return killed || errors.mentions("Cannot allocate memory")
                ? ProcessResult.Ending.KILLED
                : ProcessResult.Ending.ERROR;
    }

    private Process start(Path program, List<String> arguments, Path scratch, ProcessLimits bounds)
            throws InterruptedException {
        List<String> command = new ArrayList<>(wrappers(bounds));
        command.add(program.toString());
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(scratch.toFile()).redirectInput(new java.io.File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(tools.environment());
        builder.environment().put("PATH", "/usr/bin:/bin");
        CompletableFuture<Process> started = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return builder.start();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                STARTER);
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new MediaTroubleException("ffmpeg cannot be started", e.getCause());
        } catch (InterruptedException e) {
            kill(started.join());
            throw e;
        }
    }

    private static List<String> wrappers(ProcessLimits bounds) {
        List<String> command = new ArrayList<>();
        tool("setsid").ifPresent(command::add);
        tool("setpriv").ifPresent(setpriv -> command.addAll(List.of(setpriv, "--pdeathsig", "KILL", "--no-new-privs")));
        command.addAll(priority(bounds));
        tool("prlimit")
                .ifPresent(prlimit ->
                        command.addAll(List.of(prlimit, "--fsize=" + bounds.maxFileBytes(), "--core=0", "--")));
        return command;
    }

    /** A niceness alone lets the API wait up to 90 ms (p99) behind two transcodes on two processors; as an idle task ffmpeg gives way at once: 21 ms. */
    private static List<String> priority(ProcessLimits bounds) {
        return bounds.nice().isPresent()
                ? tool("nice")
                        .map(nice -> List.of(
                                nice, "-n", Integer.toString(bounds.nice().getAsInt())))
                        .orElse(List.of())
                : tool("chrt").map(chrt -> List.of(chrt, "--idle", "0")).orElse(List.of());
    }

    private static Optional<String> tool(String name) {
        Path path = Path.of("/usr/bin", name);
        return Files.isExecutable(path) ? Optional.of(path.toString()) : Optional.empty();
    }

    private static Thread read(BufferedReader reader, Consumer<String> onLine) {
        return Thread.ofVirtual().name("process-output").start(() -> {
            try (reader) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    onLine.accept(line);
                }
            } catch (IOException e) {
                // The pipe breaks when the process is killed; its exit code tells the story.
                onLine.accept("");
            }
        });
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void awaitDeath(Process process) {
        boolean interrupted = Thread.interrupted();
        try {
            process.onExit().get(5, TimeUnit.SECONDS);
        } catch (InterruptedException _) {
            interrupted = true;
        } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new MediaTroubleException("a killed process does not end", e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
