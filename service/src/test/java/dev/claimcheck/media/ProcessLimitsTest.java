package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.media.ProcessResult.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every limit ends the real ffmpeg that reaches it, and its ending says which; in the sandbox and without one. */
class ProcessLimitsTest {
    private static final ProcessLimits WIDE = new ProcessLimits(
            OptionalInt.of(0),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            Duration.ofSeconds(60),
            1L << 30,
            200 << 20,
            1_000,
            640 * 480);

    @TempDir
    static Path programs;

    private static FfmpegTools tools;

    @TempDir
    Path scratch;

    @BeforeAll
    static void install() {
        tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), programs);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void processorTime(boolean sandboxed) throws Exception {
        assertThat(ffmpeg(
                        sandboxed,
                        limits(Duration.ofSeconds(1), 1L << 30, 200 << 20, 1_000),
                        endless("-f", "null", "-")))
                .isEqualTo(Ending.TOO_DEMANDING);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void memory(boolean sandboxed) throws Exception {
        List<String> large = arguments(
                "color=size=256x256:duration=1", "-vf", "scale=16000:16000", "-frames:v", "1", "-f", "null", "-");

        assertThat(ffmpeg(sandboxed, WIDE, large)).isEqualTo(Ending.SUCCESS);
        assertThat(ffmpeg(sandboxed, limits(Duration.ofSeconds(60), 250 << 20, 200 << 20, 1_000), large))
                .isEqualTo(Ending.TOO_DEMANDING);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void oneLargeFile(boolean sandboxed) throws Exception {
        assertThat(ffmpeg(
                        sandboxed,
                        limits(Duration.ofSeconds(60), 1L << 30, 5_000_000, 1_000),
                        endless("-c:v", "rawvideo", "-f", "nut", "out.nut")))
                .isEqualTo(Ending.OUTPUT_TOO_LARGE);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void manyFilesOfAllowedSize(boolean sandboxed) throws Exception {
        assertThat(ffmpeg(
                        sandboxed,
                        limits(Duration.ofSeconds(60), 1L << 30, 200 << 20, 20),
                        endless("-c:v", "mjpeg", "-f", "image2", "f%06d.jpg")))
                .isEqualTo(Ending.OUTPUT_TOO_LARGE);
        assertThat(ffmpeg(
                        sandboxed,
                        limits(Duration.ofSeconds(60), 1L << 30, 5_000_000, 1_000_000),
                        arguments("testsrc2=duration=2:size=640x360", "-c:v", "bmp", "-f", "image2", "g%06d.bmp")))
                .as("at the end at the latest")
                .isEqualTo(Ending.OUTPUT_TOO_LARGE);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void wallClock(boolean sandboxed) throws Exception {
        assertThat(ffmpeg(sandboxed, WIDE.within(Duration.ofSeconds(1)), endless("-re", "-f", "null", "-")))
                .isIn(Ending.TIMED_OUT, Ending.TOO_DEMANDING);
    }

    /** A probe sees how a source begins; what is larger behind that is not decoded. */
    @Test
    void pictureThatGrows() throws Exception {
        Path grows = scratch.resolve("grows.h264");
        for (String size : List.of("320x240", "1280x960")) {
            assertThat(ffmpeg(
                            false,
                            WIDE,
                            arguments(
                                    "testsrc2=duration=1:rate=10:size=" + size,
                                    "-pix_fmt",
                                    "yuv420p",
                                    "-f",
                                    "h264",
                                    size)))
                    .isEqualTo(Ending.SUCCESS);
            Files.write(
                    grows,
                    Files.readAllBytes(scratch.resolve(size)),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        }

        assertThat(framesOf(grows, 320 * 240)).isEqualTo(10);
        assertThat(framesOf(grows, 1280 * 960)).isEqualTo(20);
    }

    private int framesOf(Path source, int pixels) throws Exception {
        Path frames = scratch.resolve("frames.gray");
        ProcessLimits limits = limits(WIDE.nice(), pixels);
        List<String> arguments = List.of(
                "-nostdin",
                "-y",
                "-loglevel",
                "warning",
                "-progress",
                "pipe:1",
                "-f",
                "h264",
                "-i",
                source.toString(),
                "-vf",
                "scale=32:32",
                "-fps_mode",
                "passthrough",
                "-pix_fmt",
                "gray",
                "-f",
                "rawvideo",
                "frames.gray");
        assertThat(ffmpeg(false, limits, arguments)).isEqualTo(Ending.SUCCESS);
        return Math.toIntExact(Files.size(frames) / (32 * 32));
    }

    /** What ffprobe is made to print must not fill our memory: gigabytes of tags on one line. */
    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void whatAProbePrints(boolean sandboxed) throws Exception {
        script("ffprobe", "while :; do printf '%01000000d' 0; done");
        FfmpegTools talkative = scripted();

        ProcessResult result = new MediaProcesses(talkative, isolation(sandboxed, talkative), WIDE)
                .ffprobe(List.of(), List.of(), scratch);

        assertThat(result.ending()).isEqualTo(Ending.OUTPUT_TOO_LARGE);
        assertThat(result.output()).hasSizeLessThanOrEqualTo(16 << 20);
    }

    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void whatSomebodyWaitsForGoesFirst(boolean sandboxed) throws Exception {
        script("ffmpeg", "nice > fine");
        FfmpegTools asking = scripted();
        ProcessLimits limits = limits(OptionalInt.of(8), WIDE.pixels());
        MediaProcesses processes = new MediaProcesses(asking, isolation(sandboxed, asking), limits);

        assertThat(niceness(processes) - niceness(processes.hurried())).isEqualTo(4);
    }

    private int niceness(MediaProcesses processes) throws Exception {
        processes.ffmpeg(List.of(), List.of(), scratch, _ -> {});
        return Integer.parseInt(Files.readString(scratch.resolve("fine")).strip());
    }

    /** We would follow it, outside of the sandbox, and publish what it names. */
    @ParameterizedTest(name = "in a sandbox: {0}")
    @ValueSource(booleans = {true, false})
    void onlyPlainFilesMayBeLeft(boolean sandboxed) throws Exception {
        script("ffmpeg", "ln -s /etc/passwd poster.jpg; mkfifo pipe; echo fine > fine");
        FfmpegTools hijacked = scripted();

        ProcessResult result = new MediaProcesses(hijacked, isolation(sandboxed, hijacked), WIDE)
                .ffmpeg(List.of(), List.of(), scratch, _ -> {});

        assertThat(result.ending()).isEqualTo(Ending.ERROR);
        assertThat(scratch.resolve("poster.jpg")).doesNotExist();
        assertThat(Files.isSymbolicLink(scratch.resolve("poster.jpg"))).isFalse();
        assertThat(scratch.resolve("pipe")).doesNotExist();
        assertThat(scratch.resolve("fine")).exists();
    }

    private Ending ffmpeg(boolean sandboxed, ProcessLimits limits, List<String> arguments) throws InterruptedException {
        return new MediaProcesses(tools, isolation(sandboxed, tools), limits)
                .ffmpeg(arguments, List.of(), scratch, _ -> {})
                .ending();
    }

    private static Isolation isolation(boolean sandboxed, FfmpegTools tools) {
        if (!sandboxed) {
            return Isolation.limitsAlone();
        }
        Isolation isolation = Isolation.examine(tools, programs.resolve("data"));
        assertThat(isolation.shortcoming()).isEmpty();
        return isolation;
    }

    private static ProcessLimits limits(OptionalInt nice, long pixels) {
        return new ProcessLimits(
                nice,
                WIDE.noProgress(),
                WIDE.wallClock(),
                WIDE.cpuTime(),
                WIDE.memoryBytes(),
                WIDE.outputBytes(),
                WIDE.files(),
                pixels);
    }

    private static ProcessLimits limits(Duration cpu, long memory, long output, int files) {
        return new ProcessLimits(
                WIDE.nice(), WIDE.noProgress(), WIDE.wallClock(), cpu, memory, output, files, WIDE.pixels());
    }

    private static List<String> endless(String... rest) {
        return arguments("testsrc2=duration=99999:size=640x360", rest);
    }

    private static List<String> arguments(String source, String... rest) {
        List<String> arguments =
                new java.util.ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "warning", "-progress", "pipe:1"));
        List<String> end = List.of(rest);
        if (end.getFirst().equals("-re")) {
            arguments.add("-re");
            end = end.subList(1, end.size());
        }
        arguments.addAll(List.of("-f", "lavfi", "-i", source));
        arguments.addAll(end);
        return arguments;
    }

    private static void script(String name, String body) throws IOException {
        Path folder = Files.createDirectories(programs.resolve("scripts"));
        Path file = Files.writeString(
                folder.resolve(name),
                "#!/bin/sh\nif [ \"$1\" = -version ]; then echo ffmpeg version 0; exit; fi\n" + body + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static FfmpegTools scripted() throws IOException {
        Path folder = programs.resolve("scripts");
        for (String name : List.of("ffmpeg", "ffprobe")) {
            if (!Files.exists(folder.resolve(name))) {
                script(name, "");
            }
        }
        return new FfmpegTools(
                folder.resolve("ffmpeg"), folder.resolve("ffprobe"), Map.of(), "0", FfmpegTools.Origin.CONFIGURED);
    }
}
