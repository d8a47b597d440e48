package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a job may ask for, through the packaged program. */
class OptionsIT {
    private static Server server;
    private static Api api;
    private static Path file;
    private static byte[] clip;

    /** The ways in. */
    enum Way {
        RAW,
        FORM,
        SIGNED,
        CHUNKED,
        CHUNKED_BY_QUERY,
        S3_MULTIPART,
        TUS,
        DRAFT
    }

    @BeforeAll
    static void startTheProgram() throws IOException {
        server = Server.start(Map.of(
                "CLAIMCHECK_RETENTION_SOURCE", "1h",
                "CLAIMCHECK_PROFILES_ARCHIVE_VIDEO", "hevc"));
        api = server.api();
        file = Clip.mp4(1, "320x180");
        clip = Files.readAllBytes(file);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void everyWayInTakesThem(Way way) throws Exception {
        Map<String, String> asked =
                Map.of("profile", "archive", "clip_start", "0.250", "clip_end", "1", "thumbnail_time", "0.1");

        Api.Answer made = open(way, way + ".mp4", asked);

        assertThat(made.status()).as(() -> made.response().body()).isBetween(200, 204);
        JsonNode job = api.get("/videos/jobs/" + jobOf(way, made)).body();
        assertThat(job.path("profile").asString()).isEqualTo("archive");
        assertThat(job.path("options"))
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"clip_start\": 0.25, \"clip_end\": 1, \"thumbnail_time\": 0.1}"));
    }

    @ParameterizedTest
    @EnumSource
    void everyWayInRefusesWhatCannotBe(Way way) throws Exception {
        Api.Answer unknown = open(way, "refused.mp4", Map.of("profile", "webb"));
        assertProblem(unknown, 400, "unknown_profile");
        assertThat(unknown.text("detail")).contains("archive, audio, preview, web, web-av1, web-hevc");
        assertProblem(open(way, "refused.mp4", Map.of("clip_start", "2", "clip_end", "1")), 400, "invalid_option");
        assertProblem(
                open(way, "refused.mp4", Map.of("watermark", UUID.randomUUID().toString())), 400, "invalid_option");
    }

    @Test
    void aFormsBadFieldIsHeardBeforeItsFile() throws Exception {
        Form form = new Form().field("profile", "webb").begin("file", "a.mp4", "");
        try (RawRequest request = RawRequest.open(api)) {
            request.head("POST", "/videos/upload", Map.of("Content-Length", "1000000", "Content-Type", form.type()));
            request.write(form.parts());
            assertThat(request.status()).isEqualTo(400);
        }
    }

    @Test
    void theSameFileWithOtherOptionsIsAnotherJob() {
        String usual = api.upload(file, "identity.mp4").text("job_id");
        Api.Answer clipped = api.send(upload("identity.mp4", Map.of("clip_end", "0.5")));
        Api.Answer same = api.send(upload("identity.mp4", Map.of("clip_end", "0.50", "clip_start", "0")));

        assertThat(clipped.status()).isEqualTo(202);
        assertThat(clipped.text("job_id")).isNotEqualTo(usual);
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.text("job_id")).isEqualTo(clipped.text("job_id"));
        api.awaitCompleted(clipped.text("job_id"));
        assertThat(instant("identity.mp4", Map.of("clip_end", "0.500")).status())
                .as("known")
                .isEqualTo(200);
        assertProblem(instant("identity.mp4", Map.of("clip_end", "0.6")), 404, "not_known");
    }

    @Test
    void alsoWhereTheContentIsKnownOnlyWhenItHasCome() {
        String clipped = jobOf(Way.TUS, tus("late.mp4", Map.of("clip_end", "0.5")));
        String whole = jobOf(Way.TUS, tus("late.mp4", Map.of()));
        String again = jobOf(Way.TUS, tus("late.mp4", Map.of("clip_end", "0.50")));

        assertThat(whole).isNotEqualTo(clipped);
        assertThat(again).isEqualTo(clipped);
        assertThat(api.get("/videos/jobs/" + whole).body().path("options")).isEmpty();
    }

    @Test
    void aFileThatIsStillKeptIsProcessedAgainWithoutBeingSent() {
        String first = api.upload(Clip.mp4(1, "320x180"), "again.mp4").text("job_id");
        api.awaitCompleted(first);

        Api.Answer again =
                api.post("/videos/jobs/" + first + "/process", "{\"profile\": \"preview\", \"clip_end\": 0.5}");
        assertThat(again.status()).as(again.body()::toString).isEqualTo(202);
        String second = again.text("job_id");
        assertThat(api.delete("/videos/jobs/" + first).status()).isEqualTo(204);
        api.awaitCompleted(second);

        JsonNode job = api.get("/videos/jobs/" + second).body();
        assertThat(job.path("filename").asString()).isEqualTo("again.mp4");
        assertThat(job.path("profile").asString()).isEqualTo("preview");
        assertThat(job.path("options")).hasToString("{\"clip_end\":0.5}");
        Api.Answer same = api.post("/videos/jobs/" + second + "/process?profile=preview&clip_end=0.5");
        assertThat(same.status()).as("the same once more").isEqualTo(200);
        assertThat(same.text("job_id")).isEqualTo(second);
        assertProblem(api.post("/videos/jobs/" + first + "/process"), 404, "not_found");
        assertProblem(api.post("/videos/jobs/" + second + "/process?profile=x"), 400, "unknown_profile");
        assertProblem(api.asOwner("eve").post("/videos/jobs/" + second + "/process"), 404, "not_found");
    }

    @Test
    void aSharedFileStaysUntilTheLastJobHasDoneWithIt() {
        String first = api.upload(Clip.mp4(8, "640x360"), "shared.mp4").text("job_id");
        String second =
                api.post("/videos/jobs/" + first + "/process?profile=preview").text("job_id");
        assertThat(api.post("/videos/jobs/" + first + "/cancel").status()).isEqualTo(200);

        assertThat(new Stored(server).sources()).anyMatch(path -> path.endsWith(first));
        api.awaitCompleted(second);

        new Stored(server).awaitNothingOf(first);
        assertProblem(api.post("/videos/jobs/" + second + "/process?profile=web"), 409, "conflict");
    }

    @Test
    void aWatermarkIsItsOwnersAlone() throws Exception {
        Api mallory = api.asOwner("mallory");
        Api.Answer made = watermark(api, picture(64, 32, "png"));
        assertThat(made.status()).as(made.body()::toString).isEqualTo(201);
        assertThat(made.body().path("width").asInt()).isEqualTo(64);
        assertThat(made.text("content_type")).isEqualTo("image/png");
        String id = made.text("watermark_id");

        assertThat(api.get("/watermarks").body().toString()).contains(id);
        assertThat(mallory.get("/watermarks").body().path("watermarks")).isEmpty();
        assertProblem(mallory.delete("/watermarks/" + id), 404, "not_found");
        assertProblem(mallory.post("/videos/upload-url?filename=a.mp4&watermark=" + id), 400, "invalid_option");
        Api.Answer used = api.send(upload("marked.mp4", Map.of("watermark", id, "watermark_opacity", "0.50")));
        assertThat(used.status()).as(used.body()::toString).isEqualTo(202);
        assertThat(api.delete("/watermarks/" + id).status()).isEqualTo(204);

        assertThat(api.get("/watermarks").body().toString()).doesNotContain(id);
        assertProblem(api.delete("/watermarks/" + id), 404, "not_found");
        assertProblem(api.post("/videos/upload-url?filename=a.mp4&watermark=" + id), 400, "invalid_option");
        api.awaitCompleted(used.text("job_id"));
        assertThat(api.get("/videos/jobs/" + used.text("job_id")).body().path("options"))
                .isEqualTo(JsonMapper.shared().readTree("{\"watermark\": \"" + id + "\", \"watermark_opacity\": 0.5}"));
        assertThat(server.data().resolve("objects/watermarks/" + id))
                .as("kept for its jobs")
                .exists();
    }

    @Test
    void whatIsNoPictureIsNotKept() throws Exception {
        Path folder = server.data().resolve("objects/watermarks");

        assertProblem(watermark(api, clip), 400, "not_a_picture");
        assertProblem(watermark(api, picture(5_000, 10, "png")), 400, "not_a_picture");
        assertProblem(watermark(api, new byte[0]), 400, "empty_file");
        assertProblem(watermark(api, new byte[5_000_001]), 413, "file_too_large");
        Api.Answer form = api.post("/watermarks", new Form().file("file", "logo.png", picture(20, 10, "jpg")));

        assertThat(form.status()).isEqualTo(201);
        assertThat(form.text("content_type")).as("by its content").isEqualTo("image/jpeg");
        String kept = form.text("watermark_id");
        long mine = api.get("/watermarks").body().path("watermarks").size();
        await().atMost(Duration.ofSeconds(10)).until(() -> {
            try (var files = Files.list(folder)) {
                return files.filter(path -> !path.endsWith(kept)).count() <= mine + 1;
            }
        });
    }

    @Test
    void theCommandLinePassesThemOn() {
        Cli.Ran ran = Cli.run(
                "upload",
                file.toString(),
                "--filename",
                "cli.mp4",
                "--profile",
                "audio",
                "--clip-start",
                "0.1",
                "--clip-end",
                "0.9",
                "--thumbnail-time",
                "0.2",
                "--json",
                "--data",
                server.data().toString());

        assertThat(ran.exit()).as(ran.err()).isZero();
        JsonNode job =
                api.get("/videos/jobs/" + ran.json().path("job_id").asString()).body();
        assertThat(job.path("profile").asString()).isEqualTo("audio");
        assertThat(job.path("options"))
                .isEqualTo(JsonMapper.shared()
                        .readTree("{\"clip_start\": 0.1, \"clip_end\": 0.9, \"thumbnail_time\": 0.2}"));
    }

    @Test
    void aServiceWithAFaultyProfileDoesNotStart() {
        Cli.Ran ran = Cli.run(
                "serve",
                "--data",
                Clip.WORK.resolve("never").toString(),
                "--set",
                "profiles.web.crf=low",
                "--set",
                "profiles.film.codec=h264");

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err())
                .contains("profiles.web.crf (--set profiles.web.crf): 'low' is not a whole number; example: 22")
                .contains("profiles.film.codec");
    }

    private static Api.Answer open(Way way, String filename, Map<String, String> options) {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("filename", filename);
        options.forEach(json::put);
        return switch (way) {
            case RAW -> api.send(upload(filename, options));
            case FORM -> {
                Form form = new Form();
                options.forEach(form::field);
                yield api.post("/videos/upload", form.file("file", filename, clip));
            }
            case SIGNED -> api.post("/videos/upload-url", json.toString());
            case CHUNKED ->
                api.post(
                        "/videos/start-chunked-upload",
                        json.put("total_size", 1_000).toString());
            case CHUNKED_BY_QUERY ->
                api.post("/videos/start-chunked-upload?total_size=1000&filename=" + filename + query(options));
            case S3_MULTIPART -> api.post("/videos/s3-multipart?total_size=1000&filename=" + filename + query(options));
            case TUS -> tus(filename, options);
            case DRAFT ->
                api.send(api.request("/videos/tus?filename=" + filename + query(options))
                        .header("Upload-Draft-Interop-Version", "9")
                        .header("Upload-Complete", "?1")
                        .POST(BodyPublishers.ofByteArray(clip))
                        .build());
        };
    }

    private static Api.Answer tus(String filename, Map<String, String> options) {
        Tus tus = new Tus(api);
        Map<String, String> metadata = new LinkedHashMap<>(options);
        metadata.put("filename", filename);
        Api.Answer made = api.send(tus.request("/videos/tus")
                .header("Upload-Length", Integer.toString(clip.length))
                .header("Upload-Metadata", Tus.metadata(metadata))
                .POST(BodyPublishers.noBody())
                .build());
        return made.status() == 201 ? tus.patch(Tus.location(made), 0, clip) : made;
    }

    private static String jobOf(Way way, Api.Answer made) {
        return switch (way) {
            case RAW, FORM, SIGNED, CHUNKED, CHUNKED_BY_QUERY -> made.text("job_id");
            case S3_MULTIPART -> made.response().body().replaceAll("(?s).*<Key>(.*)</Key>.*", "$1");
            case TUS, DRAFT -> made.header("Claimcheck-Job-Id");
        };
    }

    private static java.net.http.HttpRequest upload(String filename, Map<String, String> options) {
        return api.request("/videos/upload?filename=" + filename + query(options))
                .POST(BodyPublishers.ofByteArray(clip))
                .build();
    }

    private static Api.Answer instant(String filename, Map<String, String> options) {
        return api.post("/videos/instant-upload?filename=" + filename + "&size=" + clip.length + "&sha256="
                + Bytes.sha256Hex(clip) + query(options));
    }

    private static String query(Map<String, String> options) {
        return options.entrySet().stream()
                .map(entry -> "&" + entry.getKey() + "=" + Api.encode(entry.getValue()))
                .collect(Collectors.joining());
    }

    private static Api.Answer watermark(Api of, byte[] picture) {
        return of.send(of.request("/watermarks")
                .header("Content-Type", "image/gif")
                .POST(BodyPublishers.ofByteArray(picture))
                .build());
    }

    private static byte[] picture(int width, int height, String format) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB), format, bytes);
        return bytes.toByteArray();
    }
}
