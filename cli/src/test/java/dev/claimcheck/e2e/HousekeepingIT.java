package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What becomes of uploads that nobody goes on with, and of files that nobody knows, through the packaged program. */
class HousekeepingIT {
    private static Server server;
    private static Api api;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_EXPIRES_AFTER", "3s"));
        api = server.api();
        stored = new Stored(server);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void abandonedUploadsOfEveryKindExpireAndGiveTheirSpaceBack() {
        Chunked chunked = Chunked.start(api, Bytes.random(2_000), 1_000, "chunked.mp4");
        chunked.put(1);
        Tus tus = new Tus(api);
        String resumable = tus.create(2_000, "resumable.mp4");
        tus.patch(resumable, 0, Bytes.random(1_000));
        JsonNode signed = api.post("/videos/upload-url", "{\"filename\": \"signed.mp4\", \"size\": 1000}")
                .body();
        assertThat(Instant.parse(signed.path("expires_at").asString()))
                .as("a URL is good for no longer than its upload")
                .isBefore(Instant.now().plusSeconds(10));
        assertThat(reserved()).isEqualTo(3_000);

        awaitExpired(chunked.job());
        awaitExpired(signed.path("job_id").asString());
        await().until(() ->
                api.get("/videos/jobs?status=EXPIRED").body().path("jobs").size() >= 3);

        assertProblem(chunked.put(2), 404, "upload_not_found");
        assertProblem(chunked.look(), 404, "upload_not_found");
        assertThat(tus.head(resumable).status()).isEqualTo(404);
        assertProblem(put(signed, new byte[1_000]), 403, "signature_mismatch");
        assertProblem(
                api.post(
                        "/videos/upload-complete",
                        "{\"job_id\": \"%s\", \"file_key\": \"%s\"}"
                                .formatted(
                                        signed.path("job_id").asString(),
                                        signed.path("file_key").asString())),
                404,
                "upload_not_found");
        await("nothing is left")
                .atMost(Duration.ofSeconds(20))
                .until(() -> stored.partial().isEmpty());
        await("its space is given back").atMost(Duration.ofSeconds(20)).until(() -> reserved() == 0);
    }

    @Test
    void anUploadThatGoesOnDoesNotExpire() {
        Chunked upload = Chunked.start(api, Bytes.random(8_000), 1_000, "slow.mp4");
        Instant firstExpiry =
                Instant.parse(upload.look().body().path("expires_at").asString());
        int[] next = {1};

        await("it lives longer than it was to")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(1_500))
                .until(() -> {
                    assertThat(upload.put(next[0]++).status()).isEqualTo(200);
                    return Instant.now().isAfter(firstExpiry.plusSeconds(5));
                });

        assertThat(upload.look().status()).isEqualTo(200);
        upload.abort();
    }

    @Test
    void bytesThatCameAreHandedInWhenTheirClientNeverSaysSo() {
        JsonNode signed =
                api.post("/videos/upload-url", "{\"filename\": \"silent.mp4\"}").body();
        assertThat(put(signed, Bytes.random(1_000)).status()).isEqualTo(200);

        JsonNode ended = api.awaitEnd(signed.path("job_id").asString());

        assertThat(ended.path("status").asString())
                .as("no video, but looked at")
                .isEqualTo("FAILED");
    }

    @Test
    void aDuplicateFoundLateLeadsToTheFirstJob() throws IOException {
        Path file = Clip.mp4(1, "320x180");
        byte[] clip = Files.readAllBytes(file);
        Chunked first = Chunked.start(api, clip, clip.length, "late.mp4");
        first.put(1);
        api.awaitCompleted(first.job());

        Chunked second = Chunked.start(api, clip, clip.length / 2 + 1, "late.mp4");
        second.put(1);
        assertThat(second.put(2).text("job_id"))
                .as("its content is not known yet")
                .isEqualTo(second.job());

        await().atMost(Duration.ofSeconds(20))
                .until(() -> api.status(second.job()).path("job_id").asString().equals(first.job()));
        assertThat(api.get("/videos/jobs/" + second.job()).text("job_id")).isEqualTo(first.job());
        assertThat(api.status(second.job()).path("status").asString()).isEqualTo("COMPLETED");
        assertThat(second.put(2).text("job_id")).as("the last chunk, again").isEqualTo(first.job());
        assertThat(api.get("/videos/jobs?limit=200")
                        .body()
                        .path("jobs")
                        .valueStream()
                        .map(job -> job.path("job_id").asString()))
                .contains(first.job())
                .doesNotContain(second.job());
        assertThat(api.upload(file, "late.mp4").text("job_id")).isEqualTo(first.job());
        stored.awaitNothingOf(second.job());
        assertThat(api.delete("/videos/jobs/" + second.job()).status()).isEqualTo(204);
        await().until(() -> api.get("/videos/jobs/" + first.job() + "/status").status() == 404);
    }

    @Test
    void filesThatNoUploadKnowsAreSwept() throws Exception {
        try (Server swept = Server.start(Map.of())) {
            Chunked open = Chunked.start(swept.api(), Bytes.random(2_000), 1_000, "open.mp4");
            open.put(1);
            Path partial = swept.data().resolve("objects/.partial");
            Path old = Files.writeString(partial.resolve("sources~" + UUID.randomUUID()), "old");
            Path fresh = Files.writeString(partial.resolve("sources~" + UUID.randomUUID()), "fresh");
            Path source = swept.data().resolve("objects/sources/" + UUID.randomUUID());
            Path part = swept.data().resolve("objects/parts/" + UUID.randomUUID());
            Files.createDirectories(source.getParent());
            Files.createDirectories(part.getParent());
            Files.writeString(source, "old");
            Files.writeString(part, "old");
            FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
            for (Path file : List.of(old, source, part)) {
                Files.setLastModifiedTime(file, longAgo);
            }
            try (var files = Files.list(partial)) {
                for (Path file : files.filter(file -> file.toString().contains(open.job()))
                        .toList()) {
                    Files.setLastModifiedTime(file, longAgo);
                }
            }
            swept.stop();
            swept.restart();

            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                assertThat(old).doesNotExist();
                assertThat(source).doesNotExist();
                assertThat(part).doesNotExist();
            });
            assertThat(fresh).exists();
            assertThat(open.put(2).text("job_id"))
                    .as("an old file of an open upload stays")
                    .isEqualTo(open.job());
        }
    }

    private static void awaitExpired(String job) {
        await("job " + job)
                .atMost(Duration.ofSeconds(30))
                .until(() -> api.status(job).path("status").asString().equals("EXPIRED"));
    }

    private static long reserved() {
        return Metrics.of(api, "claimcheck_disk_reserved_bytes");
    }

    private static Api.Answer put(JsonNode signed, byte[] bytes) {
        return api.send(
                HttpRequest.newBuilder(URI.create(signed.path("upload_url").asString()))
                        .header("Content-Type", "application/octet-stream")
                        .PUT(BodyPublishers.ofByteArray(bytes))
                        .build());
    }
}
