package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Deaths at the steps that only long videos have: after the restart the job comes out as if nothing had happened, to the byte. */
class LongKillDrillIT {
    /** More than the planner reads at once, so that there is an index. */
    private static final int SECONDS = 124;

    private static Path clip;
    private static Map<String, TreeSet<String>> undisturbed;
    private static HeldFfmpeg ffmpeg;
    private static Server server;

    @BeforeAll
    static void makeItOnceInPeace() throws Exception {
        clip = Clip.odd(
                "long.mp4",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=160x90:rate=10:duration=" + SECONDS,
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=frequency=440:sample_rate=48000:duration=" + SECONDS),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-c:a", "aac"));
        try (Server calm = Server.start(Map.of("CLAIMCHECK_MEDIA_NICE", "0"))) {
            String job = calm.api().upload(clip, "drill.mp4").text("job_id");
            calm.api().awaitCompleted(job);
            undisturbed = new StoredOutputs(calm).hashes(job);
        }
        ffmpeg = new HeldFfmpeg();
        server = Server.start(environment());
    }

    @AfterEach
    void nothingStaysBehind() {
        ffmpeg.letGo();
        await().atMost(Duration.ofSeconds(5)).until(() -> server.orphans().isEmpty());
    }

    @AfterAll
    static void norAtTheEnd() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    /** Each step is held in the middle by what only its command line contains. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            index,     *packet=pts*-of compact -protocol_whitelist*
            audio,     *-map 0:1 -af*
            transcode, *-noaccurate_seek -ss 3*libx264*
            """)
    void killedInTheMiddleOfAStepTheJobComesOutAsIfNothingHadHappened(String step, String pattern) throws Exception {
        ffmpeg.holdOn(pattern);
        Api api = server.api().asOwner(step); // Nobody gets what another has made of the same file.
        String job = api.upload(clip, "drill.mp4").text("job_id");
        await(step + " is being worked on").atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);

        server.killEverything();
        await("no orphan keeps working").atMost(Duration.ofSeconds(10)).until(() -> !ffmpeg.isHolding());
        ffmpeg.letGo();
        server.restart();

        api.awaitCompleted(job);
        StoredOutputs outputs = new StoredOutputs(server);
        outputs.assertOnlyWhatCounted(job);
        assertThat(outputs.hashes(job)).isEqualTo(undisturbed);
        JsonNode steps = api.get("/videos/jobs/" + job).body().path("steps");
        assertThat(steps.valueStream()
                        .filter(one -> one.path("attempt").asInt() > 1)
                        .map(one -> one.path("name").asString()))
                .as("steps that were made again")
                .anyMatch(name -> name.startsWith(step));
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_RETRY_BASE_DELAY", "1s");
        environment.put("CLAIMCHECK_MEDIA_NICE", "0");
        return environment;
    }
}
