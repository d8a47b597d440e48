package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
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
        return Arguments.of(org.junit.jupiter.api.Named.of(name, clip), width, height, sound);
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
        assertThat(accepted.response().headers().firstValue("Location")).isPresent();
        assertThat(accepted.response().headers().firstValue("Retry-After")).contains("2");

        List<JsonNode> seen = api.watch(accepted.text("job_id"), Duration.ofMinutes(3), Api::hasEnded);
        JsonNode done = seen.getLast();
        assertThat(done.path("status").asString("")).as(done::toPrettyString).isEqualTo("COMPLETED");
        assertProgressOnlyGrows(seen);
        Results.assertPlayable(api, done);
        Results.assertPoster(api, done);
        String download = Results.assertDownload(api, done);
        assertThat(download).contains("\"codec_name\": \"h264\"");
        assertThat(download.contains("\"codec_name\": \"aac\"")).isEqualTo(sound);
        assertThat(done.path("metadata").path("width").asInt()).isEqualTo(width);
        assertThat(done.path("metadata").path("height").asInt()).isEqualTo(height);
        assertThat(done.path("metadata").path("duration").asDouble())
                .isCloseTo(file.toString().contains("clip.mp4") && width == 1280 ? 6 : 3, within(0.2));
        assertThat(done.path("warnings")).isEmpty();
    }

    static Stream<Arguments> theRealWorld() {
        List<String> picture = List.of("-f", "lavfi", "-i", "testsrc2=duration=2:size=320x180:rate=30");
        List<String> both = Stream.concat(picture.stream(), Stream.of("-f", "lavfi", "-i", "sine=duration=2"))
                .toList();
        List<String> x264 = List.of("-c:v", "libx264", "-preset", "ultrafast");
        return Stream.of(
                odd(
                        "an odd size",
                        "odd.mkv",
                        List.of("-f", "lavfi", "-i", "testsrc2=duration=2:size=127x95:rate=30"),
                        List.of("-c:v", "ffv1")),
                odd(
                        "HDR in ten bits",
                        "hdr.mkv",
                        picture,
                        List.of(
                                "-c:v",
                                "libx265",
                                "-preset",
                                "ultrafast",
                                "-pix_fmt",
                                "yuv420p10le",
                                "-x265-params",
                                "log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc:range=limited")),
                odd(
                        "interlaced MPEG-2",
                        "interlaced.ts",
                        both,
                        List.of("-vf", "interlace", "-c:v", "mpeg2video", "-flags", "+ildct+ilme", "-c:a", "mp2")),
                odd(
                        "120 frames a second",
                        "fast.mp4",
                        List.of("-f", "lavfi", "-i", "testsrc2=duration=1:size=320x180:rate=120"),
                        x264),
                odd(
                        "six channels",
                        "surround.mkv",
                        List.of(
                                "-f",
                                "lavfi",
                                "-i",
                                "testsrc2=duration=2:size=320x180:rate=30",
                                "-f",
                                "lavfi",
                                "-i",
                                "anoisesrc=duration=2"),
                        Stream.concat(
                                        x264.stream(),
                                        Stream.of("-af", "pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0", "-c:a", "ac3"))
                                .toList()),
                odd(
                        "changing frame rates",
                        "vfr.mkv",
                        picture,
                        Stream.concat(
                                        x264.stream(),
                                        Stream.of("-vf", "select='not(mod(n,7))+lt(n,20)'", "-fps_mode", "vfr"))
                                .toList()),
                odd(
                        "a sound that starts late",
                        "late.mp4",
                        List.of(
                                "-f",
                                "lavfi",
                                "-i",
                                "testsrc2=duration=2:size=320x180:rate=30",
                                "-itsoffset",
                                "0.7",
                                "-f",
                                "lavfi",
                                "-i",
                                "sine=duration=1"),
                        Stream.concat(x264.stream(), Stream.of("-c:a", "aac")).toList()),
                odd("AVI with MJPEG", "old.avi", both, List.of("-c:v", "mjpeg", "-c:a", "pcm_s16le")),
                odd(
                        "wide pixels",
                        "anamorphic.mp4",
                        List.of("-f", "lavfi", "-i", "testsrc2=duration=2:size=360x288:rate=25"),
                        Stream.concat(x264.stream(), Stream.of("-vf", "setsar=16/15"))
                                .toList()),
                odd(
                        "an animated GIF",
                        "moving.gif",
                        List.of("-f", "lavfi", "-i", "testsrc2=duration=1:size=120x80:rate=10"),
                        List.of()));
    }

    private static Arguments odd(String name, String file, List<String> inputs, List<String> codecs) {
        Supplier<Path> clip = () -> Clip.odd(file, inputs, codecs);
        return Arguments.of(org.junit.jupiter.api.Named.of(name, clip));
    }

    @ParameterizedTest
    @MethodSource("theRealWorld")
    void takesWhatTheRealWorldBrings(Supplier<Path> clip) throws Exception {
        Path file = clip.get();
        JsonNode done = api.awaitCompleted(
                api.upload(file, file.getFileName().toString()).text("job_id"));

        Results.assertPlayable(api, done);
        Results.assertPoster(api, done);
        assertThat(Results.assertDownload(api, done))
                .contains("\"codec_name\": \"h264\"", "\"pix_fmt\": \"yuv420p\"", "\"color_transfer\": \"bt709\"");
        assertThat(done.path("warnings")).isEmpty();
    }

    @Test
    void resultsAreReachedByTheirSignedLinksAlone() throws Exception {
        JsonNode done = api.awaitCompleted(
                api.upload(Clip.mp4(2, "320x180"), "link \"é\".mp4").text("job_id"));
        String link = done.path("download_url").asString("");
        byte[] whole = api.fetch(link);

        var part = api.send(java.net.http.HttpRequest.newBuilder(api.base().resolve(link))
                .header("Range", "bytes=4-7")
                .build());
        assertThat(part.status()).isEqualTo(206);
        assertThat(part.response().body()).isEqualTo("ftyp");
        assertThat(part.response().headers().firstValue("Content-Range")).contains("bytes 4-7/" + whole.length);
        assertThat(part.response().headers().firstValue("Content-Type")).contains("video/mp4");
        assertThat(api.send(java.net.http.HttpRequest.newBuilder(api.base().resolve(link))
                                .header("Range", "bytes=" + whole.length + "-")
                                .build())
                        .status())
                .isEqualTo(416);
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
        String etag = api.get(path).response().headers().firstValue("ETag").orElseThrow();
        Api.Answer again =
                api.send(api.request(path).header("If-None-Match", etag).GET().build());
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.response().body()).isEmpty();
        assertProblemOf(api.get(path + "?wait=soon"), 400);
    }

    private static void assertProblemOf(Api.Answer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isNotEmpty();
    }

    @Test
    void aFormUploadIsTheSameAsARawOne() throws Exception {
        Path file = Clip.mp4(1, "320x180");
        String boundary = "----x" + System.nanoTime();
        byte[] head = ("--" + boundary + "\r\nContent-Disposition: form-data; name=\"priority\"\r\n\r\nhigh\r\n--"
                        + boundary
                        + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"🎬 form.mp4\"\r\nContent-Type: video/mp4\r\n\r\n")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        var body = java.net.http.HttpRequest.BodyPublishers.concat(
                java.net.http.HttpRequest.BodyPublishers.ofByteArray(head),
                java.net.http.HttpRequest.BodyPublishers.ofFile(file),
                java.net.http.HttpRequest.BodyPublishers.ofString("\r\n--" + boundary + "--\r\n"));
        Api.Answer accepted = api.send(api.request("/videos/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(body)
                .build());

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
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Api.Answer>> uploads = IntStream.range(0, 10)
                    .<Callable<Api.Answer>>mapToObj(_ -> () -> api.upload(file, "same.mp4"))
                    .toList();
            List<Api.Answer> answers = threads.invokeAll(uploads).stream()
                    .map(future -> future.resultNow())
                    .toList();

            assertThat(answers.stream().map(answer -> answer.text("job_id")).collect(Collectors.toSet()))
                    .hasSize(1);
            assertThat(answers.stream().filter(answer -> answer.status() == 202))
                    .hasSize(1);
            assertThat(answers.stream().filter(answer -> answer.status() == 200))
                    .hasSize(9);
            String job = answers.getFirst().text("job_id");
            api.awaitCompleted(job);
            Api.Answer again = api.upload(file, "same.mp4");
            assertThat(again.status()).isEqualTo(200);
            assertThat(again.text("message")).isEqualTo("File already uploaded");
            assertThat(again.text("job_id")).isEqualTo(job);
            assertThat(api.upload(file, "another name.mp4").status()).isEqualTo(202);
        }
    }

    @Test
    void theSourceIsCleanedUpAfterSuccessAndNothingElseStays() throws Exception {
        String job = api.upload(Clip.mp4(2, "320x180"), "kept.mp4").text("job_id");
        api.awaitCompleted(job);

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("sources", job)).isEmpty());
        assertThat(api.delete("/videos/jobs/" + job).status()).isEqualTo(204);
        assertThat(api.get("/videos/jobs/" + job).status()).isEqualTo(404);
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("", job)).isEmpty());
    }

    @Test
    void anotherOwnersJobDoesNotExist() {
        String job = api.upload(Clip.mp4(2, "320x180"), "mine.mp4").text("job_id");
        Api other = api.withKey(api.post("/access/keys", "{\"owner\":\"other\",\"name\":\"test\"}")
                .text("key"));

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
        Api lister = api.withKey(api.post("/access/keys", "{\"owner\":\"lister\",\"name\":\"test\"}")
                .text("key"));
        List<String> jobs = IntStream.range(0, 5)
                .mapToObj(number -> lister.upload(
                                Clip.bytes(
                                        "n.mp4",
                                        ("no video " + number).getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                                "n.mp4")
                        .text("job_id"))
                .toList();
        jobs.forEach(lister::awaitEnd);

        Api.Answer first = lister.get("/videos/jobs?limit=3&status=FAILED");
        Api.Answer second =
                lister.get("/videos/jobs?limit=3&status=FAILED&cursor=" + Api.encode(first.text("next_cursor")));

        List<String> listed = Stream.of(first, second)
                .flatMap(page -> page.body().path("jobs").valueStream())
                .map(job -> job.path("job_id").asString(""))
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

        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(2))
                .until(() -> server.children(job).isEmpty()
                        && server.children("libx264").isEmpty());
        assertThat(api.status(job).path("status").asString("")).isEqualTo("CANCELLED");
        org.awaitility.Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(filesNaming("", job)).isEmpty());
    }

    private static List<Path> filesNaming(String folder, String job) throws java.io.IOException {
        try (Stream<Path> tree = Files.walk(server.data())) {
            return tree.filter(Files::isRegularFile)
                    .filter(file ->
                            file.toString().contains(folder) && file.toString().contains(job))
                    .toList();
        } catch (java.io.UncheckedIOException _) {
            return List.of(Path.of("(the tree is changing)")); // Asked again by the caller.
        }
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
