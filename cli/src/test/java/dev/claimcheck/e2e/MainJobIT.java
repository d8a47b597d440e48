package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The main job, end to end, on real input, through the packaged program. */
class MainJobIT {
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of());
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    static Stream<Arguments> realInput() {
        return Stream.of(
                input("H.264 and AAC in MP4", () -> Clip.mp4(6, "1280x720"), 1280, 720, true),
                input("VP9 and Opus in WebM", () -> Clip.webm(3), 320, 180, true),
                input("HEVC in Matroska", () -> Clip.hevcMkv(3), 320, 180, true),
                input("an MPEG transport stream", () -> Clip.transportStream(3), 320, 180, true),
                input("a portrait with a rotation flag", () -> Clip.portrait(3), 360, 640, true),
                input("a video without sound", () -> Clip.silent(3), 320, 180, false));
    }

    private static Arguments input(String name, Supplier<Path> clip, int width, int height, boolean sound) {
        return Arguments.of(Named.of(name, clip), width, height, sound);
    }

    @ParameterizedTest
    @MethodSource("realInput")
    void makesEveryResultOfRealInput(Supplier<Path> clip, int width, int height, boolean sound) throws Exception {
        Path file = clip.get();

        Api.Answer accepted = api.upload(file, file.getFileName().toString());

        assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
        assertThat(accepted.text("status")).isEqualTo("PENDING");
        assertThat(accepted.text("message")).isNotBlank();
        assertThat(accepted.text("status_url")).contains(accepted.text("job_id"));
        assertThat(accepted.header("Location")).isNotEmpty();
        assertThat(accepted.header("Retry-After")).isEqualTo("2");

        List<JsonNode> seen = api.watch(accepted.text("job_id"), Duration.ofMinutes(3), Api::hasEnded);
        JsonNode done = seen.getLast();
        assertThat(done.path("status").asString("")).as(done::toPrettyString).isEqualTo("COMPLETED");
        assertProgressOnlyGrows(seen);
        String download = Results.assertAllThere(api, done);
        assertThat(download).contains("\"codec_name\": \"h264\"");
        assertThat(download.contains("\"codec_name\": \"aac\"")).isEqualTo(sound);
        assertThat(done.path("metadata").path("width").asInt()).isEqualTo(width);
        assertThat(done.path("metadata").path("height").asInt()).isEqualTo(height);
        assertThat(done.path("metadata").path("duration").asDouble())
                .isCloseTo(file.toString().contains("clip.mp4") && width == 1280 ? 6 : 3, within(0.2));
        assertThat(done.path("warnings")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void takesWhatTheRealWorldBrings(OddClip clip) throws Exception {
        Path file = clip.make();
        JsonNode done = api.awaitCompleted(
                api.upload(file, file.getFileName().toString()).text("job_id"));

        assertThat(Results.assertAllThere(api, done))
                .contains("\"codec_name\": \"h264\"", "\"pix_fmt\": \"yuv420p\"", "\"color_transfer\": \"bt709\"");
        assertThat(done.path("warnings")).isEmpty();
    }

    @Test
    void resultsAreReachedByTheirSignedLinksAlone() throws Exception {
        JsonNode done = api.awaitCompleted(
                api.upload(Clip.mp4(2, "320x180"), "link \"é\".mp4").text("job_id"));
        String link = done.path("download_url").asString("");
        byte[] whole = api.fetch(link);

        Api.Answer part = ranged(link, "bytes=4-7");
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.response().body()).isEqualTo("ftyp");
        assertThat(part.header("Content-Range")).isEqualTo("bytes 4-7/" + whole.length);
        assertThat(part.header("Content-Type")).isEqualTo("video/mp4");
        assertThat(ranged(link, "bytes=" + whole.length + "-").status()).isEqualTo(416);
        assertThat(api.open(link + "?download=1")
                        .headers()
                        .firstValue("Content-Disposition")
                        .orElse(""))
                .contains("filename*=UTF-8''link%20%22%C3%A9%22.mp4");
        assertThat(api.open(done.path("video_url").asString("")).headers().firstValue("Content-Type"))
                .contains("application/vnd.apple.mpegurl");
        String tampered = link.replaceFirst("/media/(\\d)", "/media/9$1");
        assertThat(api.withoutKey().get(tampered).status()).isEqualTo(403);
        assertThat(api.withoutKey()
                        .get(link.replace("download.mp4", "../../../admin-key"))
                        .status())
                .isIn(400, 403, 404);
        assertThat(api.withoutKey()
                        .get(link.replace("download.mp4", "none.mp4"))
                        .status())
                .isEqualTo(404);
    }

    private static Api.Answer ranged(String link, String range) {
        return api.send(
                api.withoutKey().request(link).header("Range", range).GET().build());
    }

    @Test
    void aPollOfAnUnchangedJobIsNotModifiedAndAWaitingOneAnswersWhenItChanges() throws Exception {
        String job = api.upload(Clip.mp4(3, "640x360"), "wait.mp4").text("job_id");
        long began = System.nanoTime();
        JsonNode status = api.status(job);
        while (!Api.hasEnded(status)) {
            status = api.get("/videos/jobs/" + job + "/status?wait=30s").body();
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .as("a change ends the wait")
                .isLessThan(Duration.ofSeconds(25));

        String path = "/videos/jobs/" + job + "/status";
        String etag = api.get(path).header("ETag");
        assertThat(etag).isNotEmpty();
        Api.Answer again =
                api.send(api.request(path).header("If-None-Match", etag).GET().build());
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.response().body()).isEmpty();
        assertProblem(api.get(path + "?wait=soon"), 400, "invalid_request");
    }

    @Test
    void aFormUploadIsTheSameAsARawOne() throws Exception {
        Path file = Clip.mp4(1, "320x180");
        Form form =
                new Form().field("priority", "high").file("file", "🎬 form.mp4", "video/mp4", Files.readAllBytes(file));
        Api.Answer accepted = api.post("/videos/upload", form);

        assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
        assertThat(api.awaitCompleted(accepted.text("job_id")).path("filename").asString(""))
                .isEqualTo("🎬 form.mp4");
        Api.Answer raw = api.upload(file, "🎬 form.mp4");
        assertThat(raw.status()).as("the same content and name").isEqualTo(200);
        assertThat(raw.text("job_id")).isEqualTo(accepted.text("job_id"));
    }

    @Test
    void makesAudioOfAFileWithoutPicture() throws Exception {
        JsonNode done = api.awaitCompleted(
                api.upload(Clip.audioOnly(3), "voice memo.m4a").text("job_id"));

        Results.assertPlayable(api, done);
        assertThat(Results.assertDownload(api, done))
                .contains("\"codec_name\": \"aac\"")
                .doesNotContain("h264");
        assertThat(done.path("thumbnail_url").isMissingNode()
                        || done.path("thumbnail_url").isNull())
                .isTrue();
    }

    @Test
    void tenIdenticalUploadsThatRaceAreOneJob() throws Exception {
        Path file = Clip.mp4(2, "320x180");
        List<Callable<Api.Answer>> uploads = Collections.nCopies(10, () -> api.upload(file, "same.mp4"));
        List<Api.Answer> answers = AtOnce.all(10, uploads);

        assertThat(answers.stream().map(answer -> answer.text("job_id")).distinct())
                .hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() == 202)).hasSize(1);
        assertThat(answers.stream().filter(answer -> answer.status() == 200)).hasSize(9);
        String job = answers.getFirst().text("job_id");
        api.awaitCompleted(job);
        Api.Answer again = api.upload(file, "same.mp4");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("message")).isEqualTo("File already uploaded");
        assertThat(again.text("job_id")).isEqualTo(job);
        assertThat(api.upload(file, "another name.mp4").status()).isEqualTo(202);
    }

    @Test
    void theSourceIsCleanedUpAfterSuccessAndNothingElseStays() throws Exception {
        String job = api.upload(Clip.mp4(2, "320x180"), "kept.mp4").text("job_id");
        api.awaitCompleted(job);

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("sources", job)).isEmpty());
        assertThat(api.delete("/videos/jobs/" + job).status()).isEqualTo(204);
        assertThat(api.get("/videos/jobs/" + job).status()).isEqualTo(404);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("", job)).isEmpty());
    }

    @Test
    void anotherOwnersJobDoesNotExist() {
        String job = api.upload(Clip.mp4(2, "320x180"), "mine.mp4").text("job_id");
        Api other = api.asOwner("other");

        for (Api.Answer answer : List.of(
                other.get("/videos/jobs/" + job),
                other.get("/videos/jobs/" + job + "/status"),
                other.post("/videos/jobs/" + job + "/cancel"),
                other.post("/videos/jobs/" + job + "/retry"),
                other.delete("/videos/jobs/" + job))) {
            assertThat(answer.status()).isEqualTo(404);
        }
        assertThat(other.get("/videos/jobs").body().path("jobs")).isEmpty();
        assertThat(api.withoutKey().get("/videos/jobs").status()).isEqualTo(401);
        assertThat(api.withKey("cc_wrong").get("/videos/jobs").status()).isEqualTo(401);
    }

    @Test
    void listsJobsNewestFirstPageByPage() {
        Api lister = api.asOwner("lister");
        List<String> jobs = IntStream.range(0, 5)
                .mapToObj(number -> lister.upload(Clip.bytes("n.mp4", ("no video " + number).getBytes(UTF_8)), "n.mp4")
                        .text("job_id"))
                .toList();
        jobs.forEach(lister::awaitEnd);

        Api.Answer first = lister.get("/videos/jobs?limit=3&status=FAILED");
        Api.Answer second =
                lister.get("/videos/jobs?limit=3&status=FAILED&cursor=" + Api.encode(first.text("next_cursor")));

        List<String> listed = Stream.of(first, second)
                .flatMap(page -> Json.texts(page.body().path("jobs"), "job_id").stream())
                .toList();
        assertThat(listed).containsExactlyElementsOf(jobs.reversed());
        assertThat(second.text("next_cursor")).isEmpty();
    }

    @Test
    void aRunningJobIsCancelledWithinTwoSeconds() throws Exception {
        String job = api.upload(Clip.mp4(60, "1280x720"), "long.mp4").text("job_id");
        api.watch(
                job,
                Duration.ofSeconds(60),
                _ -> !server.children("ffmpeg").isEmpty()
                        && api.status(job).path("progress").asDouble() > 3);

        assertThat(api.post("/videos/jobs/" + job + "/cancel").status()).isEqualTo(200);

        await().atMost(Duration.ofSeconds(2))
                .until(() -> server.children(job).isEmpty()
                        && server.children("libx264").isEmpty());
        assertThat(api.statusOf(job)).isEqualTo("CANCELLED");
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("", job)).isEmpty());
    }

    private static List<Path> filesNaming(String folder, String job) {
        return new Stored(server)
                .below("").stream()
                        .filter(file -> file.toString().contains(folder)
                                && file.toString().contains(job))
                        .toList();
    }

    /** Progress grows only, and does not sit at 0 or 99 while work goes on. */
    static void assertProgressOnlyGrows(List<JsonNode> seen) {
        List<Double> progress = seen.stream()
                .filter(status -> status.path("status").asString("").equals("IN_PROGRESS"))
                .map(status -> status.path("progress").asDouble(-1))
                .toList();
        assertThat(progress)
                .isNotEmpty()
                .isSorted()
                .allSatisfy(value -> assertThat(value).isBetween(0.1, 99.9));
    }
}
