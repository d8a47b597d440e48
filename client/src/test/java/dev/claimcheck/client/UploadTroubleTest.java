package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimcheck.client.ScriptedService.Asked;
import dev.claimcheck.client.ScriptedService.Scripted;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client does when things go wrong, against a server that follows a script. */
class UploadTroubleTest {
    private static final Scripted TAKEN = Scripted.json(
            202,
            "{\"job_id\":\"job-1\",\"status\":\"PENDING\",\"message\":\"Taken.\",\"status_url\":\"/videos/jobs/job-1/status\"}");
    private static final Patience SHORT = new Patience(Duration.ofMillis(700), Duration.ofSeconds(2));

    private final ScriptedService service = new ScriptedService();
    private final List<String> trouble = Collections.synchronizedList(new ArrayList<>());
    private final List<Long> sent = Collections.synchronizedList(new ArrayList<>());
    private final UploadListener listener = new UploadListener() {
        @Override
        public void sent(long bytes, long total) {
            sent.add(bytes);
        }

        @Override
        public void waiting(Duration pause, ClaimcheckException cause) {
            trouble.add(cause.code());
        }
    };

    @TempDir
    private Path folder;

    private Path file = Path.of("");
    private byte[] content = new byte[0];

    @BeforeEach
    void makeFile() throws IOException {
        content = new byte[300_000];
        new Random(3).nextBytes(content);
        file = Files.write(folder.resolve("film.mp4"), content);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void passingTroubleIsWaitedOutUnderOneIdempotencyKey() throws InterruptedException {
        service.on(
                "POST /videos/upload",
                Scripted.problem(503, "unavailable", "Starting.", Map.of("Retry-After", "1")),
                Scripted.problem(409, "idempotency_key_in_flight", "Still answering.", Map.of()),
                Scripted.breakOff(),
                TAKEN);
        long began = System.nanoTime();

        UploadReceipt receipt = upload(UploadOptions.defaults());

        assertThat(receipt.jobId()).isEqualTo("job-1");
        assertThat(trouble).containsExactly("unavailable", "idempotency_key_in_flight", "unreachable");
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofSeconds(1));
        List<Asked> asked = service.asked("POST /videos/upload");
        assertThat(asked).hasSize(4);
        assertThat(asked.getLast().body()).isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
        assertThat(asked.stream().map(one -> one.header("Idempotency-Key")).distinct())
                .hasSize(1)
                .allMatch(key -> key.length() > 30);
        assertThat(sent.getLast()).isEqualTo(content.length);
        assertThat(sent).as("what was lost is taken back").contains(0L).allMatch(bytes -> bytes <= content.length);
    }

    @Test
    void whatTheServiceRefusesIsToldAtOnceInItsOwnWords() {
        service.on("POST /videos/upload", Scripted.problem(413, "file_too_large", "At most 5 bytes.", Map.of()));

        ClaimcheckException refused = failure(UploadOptions.defaults());

        assertThat(refused.code()).isEqualTo("file_too_large");
        assertThat(refused).hasMessage("At most 5 bytes.");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(service.asked("POST /videos/upload")).hasSize(1);
        assertThat(trouble).isEmpty();
    }

    @Test
    void anAddressWhereNobodyAnswersIsToldSoon() throws IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        ClaimcheckClient client = ClaimcheckClient.connect(URI.create("http://127.0.0.1:" + unused), "secret", SHORT);
        long began = System.nanoTime();

        assertThatThrownBy(() -> client.upload(file, UploadOptions.defaults(), listener))
                .isInstanceOfSatisfying(
                        ClaimcheckException.class,
                        e -> assertThat(e.isUnreachable()).isTrue());
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void troubleThatStaysIsToldWhenPatienceHasRunOut() {
        service.on("POST /videos/start-chunked-upload", Scripted.problem(503, "unavailable", "Away.", Map.of()));

        ClaimcheckException failed =
                failure(UploadOptions.defaults().via(UploadWay.CHUNKED).withPatience(Duration.ofSeconds(1)));

        assertThat(failed.code()).isEqualTo("unavailable");
        assertThat(trouble).isNotEmpty();
    }

