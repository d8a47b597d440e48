package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static dev.claimcheck.e2e.SignedUploads.completion;
import static dev.claimcheck.e2e.SignedUploads.curl;
import static dev.claimcheck.e2e.SignedUploads.job;
import static dev.claimcheck.e2e.SignedUploads.key;
import static dev.claimcheck.e2e.SignedUploads.notification;
import static dev.claimcheck.e2e.SignedUploads.unsized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Uploads by one PUT to a signed URL of this server, through the packaged program. */
class PresignedIT {
    private static Server server;
    private static Api api;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB"));
        api = server.api();
        stored = new Stored(server);
    }

    @AfterAll
    static void nothingIsUnderWayAnyMore() {
        try (Server closing = server) {
            assertThat(stored.incoming()).isEmpty();
            assertThat(closing.log()).doesNotContain("NullPointerException", "PSQLException");
        }
    }

    @Test
    void curlSendsAClipAndItBecomesAVideo() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        byte[] bytes = Files.readAllBytes(clip);
        JsonNode signed = sign("""
                {"filename": "signed.mp4", "content_type": "video/mp4", "size": %d, "sha256": "%s"}
                """.formatted(bytes.length, Bytes.sha256Hex(bytes)));
        assertThat(signed.path("method").asString()).isEqualTo("PUT");
        assertThat(api.status(job(signed)).path("status").asString()).isEqualTo("UPLOADING");
        assertProblem(complete(signed), 409, "object_missing");

        String answer = curl(clip, signed);

        assertThat(answer).contains("200").containsIgnoringCase("etag: \"" + Bytes.sha256Hex(bytes) + "\"");
        Api.Answer completed = complete(signed);
        assertThat(completed.status()).isEqualTo(200);
        assertThat(completed.text("status")).isEqualTo("processing_started");
        assertThat(completed.text("job_id")).isEqualTo(job(signed));
        Results.assertPlayable(api, api.awaitCompleted(job(signed)));
        assertThat(complete(signed).text("job_id")).as("again").isEqualTo(job(signed));
    }

    @Test
    void aFileKnownAlreadyLeadsToItsJob() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        String first = api.upload(clip, "known.mp4").text("job_id");
        JsonNode signed = sign("{\"filename\": \"known.mp4\"}");
        assertThat(put(signed, BodyPublishers.ofFile(clip)).status()).isEqualTo(200);

        assertThat(complete(signed).text("job_id")).isEqualTo(first);

        assertThat(api.status(job(signed)).path("job_id").asString()).isEqualTo(first);
        assertThat(complete(signed).text("job_id")).as("again").isEqualTo(first);
        stored.awaitNothingOf(job(signed));
        api.awaitCompleted(first);
    }

    @Test
    void parametersMayComeInTheQuery() {
        Api.Answer signed = api.post("/videos/upload-url?filename=query.mp4&size=10");

        assertThat(signed.status()).as(signed.body()::toString).isEqualTo(201);
        assertThat(put(signed.body(), BodyPublishers.ofByteArray(Bytes.random(10)))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 400, length_mismatch",
        "11, 400, length_mismatch",
        "0, 400, empty_file",
        "30000000, 413, file_too_large",
    })
    void anotherLengthIsRefusedBeforeTheFirstByte(int length, int status, String code) throws Exception {
        JsonNode signed = sign("{\"filename\": \"l.mp4\", \"size\": 10}");
        try (RawRequest request = RawRequest.open(api)) {
            request.head(
                    "PUT",
                    URI.create(signed.path("upload_url").asString()).getPath(),
                    Map.of(
                            "Content-Type", "application/octet-stream",
                            "Content-Length", "" + length,
                            "Expect", "100-continue"));
            assertThat(request.responseHead()).startsWith("HTTP/1.1 " + status).doesNotContain("100 Continue");
        }
        assertProblem(put(signed, BodyPublishers.ofByteArray(new byte[length])), status, code);
        assertThat(stored.incoming()).isEmpty();
        assertThat(put(signed, BodyPublishers.ofByteArray(Bytes.random(10))).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 400, length_mismatch",
        "11, 413, file_too_large",
        "0, 400, empty_file",
        "5000000, 413, file_too_large"
    })
    void anotherLengthInHttpChunksIsRefusedAndLeavesNothing(int length, int status, String code) {
        JsonNode signed = sign("{\"filename\": \"c.mp4\", \"size\": 10}");

        assertProblem(put(signed, unsized(Bytes.random(length))), status, code);

        assertThat(stored.incoming()).isEmpty();
        assertProblem(complete(signed), 409, "object_missing");
        assertThat(put(signed, unsized(Bytes.random(10))).status()).isEqualTo(200);
    }

    @Test
    void theMaximumHoldsForAnUnannouncedLength() {
        JsonNode signed = sign("{\"filename\": \"u.mp4\"}");

        assertProblem(put(signed, unsized(new byte[20_000_001])), 413, "file_too_large");

        stored.awaitNothingOf(job(signed));
    }

    @Test
    void otherBytesThanAnnouncedAreRefusedAndTheRightOnesTaken() {
        byte[] right = Bytes.random(1_000);
        JsonNode signed = sign("{\"filename\": \"s.mp4\", \"sha256\": \"%s\"}".formatted(Bytes.sha256Hex(right)));

        assertProblem(put(signed, BodyPublishers.ofByteArray(Bytes.random(1_000))), 422, "checksum_mismatch");
        assertProblem(complete(signed), 409, "object_missing");

        assertThat(put(signed, BodyPublishers.ofByteArray(right)).status()).isEqualTo(200);
    }

    @Test
    void nothingButTheSignedRequestIsTaken() {
        JsonNode signed = sign("{\"filename\": \"t.mp4\", \"content_type\": \"video/mp4\", \"size\": 10}");
        JsonNode other = sign("{\"filename\": \"o.mp4\", \"size\": 10}");
        String url = signed.path("upload_url").asString();
        String token = url.substring(url.lastIndexOf('/') + 1);
        String[] parts = token.split("\\.", -1);
        String otherUrl = other.path("upload_url").asString();
        String otherId = otherUrl.substring(otherUrl.lastIndexOf('/') + 1).split("\\.", -1)[0];
        String base = url.substring(0, url.lastIndexOf('/') + 1);
        BodyPublisher body = BodyPublishers.ofByteArray(new byte[10]);

        for (String bent : List.of(
                otherId + "." + parts[1] + "." + parts[2],
                parts[0] + "." + (Long.parseLong(parts[1]) + 86_400) + "." + parts[2],
                parts[0] + "." + parts[1] + "." + parts[2].replaceFirst("^.", parts[2].startsWith("A") ? "B" : "A"),
                parts[0] + "." + parts[1],
                "x",
                "a".repeat(5_000))) {
            assertProblem(send(base + bent, "video/mp4", "PUT", body), 403, "signature_mismatch");
        }
        assertProblem(send(url, "video/webm", "PUT", body), 403, "signature_mismatch");
        assertProblem(send(url, "", "PUT", body), 403, "signature_mismatch");
        assertProblem(send(url, "video/mp4", "POST", body), 405, "method_not_allowed");
        assertProblem(send(url, "video/mp4", "DELETE", body), 405, "method_not_allowed");
        assertProblem(send(url, "video/mp4", "GET", BodyPublishers.noBody()), 405, "method_not_allowed");
        assertThat(stored.incoming()).isEmpty();
        assertProblem(complete(signed), 409, "object_missing");
        assertThat(send(url, "video/mp4", "PUT", body).status()).isEqualTo(200);
    }

    @Test
    void whatHasArrivedIsNotReplaced() {
        byte[] bytes = Bytes.random(1_000);
        JsonNode signed = sign("{\"filename\": \"once.mp4\"}");
        put(signed, BodyPublishers.ofByteArray(bytes));

        assertProblem(put(signed, BodyPublishers.ofByteArray(Bytes.random(1_000))), 403, "upload_complete");
        complete(signed);
        assertProblem(put(signed, BodyPublishers.ofByteArray(Bytes.random(1_000))), 403, "upload_complete");

        api.awaitEnd(job(signed));
        assertProblem(put(signed, BodyPublishers.ofByteArray(Bytes.random(1_000))), 403, "upload_complete");
    }

    @Test
    void aSecondPutTakesTheFirstOnesPlaceWhileThatIsUnfinished() throws Exception {
        byte[] bytes = Bytes.random(1_000);
        JsonNode signed = sign("{\"filename\": \"two.mp4\", \"size\": 1000}");
        try (RawRequest first = RawRequest.open(api)) {
            first.head(
                    "PUT",
                    URI.create(signed.path("upload_url").asString()).getPath(),
                    Map.of("Content-Type", "application/octet-stream", "Content-Length", "1000"));
            first.write(new byte[500]);
            await().until(() -> !stored.incoming().isEmpty());

            assertThat(put(signed, BodyPublishers.ofByteArray(bytes)).status()).isEqualTo(200);

            assertThat(first.status()).isEqualTo(409);
        }
        Path source = stored.sources().stream()
                .filter(file -> file.toString().contains(job(signed)))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readAllBytes(source)).isEqualTo(bytes);
    }

    @Test
    void anotherOwnerCannotCompleteIt() {
        Api other = api.withKey(api.post("/access/keys", "{\"owner\": \"mallory\", \"name\": \"m\"}")
                .text("key"));
        JsonNode signed = sign("{\"filename\": \"mine.mp4\"}");
        put(signed, BodyPublishers.ofByteArray(Bytes.random(100)));

        assertProblem(
                other.post("/videos/upload-complete", completion(job(signed), key(signed))), 404, "upload_not_found");
        JsonNode theirs =
                other.post("/videos/upload-url", "{\"filename\": \"x.mp4\"}").body();
        assertProblem(
                other.post("/videos/upload-complete", completion(job(theirs), key(signed))), 404, "upload_not_found");
        assertProblem(other.post("/videos/storage-events", notification("Put", key(signed))), 403, "forbidden");
        assertThat(api.status(job(signed)).path("status").asString()).isEqualTo("UPLOADING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload", "EventBridge"})
    void aStorageEventCompletesItWithoutItsClient(String form) {
        JsonNode signed = sign("{\"filename\": \"event.mp4\", \"size\": 500}");
        String event = form.equals("EventBridge")
                ? "{\"detail-type\": \"Object Created\", \"source\": \"aws.s3\", \"detail\": {\"object\": {\"key\": \"%s\"}}}"
                        .formatted(key(signed))
                : notification(form, key(signed).replace("/", "%2F"));
        assertThat(api.post("/videos/storage-events", event)
                        .body()
                        .path("uploads_completed")
                        .asInt())
                .as("before it is there")
                .isZero();
        put(signed, BodyPublishers.ofByteArray(Bytes.random(500)));

        Api.Answer told = api.post("/videos/storage-events", event);

        assertThat(told.status()).isEqualTo(200);
        assertThat(told.body().path("objects").asInt()).isEqualTo(1);
        assertThat(told.body().path("uploads_completed").asInt()).isEqualTo(1);
        assertThat(api.post("/videos/storage-events", event)
                        .body()
                        .path("uploads_completed")
                        .asInt())
                .as("again")
                .isZero();
        assertThat(api.awaitEnd(job(signed)).path("error").path("code").asString(""))
                .as("no video, but processed")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"Service\": \"Amazon S3\", \"Event\": \"s3:TestEvent\"}",
                "{\"Records\": \"none\"}",
                "{\"Records\": [{\"eventName\": \"ObjectRemoved:Delete\", \"s3\": {\"object\": {\"key\": \"sources/x\"}}}]}",
                "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"object\": {\"key\": \"somebody/elses%00\"}}}]}",
                "{\"Records\": [{\"eventName\": \"ObjectCreated:Put\", \"s3\": {\"object\": {\"key\": \"%zz\"}}}, 7, null]}",
            })
    void eventsThatAreNoneOfOurBusinessAreTaken(String event) {
        Api.Answer answer = api.post("/videos/storage-events", event);

        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(200);
        assertThat(answer.body().path("uploads_completed").asInt()).isZero();
    }

    @Test
    void whatItsClientForgetsIsFound() {
        JsonNode signed = sign("{\"filename\": \"forgotten.mp4\"}");
        put(signed, BodyPublishers.ofByteArray(Bytes.random(500)));

        assertThat(api.awaitEnd(job(signed)).path("status").asString()).isEqualTo("FAILED");
    }

    @Test
    void aCancelledOrDeletedUploadTakesNothing() {
        JsonNode cancelled = sign("{\"filename\": \"cancelled.mp4\"}");
        api.post("/videos/jobs/" + job(cancelled) + "/cancel");
        assertProblem(put(cancelled, BodyPublishers.ofByteArray(new byte[10])), 404, "upload_not_found");
        JsonNode deleted = sign("{\"filename\": \"deleted.mp4\"}");
        put(deleted, BodyPublishers.ofByteArray(Bytes.random(10)));
        api.delete("/videos/jobs/" + job(deleted));
        assertProblem(complete(deleted), 404, "upload_not_found");
        stored.awaitNothingOf(job(deleted));
    }

    @Test
    void killedInTheMiddleNothingIsKeptAndKilledAfterItEverythingIs() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        try (Server killed = Server.start(Map.of())) {
            JsonNode cut = killed.api()
                    .post("/videos/upload-url", "{\"filename\": \"cut.mp4\"}")
                    .body();
            JsonNode sent = killed.api()
                    .post("/videos/upload-url", "{\"filename\": \"sent.mp4\"}")
                    .body();
            Stored files = new Stored(killed);
            assertThat(send(
                                    sent.path("upload_url").asString(),
                                    "application/octet-stream",
                                    "PUT",
                                    BodyPublishers.ofFile(clip))
                            .status())
                    .isEqualTo(200);
            try (RawRequest request = RawRequest.open(killed.api())) {
                request.head(
                        "PUT",
                        URI.create(cut.path("upload_url").asString()).getPath(),
                        Map.of("Content-Type", "application/octet-stream", "Content-Length", "1000000"));
                request.write(new byte[500_000]);
                await().until(() -> !files.incoming().isEmpty());
                killed.killEverything();
            }

            killed.restart();

            assertThat(files.incoming()).isEmpty();
            Api.Answer completed = killed.api().post("/videos/upload-complete", completion(job(sent), key(sent)));
            assertThat(completed.status()).isEqualTo(200);
            killed.api().awaitCompleted(job(sent));
            assertProblem(
                    killed.api().post("/videos/upload-complete", completion(job(cut), key(cut))),
                    409,
                    "object_missing");
            assertThat(send(
                                    cut.path("upload_url").asString(),
                                    "application/octet-stream",
                                    "PUT",
                                    BodyPublishers.ofFile(clip))
                            .status())
                    .as("the same URL, once more")
                    .isEqualTo(200);
        }
    }

    private static JsonNode sign(String json) {
        Api.Answer answer = api.post("/videos/upload-url", json);
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(201);
        return answer.body();
    }

    private static Api.Answer put(JsonNode signed, BodyPublisher body) {
        return send(
                signed.path("upload_url").asString(),
                signed.path("headers").path("Content-Type").asString(),
                "PUT",
                body);
    }

    private static Api.Answer send(String url, String type, String method, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).method(method, body);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        return api.send(request.build());
    }

    private static Api.Answer complete(JsonNode signed) {
        return api.post("/videos/upload-complete", completion(job(signed), key(signed)));
    }
}
