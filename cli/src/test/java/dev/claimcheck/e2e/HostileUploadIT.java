package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Resumable uploads of clients that lie, stall or never come back: each gets a clear answer, and nothing of it stays. */
class HostileUploadIT {
    private static final Duration EXPIRY = Duration.ofSeconds(10);

    private static Server server;
    private static Api api;
    private static Tus tus;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of(
                "CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB",
                "CLAIMCHECK_UPLOAD_MIN_RATE", "1KiB",
                "CLAIMCHECK_UPLOAD_MIN_RATE_OVER", "2s",
                "CLAIMCHECK_UPLOAD_MAX_TIME", "20s",
                "CLAIMCHECK_UPLOAD_IDLE_TIMEOUT", "4s",
                "CLAIMCHECK_UPLOAD_EXPIRES_AFTER", EXPIRY.toSeconds() + "s"));
        api = server.api();
        tus = new Tus(api);
        stored = new Stored(server);
    }

    @AfterAll
    static void nothingStays() throws Exception {
        try (Server closing = server) {
            await("every upload has expired").atMost(Duration.ofSeconds(40)).untilAsserted(() -> {
                assertThat(stored.partial()).isEmpty();
                assertThat(stored.spooled()).isEmpty();
                for (JsonNode job : api.get("/videos/jobs?limit=200").body().path("jobs")) {
                    assertThat(job.path("status").asString("")).isEqualTo("EXPIRED");
                }
            });
            Path kept = stored.objects().resolve("sources");
            assertThat(Files.exists(kept) ? kept.toFile().list() : new String[0])
                    .isEmpty();
            assertThat(closing.log())
                    .doesNotContain("NullPointerException", "ClassCastException", "IllegalArgumentException");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "filename ///, invalid_metadata",
        "'filename gIGB', invalid_metadata",
        "'filename YQ==,filename YQ==', invalid_metadata",
        "'filename YQ== YQ==', invalid_metadata",
        "',filename YQ==', invalid_metadata",
        "filename YQBi, invalid_filename",
        "'filetype AAEC,filename YQ==', invalid_metadata",
        "'profile YnJvYWRjYXN0,filename YQ==', unknown_profile",
        "'priority dXJnZW50,filename YQ==', invalid_request"
    })
    void badMetadataAreRefusedBeforeAnythingIsStored(String metadata, String code) throws Exception {
        List<Path> before = stored.partial();
        assertProblem(creation("Upload-Length", "10", metadata), 400, code);
        // What an earlier test left may be swept meanwhile; nothing may have been added.
        assertThat(before).containsAll(stored.partial());
    }

    @Test
    void tenKilobytesOfMetadataAreRefused() {
        assertProblem(
                creation("Upload-Length", "10", "filename " + Tus.base64("x".repeat(7_500))), 400, "invalid_metadata");
    }

    /** Over HTTP/2 as over HTTP/1.1, and again on a connection that has been used before. */
    @ParameterizedTest
    @EnumSource
    void headersOverTheLimitAreRefusedInWords(HttpClient.Version version) {
        for (int length : new int[] {30_000, 13_000, 40_000}) {
            String metadata = "filename " + Tus.base64("x".repeat(length));
            HttpRequest request = tus.request("/videos/tus")
                    .version(version)
                    .header("Upload-Length", "10")
                    .header("Upload-Metadata", metadata)
                    .POST(BodyPublishers.noBody())
                    .build();
            assertProblem(api.send(request), 431, "headers_too_large");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow"})
    void aPathAsNameIsALabelOnly(String name) {
        Api.Answer made = creation("Upload-Length", "10", "filename " + Tus.base64(name));
        assertThat(made.status()).isEqualTo(201);
        assertThat(api.get("/videos/jobs?limit=1").body().toString()).doesNotContain("..", "etc");
    }

    @ParameterizedTest
    @CsvSource({
        "Upload-Length, -1, 400, invalid_request",
        "Upload-Length, 9223372036854775808, 400, invalid_request",
        "Upload-Length, 99999999999999999999999999, 400, invalid_request",
        "Upload-Length, 999999999999999999, 413, file_too_large",
        "Upload-Length, 1e3, 400, invalid_request",
        "Upload-Length, 0x10, 400, invalid_request",
        "Upload-Length, 0, 400, empty_file",
        "Upload-Defer-Length, 0, 400, invalid_request"
    })
    void lengthsThatAreNoneAreRefused(String header, String value, int status, String code) throws Exception {
        List<Path> before = stored.partial();
        assertProblem(creation(header, value, Tus.metadata("length.mp4")), status, code);
        assertThat(before).containsAll(stored.partial());
    }

    @ParameterizedTest
    @CsvSource({
        "-1, 400, invalid_request",
        "9223372036854775807, 400, invalid_request",
        "999999999999999999, 409, offset_mismatch",
        "101, 409, offset_mismatch",
        "1, 409, offset_mismatch",
        "'', 400, invalid_request"
    })
    void offsetsWhereTheUploadIsNotAreRefused(String offset, int status, String code) {
        String upload = tus.create(100, "offset.mp4");
        for (String protocol : new String[] {"tus", "draft"}) {
            HttpRequest.Builder request = protocol.equals("tus")
                    ? tus.request(upload).header("Content-Type", "application/offset+octet-stream")
                    : api.request(upload)
                            .header("Content-Type", "application/partial-upload")
                            .header("Upload-Complete", "?0");
            if (!offset.isEmpty()) {
                request.header("Upload-Offset", offset);
            }
            Api.Answer answer = api.send(request.method("PATCH", BodyPublishers.ofByteArray(new byte[10]))
                    .build());
            assertProblem(answer, status, code);
        }
        assertThat(tus.offset(upload)).isZero();
    }

    @Test
    void aDeferredLengthMustFitWhatHasCome() {
        String upload = Tus.location(creation("Upload-Defer-Length", "1", Tus.metadata("deferred.mp4")));
        tus.patch(upload, 0, new byte[500]);
        for (String length : new String[] {"499", "20000001", "-5"}) {
            Api.Answer answer = api.send(tus.patchRequest(upload, 500, new byte[0])
                    .header("Upload-Length", length)
                    .build());
            assertThat(answer.status()).isIn(400, 413);
        }
        assertThat(tus.head(upload).header("Upload-Defer-Length")).isEqualTo("1");
        assertThat(api.send(tus.patchRequest(upload, 500, new byte[100])
                                .header("Upload-Length", "1000")
                                .build())
                        .status())
                .isEqualTo(204);
        assertProblem(
                api.send(tus.patchRequest(upload, 600, new byte[0])
                        .header("Upload-Length", "900")
                        .build()),
                400,
                "length_mismatch");
        assertThat(tus.head(upload).header("Upload-Length")).isEqualTo("1000");
    }

    @Test
    void aBodyThatIsLongerThanTheUploadLeavesTheOffset() throws Exception {
        String upload = tus.create(1_000, "long.mp4");
        assertProblem(tus.patch(upload, 0, new byte[1_001]), 400, "length_mismatch");
        assertThat(tus.offset(upload)).isZero();
        try (RawRequest chunked = RawRequest.open(api)) {
            chunked.chunkedPatch(upload, 0, new byte[1_001], "Ignored: x");
            assertThat(chunked.status()).isEqualTo(400);
        }
        assertThat(tus.offset(upload)).isBetween(0L, 1_000L);
    }

    @Test
    void anEndlessBodyOfUnknownLengthEndsAtTheLargestSize() throws Exception {
        String upload = Tus.location(creation("Upload-Defer-Length", "1", Tus.metadata("endless.mp4")));
        try (RawRequest endless = RawRequest.open(api)) {
            endless.head(
                    "PATCH",
                    upload,
                    Map.of(
                            "Tus-Resumable", "1.0.0",
                            "Upload-Offset", "0",
                            "Content-Type", "application/offset+octet-stream",
                            "Transfer-Encoding", "chunked"));
            for (int chunk = 0; chunk < 22; chunk++) {
                endless.write("f4240\r\n".getBytes(US_ASCII));
                endless.write(new byte[1_000_000]);
                endless.write("\r\n".getBytes(US_ASCII));
            }
            assertThat(endless.responseHead()).startsWith("HTTP/1.1 413").contains("Connection: close");
        }
        assertThat(tus.offset(upload)).isBetween(19_000_000L, 20_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256 " + "AAAA"})
    void aBodySlowerThanAllowedIsEndedAndWhatCameUncheckedDoesNotCount(String checksum) throws Exception {
        String upload = tus.create(1_000_000, "slow.mp4");
        try (RawRequest slow = RawRequest.open(api)) {
            Map<String, String> headers = new java.util.HashMap<>(Map.of(
                    "Tus-Resumable", "1.0.0",
                    "Upload-Offset", "0",
                    "Content-Type", "application/offset+octet-stream",
                    "Content-Length", "1000000"));
            if (!checksum.isEmpty()) {
                headers.put("Upload-Checksum", checksum);
            }
            slow.head("PATCH", upload, headers);
            long began = System.nanoTime();
            await().pollInterval(Duration.ofMillis(200))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> {
                        slow.write(new byte[10]);
                        return slow.hasAnswer();
                    });
            assertThat(slow.responseHead()).startsWith("HTTP/1.1 408").contains("Connection: close");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(2));
        }
        if (checksum.isEmpty()) {
            assertThat(tus.offset(upload)).isBetween(10L, 1_000L);
        } else {
            assertThat(tus.offset(upload)).isZero();
        }
    }

    @Test
    void aBodyThatStandsStillIsEndedAndKept() throws Exception {
        String upload = tus.create(1_000_000, "still.mp4");
        try (RawRequest still = RawRequest.open(api)) {
            still.patch(upload, 0, 1_000_000);
            still.write(new byte[5_000]);
            assertThat(still.status()).isEqualTo(408);
        }
        assertThat(tus.offset(upload)).isEqualTo(5_000);
    }

    @Test
    void aCheckedBodyThatIsCutLeavesTheOffset() throws Exception {
        String upload = tus.create(100_000, "checked and cut.mp4");
        try (RawRequest cut = RawRequest.open(api)) {
            cut.head(
                    "PATCH",
                    upload,
                    Map.of(
                            "Tus-Resumable", "1.0.0",
                            "Upload-Offset", "0",
                            "Content-Type", "application/offset+octet-stream",
                            "Upload-Checksum", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
                            "Content-Length", "100000"));
            cut.write(new byte[60_000]);
            await().until(() -> !stored.spooled().isEmpty());
            cut.cut(true);
        }
        assertThat(tus.offset(upload)).isZero();
        await().until(() -> stored.spooled().isEmpty());
    }

    @Test
    void aCreationWhoseFirstBytesAreWrongLeavesNothing() throws Exception {
        int before = stored.partial().size();
        Api.Answer answer = api.send(tus.request("/videos/tus")
                .header("Upload-Length", "100")
                .header("Upload-Metadata", Tus.metadata("wrong.mp4"))
                .header("Content-Type", "application/offset+octet-stream")
                .header("Upload-Checksum", "sha1 2jmj7l5rSw0yVb/vlWAYkK/YBwk=")
                .POST(BodyPublishers.ofByteArray(new byte[100]))
                .build());
        assertThat(answer.status()).isEqualTo(460);
        await().until(() -> stored.partial().size() <= before);
    }

    @Test
    void anUploadLivesWhileItsBytesComeAndExpiresWhenNoneDo() {
        String abandoned = tus.create(1_000_000, "abandoned.mp4");
        String alive = tus.create(1_000_000, "alive.mp4");
        tus.patch(abandoned, 0, new byte[1_000]);
        long began = System.nanoTime();
        long[] offset = {0};
        await().pollInterval(Duration.ofSeconds(2))
                .atMost(EXPIRY.multipliedBy(3))
                .until(() -> {
                    assertThat(tus.patch(alive, offset[0], new byte[100]).status())
                            .isEqualTo(204);
                    offset[0] += 100;
                    return Duration.ofNanos(System.nanoTime() - began).compareTo(EXPIRY.plusSeconds(3)) > 0;
                });
        assertThat(tus.offset(alive)).isEqualTo(offset[0]);
        assertThat(tus.head(abandoned).status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not-an-id", "..%2f..%2fadmin-key", "%00", "00000000-0000-4000-8000-00000000000G"})
    void whatIsNoIdIsNoUpload(String id) {
        Api.Answer answer = api.send(tus.request("/videos/tus/" + id)
                .method("PATCH", BodyPublishers.ofByteArray(new byte[1]))
                .header("Upload-Offset", "0")
                .header("Content-Type", "application/offset+octet-stream")
                .build());
        assertThat(answer.status()).isIn(400, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"final;", "final;nowhere", "final;/videos/tus/x /videos/tus/y", "FINAL;/a", "partial;x"})
    void joinsOfNothingAreRefused(String concat) {
        Api.Answer answer = api.send(tus.request("/videos/tus")
                .header("Upload-Concat", concat)
                .header("Upload-Length", "10")
                .POST(BodyPublishers.noBody())
                .build());
        assertThat(answer.status()).isIn(400, 404);
        assertThat(answer.text("detail")).isNotEmpty();
    }

    private static Api.Answer creation(String header, String value, String metadata) {
        return api.send(tus.request("/videos/tus")
                .header(header, value)
                .header("Upload-Metadata", metadata)
                .POST(BodyPublishers.noBody())
                .build());
    }

    private static void assertProblem(Api.Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(status);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.text("detail")).hasSizeGreaterThan(15);
    }
}