    @Test
    void aConnectionThatStandsStillIsGivenUp() throws Exception {
        try (ServerSocket silent = new ServerSocket(0)) { // The system accepts; nobody ever reads.
            ClaimcheckClient client =
                    ClaimcheckClient.connect(URI.create("http://127.0.0.1:" + silent.getLocalPort()), "secret", SHORT);

            assertThatThrownBy(
                            () -> client.upload(file, UploadOptions.defaults().withPatience(Duration.ZERO), listener))
                    .hasMessageContaining("stood still");
        }
    }

    @Test
    void theKeyNeverGoesToTheStorage() throws InterruptedException {
        try (ScriptedService storage = new ScriptedService()) {
            storage.on("PUT /bucket/film", Scripted.breakOff(), new Scripted(200, Map.of(), ""));
            service.on("POST /videos/upload-url", address(storage.address() + "/bucket/film?signature=1"))
                    .on(
                            "POST /videos/upload-complete",
                            Scripted.json(200, "{\"status\":\"processing_started\",\"job_id\":\"job-1\"}"));

            UploadReceipt receipt = upload(UploadOptions.defaults().via(UploadWay.PRESIGNED));

            assertThat(receipt.jobId()).isEqualTo("job-1");
            List<Asked> puts = storage.asked("PUT /bucket/film");
            assertThat(puts).hasSize(2);
            assertThat(puts).allSatisfy(put -> {
                assertThat(put.header("Authorization")).isEmpty();
                assertThat(put.header("Content-Type")).isEqualTo("video/mp4");
                assertThat(put.header("X-Amz-Checksum-Sha256")).isEqualTo("abc=");
            });
            assertThat(puts.getLast().body()).isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
            assertThat(service.asked("POST /videos/upload-complete")).hasSize(1);
        }
    }

    @Test
    void anAddressThatHasExpiredIsRenewedOnce() throws InterruptedException {
        service.on("POST /videos/upload-url", address("/signed/old"), address("/signed/new"))
                .on("PUT /signed/old", new Scripted(403, Map.of("Content-Type", "application/xml"), "<Error/>"))
                .on("PUT /signed/new", new Scripted(200, Map.of(), ""))
                .on("POST /videos/upload-complete", Scripted.json(200, "{\"job_id\":\"job-1\"}"));

        assertThat(upload(UploadOptions.defaults().via(UploadWay.PRESIGNED)).jobId())
                .isEqualTo("job-1");

        service.on(
                "PUT /signed/new", new Scripted(403, Map.of("Content-Type", "application/xml"), "<Error>No</Error>"));
        assertThat(failure(UploadOptions.defaults().via(UploadWay.PRESIGNED)))
                .hasMessageContaining("403")
                .hasMessageContaining("<Error>No</Error>");
    }

    /** The signature forbids to write over what is there (If-None-Match). */
    @Test
    void aPutWhoseAnswerWasLostIsNotDoneTwice() throws InterruptedException {
        service.on("POST /videos/upload-url", address("/signed"))
                .on(
                        "PUT /signed",
                        Scripted.breakOff(),
                        new Scripted(412, Map.of("Content-Type", "application/xml"), "<Error/>"))
                .on("POST /videos/upload-complete", Scripted.json(200, "{\"job_id\":\"job-1\"}"));

        assertThat(upload(UploadOptions.defaults().via(UploadWay.PRESIGNED)).jobId())
                .isEqualTo("job-1");
        assertThat(service.asked("PUT /signed")).hasSize(2);
    }

    @Test
    void aStorageOutOfReachIsGoneAround() throws InterruptedException, IOException {
        int unused;
        try (ServerSocket socket = new ServerSocket(0)) {
            unused = socket.getLocalPort();
        }
        Path large = folder.resolve("large.mp4");
        try (var sparse = new java.io.RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(UploadOptions.PRESIGNED_FROM);
        }
        service.on("POST /videos/upload-url", address("http://127.0.0.1:" + unused + "/bucket/film"))
                .on("POST /videos/start-chunked-upload", Scripted.problem(507, "storage_full", "Full.", Map.of()));

        ClaimcheckException failed = catchThrowableOfType(
                ClaimcheckException.class, () -> client().upload(large, UploadOptions.defaults(), listener));

        assertThat(failed.code()).as("chunks were tried").isEqualTo("storage_full");
    }

