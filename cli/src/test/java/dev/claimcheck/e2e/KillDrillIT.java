package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Deaths of every kind, at every step: an acknowledged job completes, once, and nothing stays behind. */
class KillDrillIT {
    private static HeldFfmpeg ffmpeg;
    private static Server server;

    @BeforeAll
    static void startTheProgram() {
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
            everything, metadata,   *show_streams*
            everything, transcode,  *libx264*
            everything, thumbnail,  *poster.jpg*
            everything, package,    *faststart*
            jvm,        metadata,   *show_streams*
            jvm,        transcode,  *libx264*
            jvm,        thumbnail,  *poster.jpg*
            jvm,        package,    *faststart*
            """)
    void killedInTheMiddleOfAStepTheJobCompletesAfterTheRestart(String victim, String step, String pattern)
            throws Exception {
        ffmpeg.holdOn(pattern);
        String job = server.api().upload(Clip.mp4(2, "320x180"), "drill.mp4").text("job_id");
        await(step + " is being worked on").atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);

        if (victim.equals("jvm")) {
            server.killJvm();
        } else {
            server.killEverything();
        }
        // What was just being started beside it may be left; it must be gone at the end.
        await("no orphan keeps working").atMost(Duration.ofSeconds(10)).until(() -> !ffmpeg.isHolding());
        ffmpeg.letGo();
        server.restart();

        assertCompletedOnce(job);
    }

    @Test
    void killedAtAnyMomentEveryAcknowledgedJobCompletes() throws Exception {
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 6; round++) {
            acknowledged.add(server.api()
                    .upload(Clip.mp4(1, "320x180"), "round " + round + ".mp4")
                    .text("job_id"));
            // A different moment each round: from right after the answer to well into the work.
            Thread.sleep(round * 150L);
            server.killEverything();
            server.restart();
        }
        for (String job : acknowledged) {
            assertCompletedOnce(job);
        }
    }

    @Test
    void aKilledFfmpegIsTriedAgainWithoutRepeatingWhatSucceeded() throws Exception {
        ffmpeg.holdOn("*libx264*");
        String job = server.api().upload(Clip.mp4(2, "320x180"), "drill.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);
        List<Long> victims = server.children("libx264");
        assertThat(victims).isNotEmpty();

        victims.forEach(pid -> Server.signal("KILL", pid));
        ffmpeg.letGo();

        JsonNode done = assertCompletedOnce(job);
        assertThat(step(done, "metadata").path("attempt").asInt()).isEqualTo(1);
        assertThat(step(done, "transcode").path("attempt").asInt()).isEqualTo(2);
    }

    @Test
    void aKilledPostgresComesBackAndTheJobCompletes() throws Exception {
        ffmpeg.holdOn("*libx264*");
        String job = server.api().upload(Clip.mp4(2, "320x180"), "drill.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);

        server.children("postgres").forEach(pid -> Server.signal("KILL", pid));
        ffmpeg.letGo();
        server.awaitReady();

        assertCompletedOnce(job);
    }

    /** Who is killed in the moment of starting something cannot take it along. */
    @Test
    void whatAnEarlierLifeLeftRunningIsEndedByTheNextStart() throws Exception {
        server.killEverything();
        ffmpeg.holdOn("*left behind*");
        Path scratch = Files.createDirectories(server.data().resolve("scratch/34-1"));
        Process left = new ProcessBuilder(ffmpeg.program().toString(), "left behind")
                .directory(scratch.toFile())
                .start();
        await().atMost(Duration.ofSeconds(20)).until(ffmpeg::isHolding);

        server.restart();

        assertThat(left.waitFor(5, TimeUnit.SECONDS)).isTrue();
        assertThat(scratch).doesNotExist();
    }

    @Test
    void aStopReturnsRunningStepsAfterItsGraceAndTheNextStartGoesOn() throws Exception {
        ffmpeg.holdOn("*libx264*");
        String job = server.api().upload(Clip.mp4(2, "320x180"), "drill.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(60)).until(ffmpeg::isHolding);

        server.stop();
        assertThat(server.orphans()).isEmpty();
        ffmpeg.letGo();
        server.restart();

        assertCompletedOnce(job);
    }

    private static JsonNode assertCompletedOnce(String job) throws IOException {
        JsonNode done = server.api().awaitCompleted(job);
        Results.assertPlayable(server.api(), done);
        Results.assertDownload(server.api(), done);
        Results.assertPoster(server.api(), done);
        new StoredOutputs(server).assertOnlyWhatCounted(job);
        return server.api().get("/videos/jobs/" + job).body();
    }

    private static JsonNode step(JsonNode job, String kind) {
        return job.path("steps")
                .valueStream()
                .filter(step -> step.path("name").asString("").startsWith(kind))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_RETRY_BASE_DELAY", "1s");
        environment.put("CLAIMCHECK_WORKER_DRAIN_GRACE", "1s");
        return environment;
    }
}
