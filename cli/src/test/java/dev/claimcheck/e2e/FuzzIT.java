package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Hundreds of damaged videos: each ends, done or refused with a reason, and the service is afterwards what it was before. The damage is the same each time; {@code
 * FUZZ_SEED} chooses another, {@code FUZZ_FILES} how many.
 */
class FuzzIT {
    private static final long SEED = number("FUZZ_SEED", 20261125);
    private static final int FILES = (int) number("FUZZ_FILES", 500);
    private static final int WARM_UP = 40;
    /** Between two polls. */
    private static final Duration PAUSE = Duration.ofMillis(10);

    private static final Pattern HEAP_USED = Pattern.compile("used (\\d+)K");
    /** Codes that say "not the file's fault": none of them may be a damaged file's end. */
    private static final List<String> NOT_THE_FILE =
            List.of("internal_trouble", "storage_trouble", "process_killed", "worker_lost", "unknown_step");

    @Test
    void everyDamagedFileEndsAndTheServiceIsWhatItWas() throws Exception {
        List<byte[]> clips = clips();
        Map<String, Integer> ends = new TreeMap<>();
        try (Server server = Server.start(Map.of(
                "CLAIMCHECK_RETRY_BASE_DELAY", "50ms",
                "CLAIMCHECK_RETRY_MAX_RETRIES", "1",
                "CLAIMCHECK_MEDIA_NO_PROGRESS_TIMEOUT", "10s",
                "CLAIMCHECK_MEDIA_MAX_CPU_TIME", "15s",
                "CLAIMCHECK_MEDIA_MAX_MEMORY", "1GiB",
                "CLAIMCHECK_MEDIA_MAX_OUTPUT_SIZE", "50MB",
                "CLAIMCHECK_QUEUES_VIDEO_PROCESSING_CONCURRENCY", "2"))) {
            run(server, clips, 0, WARM_UP, ends);
            Footprint before = Footprint.of(server);
            Polls polls = Polls.of(server.api());

            run(server, clips, WARM_UP, FILES, ends);

            long p99 = polls.stop();
            await("no process is left")
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> server.children("/ffmpeg").isEmpty()
                            && server.children("/ffprobe").isEmpty());
            assertThat(scratch(server)).isEmpty();
            Footprint after = Footprint.of(server);
            System.out.println("fuzz: seed " + SEED + ", " + FILES + " files, ends " + ends + ", polls p99 " + p99
                    + " ms, before " + before + ", after " + after);
            assertThat(p99).as("p99 of a poll in ms").isLessThan(1_000);
            assertThat(after.heapKib() - before.heapKib())
                    .as("growth of the heap in KiB: %s to %s", before, after)
                    .isLessThan(32 << 10);
            assertThat(after.descriptors()).as("open files").isLessThan(before.descriptors() + 50);
            assertThat(after.threads()).as("threads").isLessThan(before.threads() + 50);
            server.api()
                    .awaitCompleted(server.api()
                            .upload(Clip.mp4(1, "320x180"), "after all that.mp4")
                            .text("job_id"));
        }
    }

    private static void run(Server server, List<byte[]> clips, int from, int to, Map<String, Integer> ends) {
        Api api = server.api();
        Map<Integer, String> jobs = new TreeMap<>();
        for (int number = from; number < to; number++) {
            byte[] damaged = Mutations.of(clips.get(number % clips.size()), new Random(SEED + number));
            Api.Answer answer = api.upload(Clip.bytes("damaged", damaged), number + ".video");
            assertThat(answer.status()).as(answer.body()::toString).isBetween(200, 202);
            jobs.put(number, answer.text("job_id"));
        }
        jobs.forEach((number, job) -> ends.merge(end(server, number, job), 1, Integer::sum));
    }

    /** {@code COMPLETED} or the code of the failure. */
    private static String end(Server server, int number, String job) {
        String file = "file " + number + " of seed " + SEED;
        JsonNode status = server.api().awaitEnd(job);
        status.path("warnings")
                .forEach(warning -> assertThat(warning.path("code").asString(""))
                        .as(() -> file + ": " + status.toPrettyString() + "\n" + server.log())
                        .isNotIn(NOT_THE_FILE));
        if (status.path("status").asString("").equals("COMPLETED")) {
            return "COMPLETED";
        }
        assertThat(status.path("status").asString("")).as(file).isEqualTo("FAILED");
        String code = status.path("error").path("code").asString("");
        assertThat(code)
                .as(() -> file + ": " + status.toPrettyString() + "\n" + server.log())
                .matches("[a-z_]+")
                .isNotIn(NOT_THE_FILE);
        assertThat(status.path("error").path("message").asString(""))
                .as(file)
                .hasSizeGreaterThan(20)
                .doesNotContain("Exception", "0x", server.data().toString());
        return code;
    }

    /** One small clip per container. */
    private static List<byte[]> clips() throws IOException {
        List<String> h264 = List.of("-c:v", "libx264", "-preset", "ultrafast", "-g", "5", "-bf", "1", "-c:a", "aac");
        return List.of(
                clip("a.mp4", h264),
                clip("b.mkv", h264),
                clip("c.webm", List.of("-c:v", "libvpx", "-deadline", "realtime", "-c:a", "libopus")),
                clip("d.ts", h264),
                clip("e.avi", List.of("-c:v", "mpeg4", "-c:a", "libmp3lame")),
                clip("f.flv", List.of("-c:v", "flv", "-c:a", "libmp3lame", "-ar", "44100")),
                clip(
                        "g.mov",
                        List.of(
                                "-c:v",
                                "libx265",
                                "-preset",
                                "ultrafast",
                                "-x265-params",
                                "log-level=error:pools=none:frame-threads=1",
                                "-c:a",
                                "pcm_s16le",
                                "-movflags",
                                "frag_keyframe")),
                clip("h.gif", List.of("-an")));
    }

    private static byte[] clip(String name, List<String> codecs) throws IOException {
        Path file = Clip.WORK.resolve("fuzz-" + name);
        List<String> arguments = new ArrayList<>(List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=duration=0.5:size=64x48:rate=20",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=0.5:sample_rate=48000"));
        arguments.addAll(codecs);
        arguments.addAll(List.of("-threads", "1", "-flags", "+bitexact", "-fflags", "+bitexact", file.toString()));
        Clip.ffmpeg(arguments);
        return Files.readAllBytes(file);
    }

    private static List<Path> scratch(Server server) throws IOException {
        try (Stream<Path> tree = Files.list(server.data().resolve("scratch"))) {
            return tree.toList();
        }
    }

    private static long number(String variable, long otherwise) {
        return Optional.ofNullable(System.getenv(variable)).map(Long::parseLong).orElse(otherwise);
    }

    /** What the service's own process holds; the heap right after a full collection. */
    private record Footprint(long heapKib, long descriptors, long threads) {
        static Footprint of(Server server) throws IOException, InterruptedException {
            jcmd(server, "GC.run");
            Matcher used = HEAP_USED.matcher(jcmd(server, "GC.heap_info"));
            long heap = 0;
            while (used.find()) {
                heap += Long.parseLong(used.group(1));
            }
            Path process = Path.of("/proc", Long.toString(server.pid()));
            try (Stream<Path> descriptors = Files.list(process.resolve("fd"));
                    Stream<Path> threads = Files.list(process.resolve("task"))) {
                return new Footprint(heap, descriptors.count(), threads.count());
            }
        }

        private static String jcmd(Server server, String command) throws IOException, InterruptedException {
            Process process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "jcmd")
                                    .toString(),
                            Long.toString(server.pid()),
                            command)
                    .redirectErrorStream(true)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        }
    }

    /** Somebody who polls all the while. */
    private record Polls(Thread thread, AtomicBoolean stopped, List<Long> nanos) {
        static Polls of(Api api) {
            String job = api.get("/videos/jobs")
                    .body()
                    .path("jobs")
                    .path(0)
                    .path("job_id")
                    .asString("");
            AtomicBoolean stopped = new AtomicBoolean();
            List<Long> nanos = new ArrayList<>();
            Thread thread = Thread.ofVirtual().start(() -> {
                while (!stopped.get()) {
                    long began = System.nanoTime();
                    api.status(job);
                    nanos.add(System.nanoTime() - began);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            });
            return new Polls(thread, stopped, nanos);
        }

        /** Stops, and gives the 99th percentile in milliseconds. */
        long stop() throws InterruptedException {
            stopped.set(true);
            thread.join();
            assertThat(nanos).as("polls").hasSizeGreaterThan(100);
            List<Long> sorted = nanos.stream().sorted().toList();
            return sorted.get((int) (sorted.size() * 0.99)) / 1_000_000;
        }
    }
}
