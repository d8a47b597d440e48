package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What operators see and do, and what nobody else may: through the packaged program. */
class OperationsIT {
    private static final HeldFfmpeg FFMPEG = new HeldFfmpeg();
    private static Server server;
    private static Api admin;
    private static Api alice;
    private static Api mallory;

    @BeforeAll
    static void startTheProgram() {
        Map<String, String> environment = new HashMap<>(FFMPEG.environment());
        environment.put("CLAIMCHECK_RETRY_MAX_RETRIES", "0");
        environment.put(Stored.RETENTION, "keep");
        server = Server.start(environment);
        admin = server.api();
        alice = admin.asOwner("alice");
        mallory = admin.asOwner("mallory");
    }

    @AfterAll
    static void stopTheProgram() {
        FFMPEG.letGo();
        try (Server closing = server) {
            assertThat(closing.log()).doesNotContain("NullPointerException", "PSQLException");
        }
    }

    @AfterEach
    void letEverythingGo() {
        FFMPEG.failOn("");
        FFMPEG.letGo();
    }

    @Test
    void theOverviewShowsWhoDoesWhatForWhom() {
        FFMPEG.holdOn("*libx264*");
        String job = alice.upload(Clip.mp4(2, "320x180"), "held <b>now.mp4").text("job_id");
        await().atMost(Duration.ofSeconds(60)).until(FFMPEG::isHolding);

        JsonNode overview = admin.get("/operations/overview").body();

        JsonNode doing = overview.path("workers")
                .path(0)
                .path("doing")
                .valueStream()
                .filter(attempt -> attempt.path("job_id").asString().equals(job)
                        && attempt.path("step").asString().startsWith("transcode"))
                .findFirst()
                .orElseThrow();
        assertThat(doing.path("filename").asString()).isEqualTo("held <b>now.mp4");
        assertThat(doing.path("owner").asString()).isEqualTo("alice");
        assertThat(doing.path("queue").asString()).isEqualTo("video_processing");
        assertThat(doing.path("attempt").asInt()).isEqualTo(1);
        assertThat(overview.path("workers").path(0).path("state").asString()).isEqualTo("alive");
        assertThat(overview.path("running").asInt()).isPositive();
        assertThat(Json.texts(overview.path("queues"), "queue"))
                .containsExactly("metadata", "thumbnails", "video_processing");
        assertThat(overview.path("queues").path(2).path("capacity").asInt()).isPositive();
        assertThat(overview.path("queues").path(2).path("running").asInt()).isPositive();
        assertThat(overview.path("degradation").path("level").asString())
                .as(overview::toString)
                .isEqualTo("normal");
        assertThat(overview.path("storage").path("kind").asString()).isEqualTo("files");
        assertThat(overview.path("storage").path("free_bytes").asLong()).isPositive();

        JsonNode running = attempts(alice, job, doing.path("step").asString()).path(0);
        assertThat(running.path("outcome").isNull()).isTrue();
        assertThat(running.path("finished_at").isNull()).isTrue();
        assertThat(running.path("worker").asString())
                .isEqualTo(overview.path("workers").path(0).path("worker").asString());
        assertThat(running.path("host").asString()).isNotEmpty();
        FFMPEG.letGo();
        alice.awaitCompleted(job);
        await("a sample is taken every ten seconds")
                .atMost(Duration.ofSeconds(25))
                .untilAsserted(() -> assertThat(admin.get("/operations/history?minutes=5")
                                .body()
                                .path("points")
                                .valueStream()
                                .mapToInt(point -> point.path("queues")
                                        .path("metadata")
                                        .path("started")
                                        .asInt())
                                .sum())
                        .isPositive());
    }

