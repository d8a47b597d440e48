package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.SdkHttpMethod;
import tools.jackson.databind.JsonNode;

/** Every way in and out with objects in S3, by the packaged program. */
class S3IT {
    private static final int FIVE_MIB = 5 << 20;
    private static final ObjectStorage STORAGE = new ObjectStorage();
    private static final Server SERVER = Server.start(environment());

    /** Its client dies right after the PUT, before the first test. */
    private static String forgotten = "";

    @BeforeAll
    static void anUploadIsForgotten() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        SignedUpload asked = SignedUpload.of(api(), clip, "forgotten.mp4");
        assertThat(STORAGE.put(asked, clip)).isEqualTo(200);
        forgotten = asked.job();
    }

    @AfterAll
    static void stop() {
        SERVER.close();
        STORAGE.close();
    }

    @Test
    void aDirectUploadIsProcessedServedAndDeletedWithoutATrace() throws IOException {
        Api.Answer taken = api().upload(Clip.mp4(2, "320x180"), "direct.mp4");
        assertThat(taken.status()).isEqualTo(202);
        String job = taken.text("job_id");
        JsonNode done = assertCompleted(job);

        String master = done.path("video_url").asString();
        assertThat(api().send(api().withoutKey()
                                .request(master)
                                .header("Range", "bytes=0-6")
                                .build())
                        .response()
                        .body())
                .isEqualTo("#EXTM3U");
        String download = done.path("download_url").asString();
        String parts = api().send(api().withoutKey()
                        .request(download)
                        .header("Range", "bytes=4-7,100-199")
                        .build())
                .response()
                .body();
        assertThat(parts).contains("ftyp", "bytes 4-7/", "bytes 100-199/");
        await("the source goes after success")
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(STORAGE.objects(job))
                        .isNotEmpty()
                        .allMatch(name -> name.startsWith("claimcheck/jobs/")));
        assertThat(api().delete("/videos/jobs/" + job).status()).isEqualTo(204);
        await().atMost(Duration.ofSeconds(20)).until(() -> STORAGE.objects(job).isEmpty());
        assertThat(STORAGE.uploads(job)).isEmpty();
    }

    @Test
    void aPresignedUploadIsCompletedByItsClient() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        SignedUpload asked = SignedUpload.of(api(), clip, "presigned.mp4");
        assertThat(asked.method()).isEqualTo("PUT");
        assertThat(asked.url()).startsWith(STORAGE.endpoint().toString());
        Api.Answer early = asked.complete();
        assertThat(early.status()).isEqualTo(409);
        assertThat(early.text("code")).isEqualTo("object_missing");

        assertThat(STORAGE.put(asked, clip)).isEqualTo(200);

        Api.Answer started = asked.complete();
        assertThat(started.status()).as(() -> started.body().toString()).isEqualTo(200);
        assertThat(started.text("status")).isEqualTo("processing_started");
        assertThat(asked.complete().text("job_id")).isEqualTo(started.text("job_id"));
        assertThat(STORAGE.put(asked, clip)).as("overwriting").isEqualTo(412);
        assertCompleted(started.text("job_id"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "presigned", "chunked", "tus"})
    void theCommandLineUploadsOnEveryWay(String way) {
        Cli.Ran ran = Cli.run(
                "upload",
                Clip.mp4(1, "320x180").toString(),
                "--via",
                way,
                "--wait",
                "--data",
                SERVER.data().toString());

        assertThat(ran.exit()).as(ran.err()).isZero();
        assertThat(ran.out()).contains("Done:");
    }

    @Test
    void aPresignedUploadThatIsNotTheOneSignedIsRefused() throws Exception {
        byte[] clip = new byte[1_000]; // short: a refusal may close the connection while more is being sent
        SignedUpload asked = SignedUpload.of(api(), clip, "refused.mp4");
        String url = asked.url();
        String key = asked.key();

        byte[] changed = clip.clone();
        changed[clip.length / 2]++;
        assertThat(STORAGE.put(asked, changed)).as("tampered").isEqualTo(400);
        assertThat(STORAGE.put(asked, Arrays.copyOf(clip, clip.length + 1)))
                .as("oversize")
                .isEqualTo(403);
        assertThat(STORAGE.send(SdkHttpMethod.POST, url, asked.headers(), clip))
                .as("other method")
                .isEqualTo(403);
        assertThat(STORAGE.send(SdkHttpMethod.PUT, url.replace(key, key + "x"), asked.headers(), clip))
                .as("other key")
                .isEqualTo(403);
        assertThat(STORAGE.send(
                        SdkHttpMethod.PUT,
                        url.replaceFirst("X-Amz-Date=\\d{4}", "X-Amz-Date=2020"),
                        asked.headers(),
                        clip))
                .as("late")
                .isEqualTo(403);
        assertThat(asked.complete().status()).isEqualTo(409);
        assertThat(STORAGE.objects(key)).isEmpty();
    }

    /** Amazon's form and MinIO's; S3's test message is no object. */
    @Test
    void aPresignedUploadIsCompletedByTheStoragesNotification() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        SignedUpload asked = SignedUpload.of(api(), clip, "notified.mp4");
        String job = asked.job();
        String event = """
                {"EventName":"s3:ObjectCreated:Put","Key":"videos/x","Records":[{"eventName":"%s",
                 "s3":{"bucket":{"name":"%s"},"object":{"key":"%s","size":%d}}}]}""".formatted(
                "s3:ObjectCreated:Put", ObjectStorage.BUCKET, Api.encode("claimcheck/" + asked.key()), clip.length);
        assertThat(api().withoutKey().post("/videos/storage-events", event).status())
                .isEqualTo(401);
        assertThat(api().post("/videos/storage-events", event).status())
                .as("too early")
                .isEqualTo(200);
        assertThat(api().post(
                                "/videos/storage-events",
                                "{\"Service\":\"Amazon S3\",\"Event\":\"s3:TestEvent\",\"Bucket\":\"videos\"}")
                        .body()
                        .path("objects")
                        .asInt(-1))
                .isZero();
        assertThat(api().statusOf(job)).isEqualTo("UPLOADING");

        assertThat(STORAGE.put(asked, clip)).isEqualTo(200);
        assertThat(api().post("/videos/storage-events", event).status()).isEqualTo(200);

        assertCompleted(job);
    }

    @Test
    void aPresignedUploadWhoseClientDiedIsFound() throws IOException {
        await().atMost(Duration.ofMinutes(2))
                .until(() -> !api().statusOf(forgotten).equals("UPLOADING"));
        assertCompleted(forgotten);
    }

    @Test
    void chunksBecomeParts() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.padded(Clip.mp4(1, "320x180"), 2 * FIVE_MIB + 100_000));
        Api.Answer small = Chunked.start(api(), clip.length, 1 << 20, "chunks.mp4");
        assertThat(small.status()).isEqualTo(400);
        assertThat(small.text("detail")).contains("5242880");

        Chunked upload = Chunked.start(api(), clip, FIVE_MIB, "chunks.mp4");
        upload.put(3);
        upload.put(1);
        upload.put(1);
        Api.Answer last = upload.put(2);

        assertThat(last.body().path("received").asInt())
                .as(last.body()::toString)
                .isEqualTo(3);
        assertCompleted(last.text("job_id"));
    }

    @Test
    void aCutTusUploadGoesOnWhereItWas() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.padded(Clip.mp4(1, "320x180"), 9 << 20));
        Tus tus = new Tus(api());
        String upload = tus.create(clip.length, "cut.mp4");
        try (RawRequest request = RawRequest.open(api())) {
            request.patch(upload, 0, clip.length);
            request.write(Arrays.copyOf(clip, (8 << 20) + 4_321));
            request.cut(true);
        }
        int offset = Math.toIntExact(tus.offset(upload));
        assertThat(offset).isPositive().isLessThanOrEqualTo((8 << 20) + 4_321);

        int half = offset + (clip.length - offset) / 2;
        assertThat(tus.patch(upload, offset, Arrays.copyOfRange(clip, offset, half))
                        .status())
                .isEqualTo(204);
        assertThat(tus.offset(upload)).isEqualTo(half);
        Api.Answer done = tus.patch(upload, half, Arrays.copyOfRange(clip, half, clip.length));

        String job = done.header("Claimcheck-Job-Id");
        assertCompleted(job);
        assertThat(STORAGE.objects("tails/")).noneMatch(name -> name.contains(job));
        assertThat(STORAGE.uploads(job)).isEmpty();
    }

    @Test
    void anEndedTusUploadLeavesNothing() {
        Tus tus = new Tus(api());
        String upload = tus.create(20_000_000, "ended.mp4");
        tus.patch(upload, 0, new byte[9 << 20]);
        assertThat(STORAGE.objects("tails/")).isNotEmpty();

        assertThat(tus.delete(upload).status()).isEqualTo(204);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> STORAGE.objects("tails/").isEmpty());
    }

    @Test
    void whileTheStorageIsAwayUploadsAreRefusedAndJobsWait() throws Exception {
        String job = api().upload(Clip.mp4(2, "320x180"), "outage.mp4").text("job_id");
        STORAGE.goAway();
        try {
            long began = System.nanoTime();
            Api.Answer refused = api().upload(Clip.mp4(1, "320x180"), "refused.mp4");
            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isNotEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
            assertThat(api().statusOf(job)).isIn("PENDING", "IN_PROGRESS");
        } finally {
            STORAGE.comeBack();
        }
        assertCompleted(job);
    }

    @Test
    void doctorSaysWhichStoreIsInForceAndWhatIsWrongWithIt() throws Exception {
        assertThat(doctor(STORAGE.environment())).contains("ok    store      bucket videos at http://127.0.0.1:");
        Map<String, String> wrong = STORAGE.environment();
        wrong.put("CLAIMCHECK_S3_BUCKET", "nowhere");
        assertThat(doctor(wrong)).contains("fail  store", "bucket nowhere", "Create it, or set s3.bucket");
    }

    private static String doctor(Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Server.LAUNCHER.toString(),
                        "doctor",
                        "--data",
                        Clip.WORK.resolve("doctor").toString())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        builder.environment().put("CLAIMCHECK_BUILD", "never");
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said;
    }

    /** Nobody knows of the multipart upload any more: only the sweep can find it. */
    @Test
    void killedInTheMiddleOfAnUploadNothingStaysInTheBucket() throws Exception {
        try (Server victim = Server.start(environmentBelow("killed"))) {
            try (RawRequest request = RawRequest.open(victim.api())) {
                request.head("POST", "/videos/upload?filename=killed.mp4", Map.of("Content-Length", "" + (100 << 20)));
                request.write(new byte[20 << 20]);
                await().atMost(Duration.ofSeconds(8))
                        .until(() -> !STORAGE.uploads("killed/").isEmpty());
                victim.killEverything();
            }
            victim.restart();

            await().atMost(Duration.ofMinutes(2))
                    .until(() -> STORAGE.uploads("killed/").isEmpty());
            assertThat(STORAGE.objects("killed/")).isEmpty();
        }
    }

    private static JsonNode assertCompleted(String job) throws IOException {
        JsonNode done = api().awaitCompleted(job);
        Results.assertAllThere(api(), done);
        return done;
    }

    private static Api api() {
        return SERVER.api();
    }

    private static Map<String, String> environment() {
        Map<String, String> environment = STORAGE.environment();
        environment.put("CLAIMCHECK_RETRY_BASE_DELAY", "1s");
        environment.put("CLAIMCHECK_RETRY_MAX_RETRIES", "20");
        return environment;
    }

    /** An installation of its own, whose requests take ten seconds at most, so that its sweep need not wait long. */
    private static Map<String, String> environmentBelow(String prefix) {
        Map<String, String> environment = environment();
        environment.put("CLAIMCHECK_S3_PREFIX", prefix);
        environment.put("CLAIMCHECK_UPLOAD_MAX_TIME", "10s");
        return environment;
    }
}
