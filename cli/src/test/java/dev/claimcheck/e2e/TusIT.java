package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** tus 1.0.0 with all its extensions, through the packaged program. */
class TusIT {
    private static Server server;
    private static Api api;
    private static Tus tus;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB"));
        api = server.api();
        tus = new Tus(api);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void aClipInThreePiecesBecomesAVideo() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(2, "320x180"));
        String upload = tus.create(clip.length, "three pieces.mp4");
        assertThat(tus.offset(upload)).isZero();
        int third = clip.length / 3;
        Api.Answer first = tus.patch(upload, 0, Arrays.copyOf(clip, third));
        assertThat(first.status()).isEqualTo(204);
        assertThat(first.header("Upload-Offset")).isEqualTo("" + third);
        assertThat(first.header("Upload-Expires")).isNotEmpty();
        assertThat(first.header("Tus-Resumable")).isEqualTo("1.0.0");
        assertThat(first.header("Claimcheck-Job-Id")).isEmpty();
        tus.patch(upload, third, Arrays.copyOfRange(clip, third, 2 * third));
        Api.Answer last = tus.patch(upload, 2L * third, Arrays.copyOfRange(clip, 2 * third, clip.length));

        String job = last.header("Claimcheck-Job-Id");
        assertThat(last.header("Claimcheck-Status-Url")).endsWith("/videos/jobs/" + job + "/status");
        Results.assertPlayable(api, api.awaitCompleted(job));
        assertThat(api.get("/videos/jobs/" + job).body().path("filename").asString())
                .isEqualTo("three pieces.mp4");
        Api.Answer head = tus.head(upload);
        assertThat(head.header("Upload-Offset")).isEqualTo("" + clip.length);
        assertThat(head.header("Upload-Length")).isEqualTo("" + clip.length);
        assertThat(head.header("Upload-Metadata")).isEqualTo(Tus.metadata("three pieces.mp4"));
        assertThat(head.header("Claimcheck-Job-Id")).isEqualTo(job);
        assertThat(head.header("Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void theSameFileAgainLeadsToTheSameJobWhicheverWayItComes() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        byte[] bytes = Files.readAllBytes(clip);
        String direct = api.upload(clip, "twice.mp4").text("job_id");
        String upload = tus.create(bytes.length, "twice.mp4");
        Api.Answer last = tus.patch(upload, 0, bytes);

        assertThat(last.header("Claimcheck-Job-Id")).isEqualTo(direct);
        api.awaitCompleted(direct);
    }

    @Test
    void createsWithBytesAndWithoutALength() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        Api.Answer made = api.send(tus.request("/videos/tus")
                .header("Upload-Defer-Length", "1")
                .header("Upload-Metadata", Tus.metadata("deferred.mp4"))
                .header("Content-Type", "application/offset+octet-stream")
                .POST(BodyPublishers.ofByteArray(Arrays.copyOf(clip, 1_000)))
                .build());
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.header("Upload-Offset")).isEqualTo("1000");
        String upload = Tus.location(made);
        assertThat(tus.head(upload).header("Upload-Defer-Length")).isEqualTo("1");
        Api.Answer last = api.send(tus.patchRequest(upload, 1_000, Arrays.copyOfRange(clip, 1_000, clip.length))
                .header("Upload-Length", "" + clip.length)
                .build());
        assertThat(last.status()).isEqualTo(204);
        api.awaitCompleted(last.header("Claimcheck-Job-Id"));
    }

    @Test
    void aWrongChecksumLeavesTheOffsetWhereItWas() throws Exception {
        byte[] bytes = new byte[50_000];
        String upload = tus.create(100_000, "checked.mp4");
        String right = Bytes.base64(Bytes.digest("SHA-1", bytes));
        Api.Answer wrong = api.send(tus.patchRequest(upload, 0, new byte[50_001])
                .header("Upload-Checksum", "sha1 " + right)
                .build());
        assertThat(wrong.status()).isEqualTo(460);
        assertThat(tus.offset(upload)).isZero();

        Api.Answer taken = api.send(tus.patchRequest(upload, 0, bytes)
                .header("Upload-Checksum", "sha1 " + right)
                .build());
        assertThat(taken.status()).isEqualTo(204);
        assertThat(tus.offset(upload)).isEqualTo(50_000);
        Api.Answer unknown = api.send(tus.patchRequest(upload, 50_000, bytes)
                .header("Upload-Checksum", "crc32 AAAA")
                .build());
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.text("code")).isEqualTo("invalid_checksum");
    }

    @Test
    void aChecksumMayComeBehindTheBytes() throws Exception {
        byte[] bytes = new byte[10_000];
        String upload = tus.create(100_000, "trailer.mp4");
        String right = Bytes.base64(Bytes.sha256(bytes));
        try (RawRequest wrong = RawRequest.open(api)) {
            wrong.chunkedPatch(upload, 0, bytes, "Upload-Checksum: sha256 AAAA" + right.substring(4));
            assertThat(wrong.status()).isEqualTo(460);
        }
        assertThat(tus.offset(upload)).isZero();
        try (RawRequest taken = RawRequest.open(api)) {
            taken.chunkedPatch(upload, 0, bytes, "Upload-Checksum: sha256 " + right);
            assertThat(taken.status()).isEqualTo(204);
        }
        assertThat(tus.offset(upload)).isEqualTo(10_000);
    }

    @Test
    void partsAreJoinedAlsoWhenTheyFinishLater() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        int half = clip.length / 2;
        String first = tus.part(half);
        String second = tus.part(clip.length - half);
        tus.patch(first, 0, Arrays.copyOf(clip, half));
        Api.Answer joined = tus.join(first, second);
        assertThat(joined.status()).isEqualTo(201);
        String whole = Tus.location(joined);
        assertThat(tus.head(whole).header("Upload-Concat")).isEqualTo("final;" + first + " " + second);
        assertThat(tus.head(whole).header("Upload-Offset")).isEmpty();
        assertThat(tus.patch(whole, 0, new byte[1]).status()).isEqualTo(403);

        tus.patch(second, 0, Arrays.copyOfRange(clip, half, clip.length));

        await().until(() -> !tus.head(whole).header("Claimcheck-Job-Id").isEmpty());
        api.awaitCompleted(tus.head(whole).header("Claimcheck-Job-Id"));
        assertThat(tus.head(first).status()).isEqualTo(404);
    }

    @Test
    void partsThatAreAllThereAreJoinedAtOnceAndTheSameJoinAgainIsTheSameUpload() throws Exception {
        byte[] clip = Files.readAllBytes(Clip.mp4(1, "320x180"));
        int half = clip.length / 2;
        String first = tus.part(half);
        String second = tus.part(clip.length - half);
        tus.patch(first, 0, Arrays.copyOf(clip, half));
        tus.patch(second, 0, Arrays.copyOfRange(clip, half, clip.length));

        Api.Answer joined = tus.join(first, second);
        Api.Answer again = tus.join(first, second);

        assertThat(joined.status()).isEqualTo(201);
        assertThat(joined.header("Upload-Offset")).isEqualTo("" + clip.length);
        assertThat(Tus.location(again)).isEqualTo(Tus.location(joined));
        assertThat(again.header("Claimcheck-Job-Id")).isEqualTo(joined.header("Claimcheck-Job-Id"));
        Results.assertPlayable(api, api.awaitCompleted(joined.header("Claimcheck-Job-Id")));
    }

    @Test
    void aJoinWhosePartWasEndedEndsToo() {
        String first = tus.part(10);
        String second = tus.part(10);
        tus.patch(first, 0, new byte[10]);
        Api.Answer joined = tus.join(first, second);
        assertThat(joined.status()).isEqualTo(201);
        String job = joined.header("Claimcheck-Job-Id");
        assertThat(api.statusOf(job)).isEqualTo("UPLOADING");

        tus.delete(second);

        await().atMost(Duration.ofSeconds(20))
                .until(() -> tus.head(Tus.location(joined)).status() == 404);
        assertThat(api.statusOf(job)).isEqualTo("EXPIRED");
    }

    @Test
    void onlyPartsCanBeJoined() {
        String whole = tus.create(10, "whole.mp4");
        assertThat(tus.join(whole).status()).isEqualTo(400);
        assertThat(tus.join(whole).text("code")).isEqualTo("upload_not_possible");
    }

    @Test
    void whoeverLostTheLastAnswerGetsItAgain() {
        String upload = tus.create(100, "lost answer.mp4");
        String job = tus.patch(upload, 0, new byte[100]).header("Claimcheck-Job-Id");
        assertThat(job).isNotEmpty();
        Api.Answer again = tus.patch(upload, 100, new byte[0]);
        assertThat(again.status()).isEqualTo(204);
        assertThat(again.header("Claimcheck-Job-Id")).isEqualTo(job);
        Api.Answer more = tus.patch(upload, 100, new byte[1]);
        assertThat(more.status()).isEqualTo(403);
        assertThat(more.text("code")).isEqualTo("upload_complete");
        assertThat(tus.delete(upload).status()).isEqualTo(204);
        assertThat(tus.head(upload).status()).isEqualTo(404);
        assertThat(api.get("/videos/jobs/" + job).status()).isEqualTo(200);
    }

    @Test
    void whenItExpiresIsSaidInTheFormOfHttp() {
        Api.Answer made = createWith("filename " + Tus.base64("expires.mp4"));
        assertThat(made.header("Upload-Expires"))
                .matches("(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \\d{2} [A-Z][a-z]{2} \\d{4} \\d{2}:\\d{2}:\\d{2} GMT");
        assertThat(tus.head(Tus.location(made)).header("Upload-Expires")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"POST", "HEAD", "PATCH", "DELETE"})
    void anotherVersionIsRefusedAndNothingIsDone(String method) {
        String upload = tus.create(10, "version.mp4");
        Api.Answer answer = api.send(api.request(method.equals("POST") ? "/videos/tus" : upload)
                .header("Tus-Resumable", "0.2.2")
                .header("Upload-Length", "10")
                .header("Upload-Offset", "0")
                .header("Content-Type", "application/offset+octet-stream")
                .method(method, BodyPublishers.ofByteArray(new byte[method.equals("HEAD") ? 0 : 10]))
                .build());
        assertThat(answer.status()).isEqualTo(412);
        assertThat(answer.header("Tus-Version")).isEqualTo("1.0.0");
        assertThat(answer.header("Tus-Resumable")).isEqualTo("1.0.0");
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    void everyAnswerNamesTheVersion() {
        assertThat(tus.head("/videos/tus/unknown").header("Tus-Resumable")).isEqualTo("1.0.0");
    }

    @Test
    void anEndedUploadIsGoneWithItsJob() {
        String upload = tus.create(1_000, "ended.mp4");
        tus.patch(upload, 0, new byte[500]);
        assertThat(tus.delete(upload).status()).isEqualTo(204);
        assertThat(tus.head(upload).status()).isEqualTo(404);
        assertThat(tus.patch(upload, 500, new byte[500]).status()).isEqualTo(404);
    }

    @Test
    void whatIsOfferedIsSaidToEverybody() {
        Api.Answer options = api.withoutKey()
                .send(HttpRequest.newBuilder(URI.create(server.baseUri() + "/videos/tus"))
                        .method("OPTIONS", BodyPublishers.noBody())
                        .build());
        assertThat(options.status()).isEqualTo(204);
        assertThat(options.header("Tus-Version")).isEqualTo("1.0.0");
        assertThat(options.header("Tus-Extension").split(","))
                .contains(
                        "creation",
                        "creation-with-upload",
                        "creation-defer-length",
                        "checksum",
                        "checksum-trailer",
                        "expiration",
                        "termination",
                        "concatenation",
                        "concatenation-unfinished");
        assertThat(options.header("Tus-Max-Size")).isEqualTo("20000000");
        assertThat(options.header("Accept-Patch")).contains("application/partial-upload");
    }

    @Test
    void anOverriddenMethodIsHonoured() {
        String upload = tus.create(1_000, "override.mp4");
        Api.Answer answer = api.send(tus.request(upload)
                .header("X-HTTP-Method-Override", "PATCH")
                .header("Upload-Offset", "0")
                .header("Content-Type", "application/offset+octet-stream")
                .POST(BodyPublishers.ofByteArray(new byte[10]))
                .build());
        assertThat(answer.status()).isEqualTo(204);
        assertThat(tus.offset(upload)).isEqualTo(10);
    }

    @ParameterizedTest
    @CsvSource({
        "Upload-Length, -1, 400, invalid_request",
        "Upload-Length, 99999999999999999999, 400, invalid_request",
        "Upload-Length, 20000001, 413, file_too_large",
        "Upload-Length, 0, 400, empty_file",
        "Upload-Length, ten, 400, invalid_request",
        "Upload-Defer-Length, 2, 400, invalid_request",
        "Upload-Concat, sideways, 400, invalid_request",
        "X-Nothing, 1, 400, invalid_request"
    })
    void aBadCreationIsRefused(String header, String value, int status, String code) {
        var request = tus.request("/videos/tus").header(header, value);
        if (header.equals("Upload-Concat")) {
            request.header("Upload-Length", "10");
        }
        Api.Answer answer = api.send(request.POST(BodyPublishers.noBody()).build());
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("detail")).isNotEmpty();
    }

    @Test
    void appendingWhereTheUploadDoesNotStandIsRefused() {
        String upload = tus.create(1_000, "offsets.mp4");
        tus.patch(upload, 0, new byte[100]);
        Api.Answer behind = tus.patch(upload, 50, new byte[10]);
        assertThat(behind.status()).isEqualTo(409);
        assertThat(behind.header("Upload-Offset")).isEqualTo("100");
        assertThat(tus.patch(upload, 2_000, new byte[10]).status()).isEqualTo(409);
        assertThat(tus.patch(upload, 100, new byte[901]).status()).isEqualTo(400);
        assertThat(tus.offset(upload)).isEqualTo(100L);
        assertThat(api.send(tus.request(upload)
                                .header("Upload-Offset", "100")
                                .method("PATCH", BodyPublishers.ofByteArray(new byte[1]))
                                .build())
                        .status())
                .isEqualTo(415);
    }

    private Api.Answer createWith(String metadata) {
        return api.send(tus.request("/videos/tus")
                .header("Upload-Length", "10")
                .header("Upload-Metadata", metadata)
                .POST(BodyPublishers.noBody())
                .build());
    }
}