    @Test
    void aStepThatFailedShowsWhatFfmpegSaidAndIsDoneAgain() {
        FFMPEG.failOn("*libx264*");
        String job = alice.upload(Clip.mp4(1, "320x180"), "torn.mp4").text("job_id");
        assertThat(alice.awaitEnd(job).path("status").asString()).isEqualTo("FAILED");

        JsonNode letter = deadLetter(job);
        String step = letter.path("step").asString();
        JsonNode attempt = attempts(alice, job, step).path(0);
        assertThat(attempt.path("outcome").asString()).isEqualTo("failed");
        assertThat(attempt.path("error").path("code").asString()).isEqualTo("undecodable");
        assertThat(attempt.path("log").asString())
                .isEqualTo("frame 17 is torn\nInvalid data found when processing input");
        assertThat(letter.path("owner").asString()).isEqualTo("alice");
        assertThat(letter.path("attempts").asInt()).isEqualTo(1);
        assertThat(letter.path("error").path("code").asString()).isEqualTo("undecodable");
        assertThat(letter.path("retry_allowed").asBoolean()).isFalse();

        FFMPEG.failOn("");
        assertThat(admin.post(
                                "/operations/dead-letters/retry",
                                "{\"queue\": \"thumbnails\", \"code\": \"undecodable\"}")
                        .body()
                        .path("retried")
                        .asInt())
                .isZero();
        Api.Answer retried = admin.post("/operations/dead-letters/retry", "{\"job_ids\": [\"" + job + "\"]}");
        assertThat(retried.status()).isEqualTo(202);
        assertThat(retried.body().path("retried").asInt()).isEqualTo(1);
        alice.awaitCompleted(job);

        assertThat(Json.texts(attempts(alice, job, step), "outcome"))
                .as("the old attempt stays")
                .containsExactly("failed", "succeeded");
        JsonNode done = timeline(alice, job, step);
        assertThat(done.path("status").asString()).isEqualTo("SUCCEEDED");
        assertThat(done.path("depends_on").path(0).asString()).isEqualTo("metadata");
        assertThat(done.path("output_count").asInt()).isPositive();
        assertThat(alice.open(done.path("outputs").path(0).path("url").asString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void oneOptionalStepIsDoneAgainAlone() {
        FFMPEG.failOn("*poster*");
        String job =
                alice.upload(Clip.mp4(1, "320x180"), "without a poster.mp4").text("job_id");
        JsonNode completed = alice.awaitCompleted(job);
        assertThat(completed.path("warnings")).as(completed::toString).isNotEmpty();
        String step = completed.path("warnings").path(0).path("step").asString();
        String path = "/videos/jobs/" + job + "/steps/" + step + "/retry";
        assertProblem(mallory.post(path), 404, "not_found");
        assertProblem(alice.post("/videos/jobs/" + job + "/steps/metadata/retry"), 409, "conflict");
        assertProblem(alice.post("/videos/jobs/" + job + "/steps/trancode/000/retry"), 404, "not_found");

        FFMPEG.failOn("");
        assertThat(alice.post(path).status()).isEqualTo(202);

        JsonNode mended = alice.watch(
                        job,
                        Duration.ofSeconds(60),
                        status -> status.path("warnings").isEmpty())
                .getLast();
        assertThat(mended.path("thumbnail_url").asString()).isNotEmpty();
        assertThat(attempts(alice, job, "metadata")).hasSize(1);
    }

    @Test
    void jobsAreFilteredSearchedAndCounted() {
        Api owner = admin.asOwner("searcher");
        String one = owner.upload(Clip.mp4(1, "320x180"), "Summer Party.mp4").text("job_id");
        String two = owner.upload(
                        Clip.bytes("text", "no video at all".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                        "party.txt.mp4")
                .text("job_id");
        owner.awaitCompleted(one);
        owner.awaitEnd(two);

        assertThat(ids(owner, "?status=completed,FAILED")).containsExactly(two, one);
        assertThat(ids(owner, "?status=FAILED")).containsExactly(two);
        assertThat(ids(owner, "?q=summer%20P")).containsExactly(one);
        assertThat(ids(owner, "?q=" + two.substring(28))).containsExactly(two);
        assertThat(ids(admin, "?owner=searcher&q=PARTY&limit=1")).containsExactly(two);
        JsonNode row = admin.get("/videos/jobs?owner=searcher&status=COMPLETED")
                .body()
                .path("jobs")
                .path(0);
        assertThat(row.path("owner").asString()).isEqualTo("searcher");
        assertThat(row.path("progress").asDouble()).isEqualTo(100);
        assertThat(row.path("thumbnail_url").asString()).isNotEmpty();
        JsonNode counts = owner.get("/videos/jobs/counts").body();
        assertThat(counts.path("total").asInt()).isEqualTo(2);
        assertThat(counts.path("counts").path("COMPLETED").asInt()).isEqualTo(1);
        assertThat(counts.path("counts").size()).isEqualTo(7);
        assertThat(owner.get("/videos/jobs/counts?q=summer")
                        .body()
                        .path("total")
                        .asInt())
                .isEqualTo(1);
        assertThat(owner.get("/videos/jobs?status=COMPLETED")
                        .body()
                        .path("jobs")
                        .path(0)
                        .has("owner"))
                .isFalse();
        assertProblem(owner.get("/videos/jobs?status=COMPLETED,LOST"), 400, "invalid_request");
        assertProblem(owner.get("/videos/jobs?cursor=1"), 400, "invalid_request");
        assertProblem(owner.get("/videos/jobs?q=" + "x".repeat(300)), 400, "invalid_request");
    }

    @Test
    void theAdminReachesEveryJobAndNobodyElseDoes() {
        String job = alice.upload(Clip.mp4(1, "320x180"), "mine.mp4").text("job_id");
        alice.awaitCompleted(job);
        String path = "/videos/jobs/" + job;

        for (String what : List.of("", "/status", "/timeline", "/events")) {
            assertProblem(mallory.get(path + what), 404, "not_found");
            assertThat(admin.send(admin.request(path + what)
                                    .header("Accept", "application/json")
                                    .build())
                            .status())
                    .as(what)
                    .isEqualTo(200);
        }
        for (String what : List.of("/retry", "/cancel", "/process", "/steps/metadata/retry")) {
            assertProblem(mallory.post(path + what), 404, "not_found");
        }
        assertProblem(mallory.delete(path), 404, "not_found");
        assertProblem(mallory.get("/videos/jobs?owner=alice"), 403, "forbidden");
        assertProblem(mallory.get("/videos/jobs/counts?owner=alice"), 403, "forbidden");
        assertProblem(admin.post(path + "/cancel"), 409, "conflict");
        assertProblem(admin.post(path + "/retry"), 409, "conflict");
        assertThat(admin.delete(path).status()).isEqualTo(204);
        await("the remembered answer is dropped")
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertProblem(alice.get(path + "/status"), 404, "not_found"));
        assertProblem(admin.get(path + "/status"), 404, "not_found");
    }

    @Test
    void operationsAreTheAdminsAlone() {
        for (String path : List.of(
                "/operations/overview",
                "/operations/history",
                "/operations/dead-letters",
                "/access/owners",
                "/access/keys")) {
            assertProblem(alice.get(path), 403, "forbidden");
            assertProblem(alice.withoutKey().get(path), 401, "unauthorized");
            assertThat(admin.get(path).status()).as(path).isEqualTo(200);
        }
        assertProblem(alice.post("/operations/dead-letters/retry"), 403, "forbidden");
        assertProblem(
                alice.post("/access/keys", "{\"owner\": \"alice\", \"name\": \"x\", \"role\": \"admin\"}"),
                403,
                "forbidden");
        assertProblem(admin.get("/operations/history?minutes=1441"), 400, "invalid_request");
        assertProblem(admin.get("/operations/dead-letters?cursor=1"), 400, "invalid_request");
        assertProblem(admin.get("/operations/dead-letters?limit=0"), 400, "invalid_request");
        assertProblem(admin.post("/operations/dead-letters/retry", "{\"queue\": \"lunch\"}"), 400, "invalid_request");
        assertProblem(admin.post("/operations/dead-letters/retry", "{\"job_ids\": []}"), 400, "invalid_request");
    }

    @Test
    void keysSayWhenTheyWereUsedAndEnd() {
        Api.Answer made = admin.post(
                "/access/keys",
                "{\"owner\": \"carol\", \"name\": \"ci\", \"expires_in\": \"90d\", \"role\": \"admin\"}");
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.text("role")).isEqualTo("ADMIN");
        assertThat(Instant.parse(made.text("expires_at")))
                .isBetween(
                        Instant.now().plus(Duration.ofDays(89)), Instant.now().plus(Duration.ofDays(91)));
        assertThat(key(made.text("key_id")).path("last_used_at").isNull()).isTrue();

        assertThat(admin.withKey(made.text("key")).get("/operations/overview").status())
                .isEqualTo(200);

        assertThat(Instant.parse(key(made.text("key_id")).path("last_used_at").asString()))
                .isAfter(Instant.now().minusSeconds(60));
        JsonNode carol = Json.find(admin.get("/access/owners").body().path("owners"), "owner", "carol");
        assertThat(carol.path("keys").asInt()).isEqualTo(1);
        for (String wrong : List.of("\"expires_in\": \"soon\"", "\"expires_in\": \"0d\"", "\"role\": \"king\"")) {
            assertProblem(
                    admin.post("/access/keys", "{\"owner\": \"carol\", \"name\": \"ci\", " + wrong + "}"),
                    400,
                    "invalid_request");
        }
    }

    private static JsonNode key(String id) {
        return Json.find(admin.get("/access/keys").body().path("keys"), "key_id", id);
    }

    private static List<String> ids(Api api, String query) {
        return Json.texts(api.get("/videos/jobs" + query).body().path("jobs"), "job_id");
    }

    private static JsonNode deadLetter(String job) {
        return Json.find(admin.get("/operations/dead-letters").body().path("dead_letters"), "job_id", job);
    }

    private static JsonNode attempts(Api api, String job, String step) {
        return timeline(api, job, step).path("attempts");
    }

    private static JsonNode timeline(Api api, String job, String step) {
        return Json.find(api.get("/videos/jobs/" + job + "/timeline").body().path("steps"), "name", step);
    }
}