    @Test
    void aFileThatChangesMeanwhileIsNotSent() {
        service.on("POST /videos/start-chunked-upload", chunked("upload-1", 3));
        service.on("PUT /videos/upload-chunk/upload-1/1", Scripted.json(200, "{}"))
                .on("PUT /videos/upload-chunk/upload-1/2", Scripted.json(200, "{}"))
                .on("PUT /videos/upload-chunk/upload-1/3", Scripted.json(200, "{}"));
        UploadListener meddling = (bytes, _) -> {
            if (bytes > 0) {
                shorten();
            }
        };

        assertThatThrownBy(() -> client().upload(
                                file,
                                UploadOptions.defaults().via(UploadWay.CHUNKED).withParallel(1),
                                meddling))
                .isInstanceOfSatisfying(
                        ClaimcheckException.class,
                        e -> assertThat(e.code()).isEqualTo(ClaimcheckException.FILE_CHANGED));
    }

    @Test
    void theFirstChunkThatIsRefusedEndsAll() {
        service.on("POST /videos/start-chunked-upload", chunked("upload-1", 3))
                .on("PUT /videos/upload-chunk/upload-1/1", Scripted.json(200, "{}"))
                .on("PUT /videos/upload-chunk/upload-1/2", Scripted.problem(507, "storage_full", "Full.", Map.of()))
                .on("PUT /videos/upload-chunk/upload-1/3", Scripted.breakOff());

        assertThat(failure(UploadOptions.defaults().via(UploadWay.CHUNKED)).code())
                .isEqualTo("storage_full");
    }

    @Test
    void aLostLastAnswerIsAskedFor() throws InterruptedException {
        service.on("POST /videos/start-chunked-upload", chunked("upload-1", 1))
                .on("PUT /videos/upload-chunk/upload-1/1", Scripted.json(200, "{\"received\":1}"))
                .on(
                        "GET /videos/chunked-uploads/upload-1",
                        Scripted.json(
                                200,
                                "{\"upload_id\":\"upload-1\",\"job_id\":\"job-1\",\"total_size\":300000,\"chunk_size\":300000,"
                                        + "\"total_chunks\":1,\"received_chunks\":[1],\"complete\":true}"));

        assertThat(upload(UploadOptions.defaults().via(UploadWay.CHUNKED)).jobId())
                .isEqualTo("job-1");
    }

    private Scripted chunked(String id, int chunks) {
        return Scripted.json(
                201,
                "{\"upload_id\":\"" + id + "\",\"job_id\":\"job-1\",\"total_size\":300000,\"chunk_size\":"
                        + 300_000 / chunks + ",\"total_chunks\":" + chunks + "}");
    }

    private static Scripted address(String url) {
        return Scripted.json(
                201,
                "{\"job_id\":\"job-1\",\"upload_url\":\"" + url
                        + "\",\"file_key\":\"sources/1\",\"method\":\"PUT\",\"headers\":{\"Content-Type\":\"video/mp4\","
                        + "\"Content-Length\":\"300000\",\"X-Amz-Checksum-Sha256\":\"abc=\"},"
                        + "\"expires_at\":\"2020-01-01T00:00:00Z\"}");
    }

    private void shorten() {
        try {
            Files.write(file, new byte[7]);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private ClaimcheckClient client() {
        return ClaimcheckClient.connect(service.address(), "secret", SHORT);
    }

    private UploadReceipt upload(UploadOptions options) throws InterruptedException {
        return client().upload(file, options, listener);
    }

    private ClaimcheckException failure(UploadOptions options) {
        return catchThrowableOfType(ClaimcheckException.class, () -> upload(options));
    }
}
