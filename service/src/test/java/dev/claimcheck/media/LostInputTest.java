package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real ffmpeg on a source behind a URL whose server breaks off: it would end a shorter video with exit code 0. */
class LostInputTest {
    @TempDir
    Path scratch;

    private MediaProcesses processes;
    private byte[] clip = new byte[0];
    private HttpServer server;
    private final AtomicInteger requests = new AtomicInteger();
    private volatile boolean whole;

    @BeforeEach
    void start() throws Exception {
        FfmpegTools tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), scratch.resolve("programs"));
        processes = new MediaProcesses(
                tools,
                Isolation.examine(tools, scratch),
                new ProcessLimits(
                        OptionalInt.of(0),
                        Duration.ofSeconds(60),
                        Duration.ofMinutes(2),
                        Duration.ofMinutes(2),
                        2L << 30,
                        1L << 30,
                        100,
                        64 << 20));
        ProcessResult made = processes.ffmpeg(
                List.of(
                        "-nostdin",
                        "-y",
                        "-progress",
                        "pipe:1",
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=duration=20:size=640x360:rate=30",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-g",
                        "30",
                        "-movflags",
                        "+faststart",
                        "clip.mp4"),
                List.of(),
                scratch,
                _ -> {});
        assertThat(made.succeeded()).as(made.usefulLine()).isTrue();
        clip = Files.readAllBytes(scratch.resolve("clip.mp4"));
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aSourceThatBreaksOffIsLost() throws InterruptedException {
        ProcessResult result = transcode();

        assertThat(requests).as("it was tried again").hasValueGreaterThan(2);
        assertThat(result.ending()).isEqualTo(ProcessResult.Ending.INPUT_LOST);
    }

    @Test
    void aSourceThatComesWholeIsNot() throws InterruptedException {
        whole = true;

        assertThat(transcode().ending()).isEqualTo(ProcessResult.Ending.SUCCESS);
    }

    private ProcessResult transcode() throws InterruptedException {
        MediaInput input = new MediaInput.SignedUrl(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/clip"), Optional.empty());
        List<String> arguments = new java.util.ArrayList<>(
                List.of("-nostdin", "-y", "-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1"));
        arguments.addAll(input.protocolOptions());
        arguments.addAll(List.of("-f", "mov", "-i", input.name(), "-c", "copy", "-f", "mp4", "out.mp4"));
        return processes.ffmpeg(arguments, List.of(input), scratch, _ -> {});
    }

    /** The first answer breaks off in the middle; every later one fails, as a storage does that has just gone. */
    private void answer(HttpExchange exchange) throws IOException {
        int from = from(exchange);
        if (requests.getAndIncrement() > 0 && !whole) {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
            return;
        }
        exchange.getResponseHeaders().add("Accept-Ranges", "bytes");
        exchange.getResponseHeaders()
                .add("Content-Range", "bytes " + from + "-" + (clip.length - 1) + "/" + clip.length);
        exchange.sendResponseHeaders(206, clip.length - from);
        int end = whole ? clip.length : clip.length / 2;
        exchange.getResponseBody().write(Arrays.copyOfRange(clip, from, Math.max(from, end)));
        exchange.getResponseBody().flush();
        exchange.close();
    }

    private static int from(HttpExchange exchange) {
        String range = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                .orElse("bytes=0-");
        return Integer.parseInt(range.substring("bytes=".length(), range.indexOf('-')));
    }
}
