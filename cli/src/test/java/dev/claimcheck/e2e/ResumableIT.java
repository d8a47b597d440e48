package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.MetaData;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Resumable Uploads for HTTP, draft-ietf-httpbis-resumable-upload-12, on both versions of HTTP. */
class ResumableIT {
    private static final String PROBLEMS = "https://iana.org/assignments/http-problem-types#";

    private static Server server;
    private static Api api;
    private static Draft draft;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB", Stored.RETENTION, "keep"));
        api = server.api();
        draft = new Draft(api);
        stored = new Stored(server);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void anUploadInOneRequestIsAnsweredAsAnyUploadIs() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        Api.Answer answer = api.send(draft.post("?1")
                .header("Content-Disposition", "inline; filename=\"plain.mp4\"; filename*=UTF-8''stra%C3%9Fe.mp4")
                .header("Content-Type", "video/mp4")
                .POST(BodyPublishers.ofByteArray(clip))
                .build());
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Upload-Complete")).isEqualTo("?1");
        assertThat(answer.text("job_id")).isEqualTo(answer.header("Claimcheck-Job-Id"));
        assertThat(api.awaitCompleted(answer.text("job_id")).path("filename").asString(""))
                .isEqualTo("straße.mp4");
    }

    @Test
    void anUploadInThreePartsOfUnknownLengthBecomesAVideo() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        Api.Answer created = api.send(HttpRequest.newBuilder(draft.post("?0").build(), (_, _) -> true)
                .uri(api.base().resolve(Draft.PATH + "?filename=parts.mp4"))
                .POST(BodyPublishers.ofByteArray(Arrays.copyOf(clip, 1_000)))
                .build());
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Upload-Complete")).isEqualTo("?0");
        assertThat(created.header("Upload-Limit")).matches("max-size=20000000, max-age=8\\d{4}");
        String upload = Tus.location(created);
        draft.assertOffset(upload, 1_000, "?0");
        Api.Answer head = draft.head(upload);
        assertThat(head.header("Upload-Length")).isEmpty();
        assertThat(head.header("Cache-Control")).isEqualTo("no-store");
        assertThat(head.header("Upload-Limit")).contains("max-age=");
        assertThat(head.status()).isEqualTo(204);

        Api.Answer middle = draft.patch(upload, 1_000, "?0", Arrays.copyOfRange(clip, 1_000, 5_000));
        assertThat(middle.status()).isEqualTo(204);
        assertThat(middle.header("Upload-Complete")).isEqualTo("?0");
        Api.Answer last = draft.patch(upload, 5_000, "?1", Arrays.copyOfRange(clip, 5_000, clip.length));

        assertThat(last.status()).isEqualTo(202);
        assertThat(last.header("Upload-Complete")).isEqualTo("?1");
        api.awaitCompleted(last.text("job_id"));
        draft.assertOffset(upload, clip.length, "?1");
        assertThat(draft.head(upload).header("Upload-Length")).isEqualTo("" + clip.length);
        assertThat(draft.head(upload).header("Claimcheck-Job-Id")).isEqualTo(last.text("job_id"));
    }

    @Test
    void whoeverLostTheLastAnswerGetsItAgain() {
        byte[] bytes = Bytes.noise(1_000, 1);
        String upload = draft.create(1_000, Arrays.copyOf(bytes, 500));
        String job = draft.patch(upload, 500, "?1", Arrays.copyOfRange(bytes, 500, 1_000))
                .text("job_id");

        Api.Answer again = draft.patch(upload, 1_000, "?1", new byte[0]);

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("job_id")).isEqualTo(job);
        assertThat(again.header("Upload-Complete")).isEqualTo("?1");
        Api.Answer more = draft.patch(upload, 1_000, "?1", new byte[1]);
        assertProblem(more, 400, "inconsistent-upload-length");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "9", ""})
    void theFirstInterimResponseTellsWhereToGoOn(String interop) throws Exception {
        byte[] bytes = Bytes.noise(300_000, 2);
        Map<String, String> headers = new HashMap<>(
                Map.of("Upload-Complete", "?1", "Content-Length", "" + bytes.length, "Expect", "100-continue"));
        if (!interop.isEmpty()) {
            headers.put("Upload-Draft-Interop-Version", interop);
        }
        String upload;
        try (RawRequest request = RawRequest.open(api)) {
            request.head("POST", Draft.PATH + "?filename=interim" + interop + ".mp4", headers);
            String interim = request.responseHead();
            assertThat(interim)
                    .startsWith("HTTP/1.1 104 Upload Resumption Supported\r\n")
                    .containsPattern("Upload-Limit: max-size=20000000, max-age=\\d+\r\n")
                    .contains("Upload-Draft-Interop-Version: " + (interop.isEmpty() ? "9" : interop) + "\r\n");
            assertThat(request.responseHead()).startsWith("HTTP/1.1 100 Continue");
            upload = interim.replaceAll("(?s).*Location: (\\S+).*", "$1");
            request.write(Arrays.copyOf(bytes, 100_000));
            stored.awaitPartial(100_000);
            request.cut(true);
        }
        long offset = Long.parseLong(draft.head(upload).header("Upload-Offset"));
        assertThat(offset).isEqualTo(100_000);
        assertThat(draft.head(upload).header("Upload-Length")).isEqualTo("300000");
        Api.Answer last = draft.patch(upload, offset, "?1", Arrays.copyOfRange(bytes, (int) offset, bytes.length));
        assertThat(last.status()).isIn(202, 200);
        stored.assertSource(last.text("job_id"), bytes);
        api.delete("/videos/jobs/" + last.text("job_id"));
    }

    @Test
    void aClientOfAnotherDraftIsNotToldWhatItWouldMisread() throws Exception {
        try (RawRequest request = RawRequest.open(api)) {
            request.head(
                    "POST",
                    Draft.PATH,
                    Map.of("Upload-Complete", "?1", "Content-Length", "10", "Upload-Draft-Interop-Version", "3"));
            request.write(Bytes.noise(10, 3));
            assertThat(request.responseHead()).startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void onHttp2AllIsTheSame() throws Exception {
        byte[] bytes = Bytes.noise(200_000, 4);
        try (Http2 http = new Http2(api)) {
            Http2.Exchange post = http.open(
                    "POST",
                    Draft.PATH + "?filename=two.mp4",
                    Map.of("upload-complete", "?1", "upload-draft-interop-version", "9", "content-length", "200000"));
            MetaData.Response interim = post.next();
            assertThat(interim.getStatus()).isEqualTo(104);
            String upload = interim.getHttpFields().get("Location");
            assertThat(interim.getHttpFields().get("Upload-Limit")).contains("max-size=20000000", "max-age=");
            post.send(Arrays.copyOf(bytes, 50_000), false);
            stored.awaitPartial(50_000);
            // The earlier request is still there; a later one takes its place.
            MetaData.Response head = http.bodiless("HEAD", upload, Map.of());
            assertThat(head.getStatus()).isEqualTo(204);
            assertThat(head.getHttpFields().get("Upload-Offset")).isEqualTo("50000");
            assertThat(head.getHttpFields().get("Upload-Complete")).isEqualTo("?0");
            assertThat(post.next().getStatus()).isEqualTo(409);

            Http2.Exchange cut = http.open("PATCH", upload, Draft.patchHeaders(50_000, "?1"));
            cut.send(Arrays.copyOfRange(bytes, 50_000, 90_000), false);
            stored.awaitPartial(90_000);
            cut.cut();
            Http2.Exchange last = http.open("PATCH", upload, Draft.patchHeaders(90_000, "?1"));
            last.send(Arrays.copyOfRange(bytes, 90_000, 200_000), true);

            MetaData.Response done = last.next();
            assertThat(done.getStatus()).isEqualTo(202);
            assertThat(done.getHttpFields().get("Upload-Complete")).isEqualTo("?1");
            stored.assertSource(done.getHttpFields().get("Claimcheck-Job-Id"), bytes);
        }
    }

    @Test
    void whatIsOfferedIsSaidBeforehand() {
        Api.Answer options = api.withoutKey()
                .send(HttpRequest.newBuilder(api.base().resolve(Draft.PATH))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build());
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Accept-Patch")).contains("application/partial-upload");
        assertThat(options.header("Upload-Limit")).isEqualTo("max-size=20000000");
        assertThat(options.header("Upload-Draft-Interop-Version")).isEqualTo("9");
    }

    @Test
    void aWrongOffsetIsExplainedByTheDraftsProblem() {
        String upload = draft.create(1_000, new byte[300]);
        Api.Answer wrong = draft.patch(upload, 200, "?0", new byte[10]);
        assertProblem(wrong, 409, "mismatching-upload-offset");
        assertThat(wrong.body().path("expected-offset").asInt()).isEqualTo(300);
        assertThat(wrong.body().path("provided-offset").asInt()).isEqualTo(200);
        assertThat(wrong.header("Upload-Offset")).isEqualTo("300");
        assertThat(wrong.header("Upload-Complete")).isEqualTo("?0");
    }

    @Test
    void moreBytesThanAnnouncedEndTheUpload() throws Exception {
        String upload = draft.create(1_000, new byte[300]);
        try (RawRequest request = RawRequest.open(api)) {
            Map<String, String> headers = new HashMap<>(Draft.patchHeaders(300, "?0"));
            headers.put("Transfer-Encoding", "chunked");
            request.head("PATCH", upload, headers);
            request.write("320\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            request.write(new byte[800]);
            request.write("\r\n0\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
            assertThat(request.status()).isEqualTo(400);
        }
        assertThat(draft.head(upload).status()).isEqualTo(404);
    }

    @Test
    void lengthsThatContradictEachOtherAreRefused() {
        String upload = draft.create(1_000, new byte[300]);
        assertProblem(draft.patch(upload, 300, "?1", new byte[100]), 400, "inconsistent-upload-length");
        draft.assertOffset(upload, 300, "?0");
        Api.Answer created = api.send(draft.post("?1")
                .header("Upload-Length", "11")
                .POST(BodyPublishers.ofByteArray(new byte[10]))
                .build());
        assertProblem(created, 400, "inconsistent-upload-length");
    }

    @Test
    void tooLargeIsSaidWithTheLimit() {
        Api.Answer refused = api.send(draft.post("?0")
                .header("Upload-Length", "20000001")
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.header("Upload-Limit")).isEqualTo("max-size=20000000");
    }

    @Test
    void aWrongContentDigestKeepsTheBytesOut() throws Exception {
        byte[] bytes = Bytes.noise(5_000, 6);
        String upload = draft.create(10_000, new byte[0]);
        Api.Answer wrong = api.send(draft.patchRequest(upload, 0, "?0", bytes)
                .header("Content-Digest", Bytes.contentDigest(new byte[1]))
                .build());
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.text("code")).isEqualTo("checksum_mismatch");
        draft.assertOffset(upload, 0, "?0");
        Api.Answer right = api.send(draft.patchRequest(upload, 0, "?0", bytes)
                .header("Content-Digest", "unheard-of=:AAAA:, " + Bytes.contentDigest(bytes))
                .build());
        assertThat(right.status()).isEqualTo(204);
        draft.assertOffset(upload, 5_000, "?0");
        assertThat(api.send(draft.patchRequest(upload, 5_000, "?0", bytes)
                                .header("Content-Digest", "sha-256=nonsense")
                                .build())
                        .text("code"))
                .isEqualTo("invalid_checksum");
    }

    @Test
    void aWrongReprDigestEndsTheUpload() throws Exception {
        byte[] bytes = Bytes.noise(5_000, 7);
        Api.Answer refused = api.send(draft.post("?1")
                .header("Repr-Digest", Bytes.contentDigest(new byte[1]))
                .POST(BodyPublishers.ofByteArray(bytes))
                .build());
        assertThat(refused.status()).isEqualTo(422);
        Api.Answer taken = api.send(draft.post("?1")
                .header("Repr-Digest", Bytes.contentDigest(bytes))
                .POST(BodyPublishers.ofByteArray(bytes))
                .build());
        assertThat(taken.status()).isEqualTo(202);
        stored.assertSource(taken.text("job_id"), bytes);
    }

    @Test
    void deletedItIsGone() {
        String upload = draft.create(1_000, new byte[300]);
        assertThat(api.delete(upload).status()).isEqualTo(204);
        assertThat(draft.head(upload).status()).isEqualTo(404);
        assertThat(draft.patch(upload, 300, "?0", new byte[1]).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @CsvSource({
        "Upload-Complete, yes, 400, invalid_request",
        "Upload-Length, -1, 400, invalid_request",
        "Upload-Length, 99999999999999999999, 400, invalid_request",
        "Content-Disposition, inline; filename*=UTF-8''%zz, 400, invalid_filename",
        "Content-Disposition, inline; filename*=UTF-8''a%00b, 400, invalid_filename",
        "Content-Digest, sha-256, 400, invalid_checksum"
    })
    void aBadCreationIsRefusedAndLeavesNothing(String header, String value, int status, String code) throws Exception {
        List<Path> before = stored.partial();
        Api.Answer answer = api.send((header.equals("Upload-Complete") ? api.request(Draft.PATH) : draft.post("?0"))
                .header(header, value)
                .POST(BodyPublishers.ofByteArray(new byte[10]))
                .build());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(before).containsAll(stored.partial());
    }

    @Test
    void anEmptyUploadIsRefusedAndLeavesNothing() throws Exception {
        List<Path> before = stored.partial();
        Api.Answer answer =
                api.send(draft.post("?1").POST(BodyPublishers.noBody()).build());
        assertThat(answer.text("code")).isEqualTo("empty_file");
        String unknownLength = Tus.location(
                api.send(draft.post("?0").POST(BodyPublishers.noBody()).build()));
        assertThat(draft.patch(unknownLength, 0, "?1", new byte[0]).text("code"))
                .isEqualTo("empty_file");
        assertThat(draft.head(unknownLength).status()).isEqualTo(404);
        await().until(() -> before.containsAll(stored.partial()));
    }

    private static void assertProblem(Api.Answer answer, int status, String type) {
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(status);
        assertThat(answer.text("type")).isEqualTo(PROBLEMS + type);
        assertThat(answer.text("detail")).isNotEmpty();
    }
}
