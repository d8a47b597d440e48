package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static dev.claimcheck.e2e.SignedUpload.unsized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
        SignedUpload signed = SignedUpload.of(api, bytes, "signed.mp4");
        assertThat(signed.method()).isEqualTo("PUT");
        assertThat(api.statusOf(signed.job())).isEqualTo("UPLOADING");
        assertProblem(signed.complete(), 409, "object_missing");

        String answer = signed.curl(clip);

        assertThat(answer).contains("200").containsIgnoringCase("etag: \"" + Bytes.sha256Hex(bytes) + "\"");
        Api.Answer completed = signed.complete();
        assertThat(completed.status()).isEqualTo(200);
        assertThat(completed.text("status")).isEqualTo("processing_started");
        assertThat(completed.text("job_id")).isEqualTo(signed.job());
        Results.assertPlayable(api, api.awaitCompleted(signed.job()));
        assertThat(signed.complete().text("job_id")).as("again").isEqualTo(signed.job());
    }

    @Test
    void aFileKnownAlreadyLeadsToItsJob() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        String first = api.upload(clip, "known.mp4").text("job_id");
        SignedUpload signed = sign("{\"filename\": \"known.mp4\"}");
        assertThat(signed.put(BodyPublishers.ofFile(clip)).status()).isEqualTo(200);

        assertThat(signed.complete().text("job_id")).isEqualTo(first);

        assertThat(api.status(signed.job()).path("job_id").asString()).isEqualTo(first);
        assertThat(signed.complete().text("job_id")).as("again").isEqualTo(first);
        stored.awaitNothingOf(signed.job());
        api.awaitCompleted(first);
    }

    @Test
    void parametersMayComeInTheQuery() {
        JsonNode answer = api.post("/videos/upload-url?filename=query.mp4&size=10")
                .expect(201)
                .body();

        assertThat(new SignedUpload(api, answer).put(Bytes.random(10)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 400, length_mismatch",
        "11, 400, length_mismatch",
        "0, 400, empty_file",
        "30000000, 413, file_too_large",
    })
    void anotherLengthIsRefusedBeforeTheFirstByte(int length, int status, String code) throws Exception {
        SignedUpload signed = sign("{\"filename\": \"l.mp4\", \"size\": 10}");
        try (RawRequest request = RawRequest.open(api)) {
            request.head(
                    "PUT",
                    signed.path(),
                    Map.of(
                            "Content-Type", "application/octet-stream",
                            "Content-Length", "" + length,
                            "Expect", "100-continue"));
            assertThat(request.responseHead()).startsWith("HTTP/1.1 " + status).doesNotContain("100 Continue");
        }
        assertProblem(signed.put(new byte[length]), status, code);
        assertThat(stored.incoming()).isEmpty();
        assertThat(signed.put(Bytes.random(10)).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "9, 400, length_mismatch",
        "11, 413, file_too_large",
        "0, 400, empty_file",
        "5000000, 413, file_too_large"
    })
    void anotherLengthInHttpChunksIsRefusedAndLeavesNothing(int length, int status, String code) {
        SignedUpload signed = sign("{\"filename\": \"c.mp4\", \"size\": 10}");

        assertProblem(signed.put(unsized(Bytes.random(length))), status, code);

        assertThat(stored.incoming()).isEmpty();
        assertProblem(signed.complete(), 409, "object_missing");
        assertThat(signed.put(unsized(Bytes.random(10))).status()).isEqualTo(200);
    }

    @Test
    void theMaximumHoldsForAnUnannouncedLength() {
        SignedUpload signed = sign("{\"filename\": \"u.mp4\"}");

        assertProblem(signed.put(unsized(new byte[20_000_001])), 413, "file_too_large");

        stored.awaitNothingOf(signed.job());
    }

    @Test
    void otherBytesThanAnnouncedAreRefusedAndTheRightOnesTaken() {
        byte[] right = Bytes.random(1_000);
        SignedUpload signed = sign("{\"filename\": \"s.mp4\", \"sha256\": \"%s\"}".formatted(Bytes.sha256Hex(right)));

        assertProblem(signed.put(Bytes.random(1_000)), 422, "checksum_mismatch");
        assertProblem(signed.complete(), 409, "object_missing");

        assertThat(signed.put(right).status()).isEqualTo(200);
    }

    @Test
    void nothingButTheSignedRequestIsTaken() {
        SignedUpload signed = sign("{\"filename\": \"t.mp4\", \"content_type\": \"video/mp4\", \"size\": 10}");
        SignedUpload other = sign("{\"filename\": \"o.mp4\", \"size\": 10}");
        String url = signed.url();
        String token = url.substring(url.lastIndexOf('/') + 1);
        String[] parts = token.split("\\.", -1);
        String otherUrl = other.url();
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
            assertProblem(signed.send(base + bent, "video/mp4", "PUT", body), 403, "signature_mismatch");
        }
        assertProblem(signed.send(url, "video/webm", "PUT", body), 403, "signature_mismatch");
        assertProblem(signed.send(url, "", "PUT", body), 403, "signature_mismatch");
        assertProblem(signed.send(url, "video/mp4", "POST", body), 405, "method_not_allowed");
        assertProblem(signed.send(url, "video/mp4", "DELETE", body), 405, "method_not_allowed");
        assertProblem(signed.send(url, "video/mp4", "GET", BodyPublishers.noBody()), 405, "method_not_allowed");
        assertThat(stored.incoming()).isEmpty();
        assertProblem(signed.complete(), 409, "object_missing");
        assertThat(signed.send(url, "video/mp4", "PUT", body).status()).isEqualTo(200);
    }

    @Test
    void whatHasArrivedIsNotReplaced() {
        byte[] bytes = Bytes.random(1_000);
        SignedUpload signed = sign("{\"filename\": \"once.mp4\"}");
        signed.put(bytes);

        assertProblem(signed.put(Bytes.random(1_000)), 403, "upload_complete");
        signed.complete();
        assertProblem(signed.put(Bytes.random(1_000)), 403, "upload_complete");

        api.awaitEnd(signed.job());
        assertProblem(signed.put(Bytes.random(1_000)), 403, "upload_complete");
    }

    @Test
    void aSecondPutTakesTheFirstOnesPlaceWhileThatIsUnfinished() throws Exception {
        byte[] bytes = Bytes.random(1_000);
        SignedUpload signed = sign("{\"filename\": \"two.mp4\", \"size\": 1000}");
        try (RawRequest first = RawRequest.open(api)) {
            first.head(
                    "PUT", signed.path(), Map.of("Content-Type", "application/octet-stream", "Content-Length", "1000"));
            first.write(new byte[500]);
            await().until(() -> !stored.incoming().isEmpty());

            assertThat(signed.put(bytes).status()).isEqualTo(200);

            assertThat(first.status()).isEqualTo(409);
        }
        Path source = stored.sources().stream()
                .filter(file -> file.toString().contains(signed.job()))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readAllBytes(source)).isEqualTo(bytes);
    }

    @Test
    void anotherOwnerCannotCompleteIt() {
        Api other = api.asOwner("mallory");
        SignedUpload signed = sign("{\"filename\": \"mine.mp4\"}");
        signed.put(Bytes.random(100));

        assertProblem(SignedUpload.complete(other, signed.job(), signed.key()), 404, "upload_not_found");
        SignedUpload theirs = SignedUpload.ask(other, "{\"filename\": \"x.mp4\"}");
        assertProblem(SignedUpload.complete(other, theirs.job(), signed.key()), 404, "upload_not_found");
        assertProblem(other.post("/videos/storage-events", notification("Put", signed.key())), 403, "forbidden");
        assertThat(api.statusOf(signed.job())).isEqualTo("UPLOADING");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ObjectCreated:Put", "s3:ObjectCreated:CompleteMultipartUpload", "EventBridge"})
    void aStorageEventCompletesItWithoutItsClient(String form) {
        SignedUpload signed = sign("{\"filename\": \"event.mp4\", \"size\": 500}");
        String event = form.equals("EventBridge")
                ? "{\"detail-type\": \"Object Created\", \"source\": \"aws.s3\", \"detail\": {\"object\": {\"key\": \"%s\"}}}"
                        .formatted(signed.key())
                : notification(form, signed.key().replace("/", "%2F"));
        assertThat(api.post("/videos/storage-events", event)
                        .body()
                        .path("uploads_completed")
                        .asInt())
                .as("before it is there")
                .isZero();
        signed.put(Bytes.random(500));

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
        assertThat(api.awaitEnd(signed.job()).path("error").path("code").asString(""))
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
        SignedUpload signed = sign("{\"filename\": \"forgotten.mp4\"}");
        signed.put(Bytes.random(500));

        assertThat(api.awaitEnd(signed.job()).path("status").asString()).isEqualTo("FAILED");
    }

    @Test
    void aCancelledOrDeletedUploadTakesNothing() {
        SignedUpload cancelled = sign("{\"filename\": \"cancelled.mp4\"}");
        api.post("/videos/jobs/" + cancelled.job() + "/cancel");
        assertProblem(cancelled.put(new byte[10]), 404, "upload_not_found");
        SignedUpload deleted = sign("{\"filename\": \"deleted.mp4\"}");
        deleted.put(Bytes.random(10));
        api.delete("/videos/jobs/" + deleted.job());
        assertProblem(deleted.complete(), 404, "upload_not_found");
        stored.awaitNothingOf(deleted.job());
    }

    @Test
    void killedInTheMiddleNothingIsKeptAndKilledAfterItEverythingIs() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        try (Server killed = Server.start(Map.of())) {
            SignedUpload cut = SignedUpload.ask(killed.api(), "{\"filename\": \"cut.mp4\"}");
            SignedUpload sent = SignedUpload.ask(killed.api(), "{\"filename\": \"sent.mp4\"}");
            Stored files = new Stored(killed);
            assertThat(sent.put(BodyPublishers.ofFile(clip)).status()).isEqualTo(200);
            try (RawRequest request = RawRequest.open(killed.api())) {
                request.head(
                        "PUT",
                        cut.path(),
                        Map.of("Content-Type", "application/octet-stream", "Content-Length", "1000000"));
                request.write(new byte[500_000]);
                await().until(() -> !files.incoming().isEmpty());
                killed.killEverything();
            }

            killed.restart();

            assertThat(files.incoming()).isEmpty();
            assertThat(sent.complete().status()).isEqualTo(200);
            killed.api().awaitCompleted(sent.job());
            assertProblem(cut.complete(), 409, "object_missing");
            assertThat(cut.put(BodyPublishers.ofFile(clip)).status())
                    .as("the same URL, once more")
                    .isEqualTo(200);
        }
    }

    private static SignedUpload sign(String json) {
        return SignedUpload.ask(api, json);
    }

    /** As the storage tells of it. */
    private static String notification(String event, String key) {
        return """
                {"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "%s",
                  "s3": {"bucket": {"name": "videos"}, "object": {"key": "%s", "size": 500}}}]}
                """.formatted(event, key);
    }
}
