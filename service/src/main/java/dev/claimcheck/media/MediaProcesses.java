package dev.claimcheck.media;

import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one place that starts ffmpeg and ffprobe: in a sandbox that shows them the inputs of the call and its scratch folder and nothing else, with no standard input, a
 * clean environment, a session of their own, low priority, limits, and death together with this process. Thread-safe.
 */
public final class MediaProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(MediaProcesses.class);
    /**
     * The kernel sends the parent-death signal when the <em>thread</em> that started the child ends, so children are started by one
     * thread that never does; a virtual thread's carrier may go away at any time and would take a healthy ffmpeg with it.
     */
    private static final ExecutorService STARTER = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-starter").factory());

    /** How a process ends that was killed: 128 + SIGKILL. */
    private static final int KILLED = 137;

    private static final int MOST_OUTPUT = 16 << 20;
    private static final int LONGEST_LINE = 8192;
    /** Longest look at a source; the packets of ten minutes are listed in about a second. */
    private static final Duration PROBE_TIME = Duration.ofMinutes(5);
    /** A scan reads the whole source. */
    private static final Duration SCAN_TIME = Duration.ofMinutes(30);

    /** What one call runs. */
    private record Call(
            Path program,
            List<String> arguments,
            List<MediaInput> inputs,
            Path scratch,
            boolean writable,
            ProcessLimits bounds) {}

    private final FfmpegTools tools;
    private final ProcessCommand command;
    private final ProcessLimits limits;

    public MediaProcesses(FfmpegTools tools, Isolation isolation, ProcessLimits limits) {
        this(tools, new ProcessCommand(tools, isolation), limits);
    }

    private MediaProcesses(FfmpegTools tools, ProcessCommand command, ProcessLimits limits) {
        this.tools = tools;
        this.command = command;
        this.limits = limits;
    }

    /** Which ffmpeg this is: another one may make other bytes of the same arguments. */
    public String tool() {
        return tools.version() + " " + tools.origin();
    }

    /**
     * The same for little work that somebody waits for: it goes before what takes minutes. Beside transcodes and scans, with a dozen threads between them, a poster took 2.9 s once instead of 1.4.
     */
    public MediaProcesses hurried() {
        return new MediaProcesses(tools, command, limits.hurried());
    }

    /** The limits that apply where a call names no others. */
    public ProcessLimits limits() {
        return limits;
    }

    /**
     * Runs ffmpeg with these arguments; they must contain {@code -progress pipe:1}.
     *
     * @param inputs what it may read besides its scratch folder: the source, where the arguments name one
     * @param scratch its working directory, and the only place that it may write to
     * @param onProgress told of each report, on another thread
     * @throws InterruptedException when called off; the process has ended by then
     */
    public ProcessResult ffmpeg(
            List<String> arguments, List<MediaInput> inputs, Path scratch, Consumer<FfmpegProgress> onProgress)
            throws InterruptedException {
        AtomicLong lastProgress = new AtomicLong(System.nanoTime());
        ProgressParser parser = new ProgressParser();
        FfmpegProgress[] latest = {new FfmpegProgress(Duration.ofNanos(-1), -1)};
        ScratchWatch watch = new ScratchWatch(scratch, limits);
        ProcessResult result = run(
                new Call(tools.ffmpeg(), limited(arguments), inputs, scratch, true, limits),
                lastProgress,
                new ErrorOutput(),
                watch::isOverfull,
                output -> OutputLines.read(
                        output,
                        LONGEST_LINE,
                        line -> parser.line(line).ifPresent(progress -> {
                            if (!progress.equals(latest[0])) {
                                latest[0] = progress;
                                lastProgress.set(System.nanoTime());
                            }
                            onProgress.accept(progress);
                        })));
        if (watch.removeOddities()) {
            return new ProcessResult(
                    ProcessResult.Ending.ERROR,
                    result.exitCode(),
                    "it left something other than plain files",
                    "",
                    result.log());
        }
        return result.succeeded() && watch.isOverfull() ? result.as(ProcessResult.Ending.OUTPUT_TOO_LARGE) : result;
    }

    /** In front of everything an option is one of the first input, which is the source. */
    private List<String> limited(List<String> arguments) {
        return Stream.concat(Stream.of("-max_pixels", Long.toString(limits.decodedPixels())), arguments.stream())
                .toList();
    }

    /**
     * Runs ffprobe with these arguments and gives its output, of which there may be 16 Mi characters.
     *
     * @param inputs what it may read besides its scratch folder
     * @param scratch its working directory; it cannot write there
     */
    public ProcessResult ffprobe(List<String> arguments, List<MediaInput> inputs, Path scratch)
            throws InterruptedException {
        StringBuilder output = new StringBuilder();
        AtomicBoolean tooMuch = new AtomicBoolean();
        ErrorOutput errors = new ErrorOutput();
        ProcessResult result = run(
                new Call(tools.ffprobe(), arguments, inputs, scratch, false, limits.within(PROBE_TIME)),
                new AtomicLong(Long.MAX_VALUE),
                errors,
                tooMuch::get,
                reader -> tooMuch.set(!readUpTo(MOST_OUTPUT, reader, output)));
        // Nothing is written here by halves: a source that was hard to reach is simply looked at again later.
        ProcessResult.Ending ending = result.ending() == ProcessResult.Ending.SUCCESS && errors.hadNetworkTrouble()
                ? ProcessResult.Ending.INPUT_LOST
                : tooMuch.get() ? ProcessResult.Ending.OUTPUT_TOO_LARGE : result.ending();
        return new ProcessResult(ending, result.exitCode(), result.usefulLine(), output.toString(), result.log());
    }

    /**
     * Runs ffprobe with these arguments.
     *
     * @param onLine told of each line of its output, on another thread; not any more when this returns. Lines that are longer than any we ask for are cut
     */
    public ProcessResult ffprobe(List<String> arguments, List<MediaInput> inputs, Path scratch, Consumer<String> onLine)
            throws InterruptedException {
        ErrorOutput errors = new ErrorOutput();
        ProcessResult result = run(
                new Call(tools.ffprobe(), arguments, inputs, scratch, false, limits.within(SCAN_TIME)),
                new AtomicLong(Long.MAX_VALUE),
                errors,
                () -> false,
                reader -> OutputLines.read(reader, LONGEST_LINE, onLine));
        return result.ending() == ProcessResult.Ending.SUCCESS && errors.hadNetworkTrouble()
                ? result.as(ProcessResult.Ending.INPUT_LOST)
                : result;
    }

    /** Whether all of it fits; what does not is left unread, and the process waits with it until it is ended. */
    private static boolean readUpTo(int most, Reader from, StringBuilder to) throws IOException {
        char[] buffer = new char[8192];
        for (int length = from.read(buffer); length >= 0; length = from.read(buffer)) {
            if (to.length() + length > most) {
                return false;
            }
            to.append(buffer, 0, length);
        }
        return true;
    }

    private ProcessResult run(
            Call call, AtomicLong lastProgress, ErrorOutput errors, BooleanSupplier overfull, OutputReader onOutput)
            throws InterruptedException {
        ProcessTree tree = start(call);
        Process process = tree.root();
        Thread output = read(process.inputReader(StandardCharsets.UTF_8), onOutput);
        Thread error = read(
                process.errorReader(StandardCharsets.UTF_8),
                lines -> OutputLines.read(lines, LONGEST_LINE, errors::add));
        try {
            Optional<ProcessResult.Ending> forced = awaitEnd(tree, call.bounds(), lastProgress, overfull);
            if (forced.isPresent()) {
                tree.kill();
            }
            int exit = process.waitFor();
            if (exit == KILLED) {
                tree.kill(); // What a killed sandbox may leave behind would keep its output open.
            }
            output.join();
            error.join();
            return new ProcessResult(
                    forced.orElseGet(() -> errors.ending(exit)), exit, errors.usefulLine(), "", errors.tail());
        } catch (InterruptedException e) {
            tree.kill();
            throw e;
        }
    }

    /** Empty when it ended by itself, else why it must be ended. */
    private static Optional<ProcessResult.Ending> awaitEnd(
            ProcessTree tree, ProcessLimits bounds, AtomicLong lastProgress, BooleanSupplier overfull)
            throws InterruptedException {
        long began = System.nanoTime();
        for (int look = 1; !tree.root().waitFor(250, TimeUnit.MILLISECONDS); look++) {
            long now = System.nanoTime();
            boolean still = lastProgress.get() != Long.MAX_VALUE
                    && now - lastProgress.get() > bounds.noProgress().toNanos();
            if (still || now - began > bounds.wallClock().toNanos()) {
                return Optional.of(ProcessResult.Ending.TIMED_OUT);
            }
            if (look % 4 == 0 && overfull.getAsBoolean()) {
                return Optional.of(ProcessResult.Ending.OUTPUT_TOO_LARGE);
            }
            if (look % 4 == 0 && tree.hasUsed(bounds.cpuTime(), Duration.ofNanos(now - began))) {
                return Optional.of(ProcessResult.Ending.TOO_DEMANDING);
            }
        }
        return Optional.empty();
    }

    private ProcessTree start(Call call) throws InterruptedException {
        List<String> words = List.copyOf(command.words(
                call.program(), call.arguments(), call.inputs(), call.scratch(), call.writable(), call.bounds()));
        ProcessBuilder builder =
                new ProcessBuilder(words).directory(call.scratch().toFile()).redirectInput(new File("/dev/null"));
        builder.environment().clear();
        builder.environment().putAll(command.environment());
        CompletableFuture<ProcessTree> started = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return new ProcessTree(builder.start(), words, call.scratch());
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
            started.join().kill();
            throw e;
        }
    }

    private interface OutputReader {
        void read(Reader output) throws IOException;
    }

    private static Thread read(Reader output, OutputReader reader) {
        return Thread.ofVirtual().name("process-output").start(() -> {
            try (output) {
                reader.read(output);
            } catch (IOException e) {
                // The pipe breaks when the process is killed; its exit code tells the story.
                LOG.atDebug().setCause(e).log("a process's output broke off");
            }
        });
    }
}
