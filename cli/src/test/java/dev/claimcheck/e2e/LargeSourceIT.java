package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Large sources in chunks: hashed while their video is being made, so that nobody waits for that; through the packaged program. */
class LargeSourceIT {
    private static final int SIZE = 70 << 20;
    private static final int CHUNK = 16 << 20;

    private static Server server;
    private static Api api;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of());
        api = server.api();
        stored = new Stored(server);
    }

    @AfterAll
    static void stopTheProgram() {
        try (Server closing = server) {
            assertThat(closing.log()).doesNotContain("NullPointerException", "PSQLException");
        }
    }

    @Test
    void aLargeSourceIsPlannedBeforeItIsHashedAndStillFoundAgain() throws Exception {
        Path clip = Clip.padded(Clip.mp4(25, "640x360"), SIZE);
        Chunked upload = sent(Chunked.start(api, Files.readAllBytes(clip), CHUNK, "large.mp4"));

        Results.assertPlayable(api, api.awaitCompleted(upload.job()));
        JsonNode steps = api.get("/videos/jobs/" + upload.job()).body().path("steps");
        assertThat(step(steps, "fingerprint").path("started_at").asString())
                .as("what makes it playable goes first")
                .isGreaterThanOrEqualTo(
                        step(steps, "transcode/000").path("finished_at").asString());
        assertThat(api.upload(clip, "large.mp4").text("job_id")).isEqualTo(upload.job());
    }

    @Test
    void aDuplicateThatIsNoticedWhileItIsBeingMadeLeavesNothingBehind() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.padded(Clip.mp4(40, "640x360"), SIZE));
        Chunked first = sent(Chunked.start(api, clip, CHUNK, "twice.mp4"));
        Chunked second = sent(Chunked.start(api, clip, CHUNK, "twice.mp4"));
        assertThat(second.job()).isNotEqualTo(first.job());

        String job = api.awaitCompleted(second.job()).path("job_id").asString();

        assertThat(api.awaitCompleted(first.job()).path("job_id").asString())
                .as("both ids lead to one job")
                .isEqualTo(job)
                .isIn(first.job(), second.job());
        String other = job.equals(first.job()) ? second.job() : first.job();
        stored.awaitNothingOf(other);
        await("nothing that was made of the duplicate is left")
                .atMost(Duration.ofSeconds(90))
                .until(() -> stored.results(other).isEmpty());
        Results.assertPlayable(api, api.get("/videos/jobs/" + job + "/status").body());
    }

    @Test
    void aLargeSourceThatIsNotTheAnnouncedOneFails() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.padded(Clip.mp4(25, "320x180"), SIZE));
        assertFailsAsDifferent(clip, "other.mp4");
    }

    /** Not "this is no video": somebody who sent one must learn that it was changed on its way. */
    @Test
    void aLargeSourceThatWasDestroyedOnItsWayIsCalledDifferent() {
        byte[] noise = new byte[SIZE];
        Arrays.fill(noise, (byte) 7);
        assertFailsAsDifferent(noise, "destroyed.mp4");
    }

    private static void assertFailsAsDifferent(byte[] content, String name) {
        Chunked upload = sent(Chunked.start(api, content, CHUNK, name, Bytes.sha256Hex(new byte[0])));
        JsonNode failed = api.awaitEnd(upload.job());
        assertThat(failed.path("status").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("code").asString()).isEqualTo("checksum_mismatch");
    }

    private static Chunked sent(Chunked upload) {
        for (int number = 1; number <= upload.total(); number++) {
            Api.Answer answer = upload.put(number);
            assertThat(answer.status()).as(answer.body()::toString).isEqualTo(200);
        }
        return upload;
    }

    private static JsonNode step(JsonNode steps, String name) {
        return steps.valueStream()
                .filter(step -> step.path("name").asString().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no step " + name + " in " + steps));
    }
}
