package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Uploads in chunks, through the packaged program. */
class ChunkedIT {
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
    static void stopTheProgram() {
        try (Server closing = server) {
            assertThat(closing.log()).doesNotContain("NullPointerException", "PSQLException");
        }
    }

    @Test
    void chunksInAnyOrderAndSideBySideBecomeOneVideo() throws Exception {
        Path file = Clip.mp4(3, "640x360");
        byte[] clip = Files.readAllBytes(file);
        Chunked upload = Chunked.start(api, clip, clip.length / 29, "any order.mp4");
        List<Integer> order =
                new ArrayList<>(IntStream.rangeClosed(1, upload.total()).boxed().toList());
        Collections.shuffle(order);

        List<Api.Answer> answers = AtOnce.all(
                8,
                order.stream()
                        .map(number -> (Callable<Api.Answer>) () -> upload.put(number))
                        .toList());

        assertThat(answers)
                .allSatisfy(answer ->
                        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(200));
        List<Api.Answer> last =
                answers.stream().filter(answer -> answer.body().has("job_id")).toList();
        assertThat(last).as("one chunk was the last").hasSize(1);
        assertThat(last.getFirst().text("job_id")).isEqualTo(upload.job());
        assertThat(last.getFirst().text("status")).isEqualTo("PENDING");
        assertThat(upload.look().body().path("complete").asBoolean()).isTrue();
        Results.assertPlayable(api, api.awaitCompleted(upload.job()));
        assertThat(api.upload(file, "any order.mp4").text("job_id"))
                .as("every byte is where it was")
                .isEqualTo(upload.job());
    }

    /** The last chunk must be seen to be the last, by one of two that come in the same moment. */
    @Test
    void twoLastChunksAtOnceCompleteTheUploadOnce() throws Exception {
        for (int round = 0; round < 15; round++) {
            Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "race " + round + ".mp4");
            CyclicBarrier together = new CyclicBarrier(2);
            List<Api.Answer> answers = AtOnce.all(
                    2,
                    IntStream.of(1, 2)
                            .mapToObj(number -> (Callable<Api.Answer>) () -> {
                                together.await();
                                return upload.put(number);
                            })
                            .toList());

            assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
            assertThat(answers)
                    .anySatisfy(answer -> assertThat(answer.text("job_id")).isEqualTo(upload.job()));
            assertThat(api.get("/videos/jobs/" + upload.job())
                            .body()
                            .path("attempt")
                            .asInt())
                    .isEqualTo(1);
        }
    }

    @Test
    void aSessionTellsWhatIsMissing() {
        Chunked upload = Chunked.start(api, Bytes.random(4_500), 1_000, "missing.mp4");
        upload.put(4);
        Api.Answer second = upload.put(2);
        assertThat(second.body().path("chunk_uploaded").asInt()).isEqualTo(2);
        assertThat(second.body().path("received").asInt()).isEqualTo(2);
        assertThat(second.body().path("total_chunks").asInt()).isEqualTo(5);

        JsonNode session = upload.look().body();

        assertThat(session.path("upload_id").asString()).isEqualTo(upload.id());
        assertThat(session.path("job_id").asString()).isEqualTo(upload.job());
        assertThat(session.path("filename").asString()).isEqualTo("missing.mp4");
        assertThat(session.path("total_size").asLong()).isEqualTo(4_500);
        assertThat(session.path("chunk_size").asLong()).isEqualTo(1_000);
        assertThat(session.path("total_chunks").asInt()).isEqualTo(5);
        assertThat(session.path("expires_at").asString()).matches("20.*Z");
        assertThat(session.path("complete").asBoolean()).isFalse();
        assertThat(upload.received()).containsExactly(2, 4);
    }

    @Test
    void aChunkThatComesAgainDoesNoHarmAndCannotChangeWhatCame() {
        Chunked upload = Chunked.start(api, Bytes.random(2_500), 1_000, "again.mp4");
        upload.put(1);
        assertThat(upload.put(1).body().path("received").asInt()).isEqualTo(1);

        assertProblem(upload.put(1, Bytes.random(1_000)), 409, "chunk_conflict");

        upload.put(2);
        assertThat(upload.put(3).text("job_id")).isEqualTo(upload.job());
        assertThat(upload.put(3).text("job_id")).as("the last, again").isEqualTo(upload.job());
        api.awaitEnd(upload.job());
        assertThat(upload.put(1).text("job_id")).as("after the end").isEqualTo(upload.job());
        assertProblem(upload.put(2, Bytes.random(1_000)), 409, "chunk_conflict");
    }

    @Test
    void aChunkWithAWrongChecksumDoesNotCount() {
        Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "checked.mp4");
        String right = Bytes.sha256Hex(upload.chunk(1));
        String digest = Bytes.contentDigest(upload.chunk(2));

        assertProblem(putWith(upload, 1, "X-Checksum-Sha256", Bytes.sha256Hex(new byte[0])), 422, "checksum_mismatch");
        assertProblem(putWith(upload, 1, "X-Checksum-Sha256", "abc"), 400, "invalid_checksum");
        assertProblem(putWith(upload, 1, "Content-Digest", digest), 422, "checksum_mismatch");
        assertProblem(putWith(upload, 1, "Content-Digest", "sha-256=abc"), 400, "invalid_checksum");
        assertThat(upload.received()).isEmpty();

        assertThat(putWith(upload, 1, "X-Checksum-Sha256", right).status()).isEqualTo(200);
        assertThat(putWith(upload, 2, "Content-Digest", digest).text("job_id")).isEqualTo(upload.job());
        assertProblem(putWith(upload, 1, "X-Checksum-Sha256", Bytes.sha256Hex(new byte[0])), 422, "checksum_mismatch");
    }

    @Test
    void chunksMayComeAsForms() throws Exception {
        Chunked upload = Chunked.start(api, Bytes.random(1_500), 1_000, "form.mp4");
        assertThat(postForm(upload, 1, "chunk", upload.chunk(1)).status()).isEqualTo(200);
        assertProblem(postForm(upload, 2, "chunk", new byte[501]), 400, "wrong_chunk_size");
        assertProblem(postForm(upload, 2, "chunk", new byte[499]), 400, "wrong_chunk_size");
        assertProblem(postForm(upload, 2, "file", upload.chunk(2)), 400, "invalid_multipart");
        assertThat(upload.received()).containsExactly(1);

        assertThat(postForm(upload, 2, "chunk", upload.chunk(2)).text("job_id")).isEqualTo(upload.job());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 999, 1_001, 1_000_000})
    void aChunkOfAnotherSizeIsRefusedAndDoesNotCount(int size) throws Exception {
        Chunked upload = Chunked.start(api, Bytes.random(2_500), 1_000, "sizes.mp4");

        assertProblem(upload.put(1, new byte[size]), 400, "wrong_chunk_size");
        assertProblem(
                api.send(api.request(upload.path(1))
                        .PUT(SignedUpload.unsized(new byte[size]))
                        .build()),
                400,
                "wrong_chunk_size");
        try (RawRequest request = RawRequest.open(api)) {
            request.head("PUT", upload.path(1), Map.of("Content-Length", "" + size, "Expect", "100-continue"));
            assertThat(request.responseHead()).startsWith("HTTP/1.1 400").doesNotContain("100 Continue");
        }
        assertThat(upload.received()).isEmpty();
        assertThat(upload.put(1).status()).isEqualTo(200);
    }

    @Test
    void aChunkCutInTheMiddleIsSentAgain() throws Exception {
        Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "cut.mp4");
        for (boolean reset : new boolean[] {false, true}) {
            try (RawRequest request = RawRequest.open(api)) {
                request.head("PUT", upload.path(1), Map.of("Content-Length", "1000"));
                request.write(new byte[600]);
                request.cut(reset);
            }
        }
        assertThat(upload.received()).isEmpty();

        // A cut request that is seen late takes a new one's place; its client sends it once more.
        await().until(() -> upload.put(1).status() == 200);
        assertThat(upload.put(2).text("job_id")).isEqualTo(upload.job());
        assertThat(api.awaitEnd(upload.job()).path("status").asString()).isEqualTo("FAILED");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stopped", "killed"})
    void aServerThatGoesAwayGoesOnWhereItWas(String how) throws Exception {
        Path file = Clip.mp4(2, "320x180");
        byte[] clip = Files.readAllBytes(file);
        try (Server gone = Server.start(Map.of())) {
            Chunked upload = Chunked.start(gone.api(), clip, clip.length / 6 + 1, how + ".mp4");
            upload.put(1);
            upload.put(5);
            try (RawRequest request = RawRequest.open(gone.api())) {
                request.head("PUT", upload.path(3), Map.of("Content-Length", "" + upload.chunk(3).length));
                request.write(new byte[1_000]);
                if (how.equals("killed")) {
                    gone.killEverything();
                } else {
                    gone.stop();
                }
            }
            gone.restart();

            assertThat(upload.received()).containsExactly(1, 5);
            for (int missing : new int[] {6, 2, 3}) {
                upload.put(missing);
            }
            assertThat(upload.put(4).text("job_id")).isEqualTo(upload.job());
            gone.api().awaitCompleted(upload.job());
            assertThat(gone.api().upload(file, how + ".mp4").text("job_id")).isEqualTo(upload.job());
        }
    }

    @Test
    void anAbortedUploadLeavesNothing() {
        Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "aborted.mp4");
        upload.put(1);

        assertThat(upload.abort().status()).isEqualTo(204);

        assertProblem(upload.put(2), 404, "upload_not_found");
        assertProblem(upload.look(), 404, "upload_not_found");
        assertProblem(upload.abort(), 404, "upload_not_found");
        assertThat(api.statusOf(upload.job())).isEqualTo("CANCELLED");
        stored.awaitNothingOf(upload.job());
    }

    @Test
    void aCancelledOrDeletedJobTakesNoMoreChunks() {
        Chunked cancelled = Chunked.start(api, Bytes.random(2_000), 1_000, "cancelled.mp4");
        cancelled.put(1);
        api.post("/videos/jobs/" + cancelled.job() + "/cancel");
        assertProblem(cancelled.put(2), 404, "upload_not_found");
        stored.awaitNothingOf(cancelled.job());
        Chunked deleted = Chunked.start(api, Bytes.random(2_000), 1_000, "deleted.mp4");
        deleted.put(1);
        api.delete("/videos/jobs/" + deleted.job());
        assertProblem(deleted.put(2), 404, "upload_not_found");
        stored.awaitNothingOf(deleted.job());
    }

    @Test
    void endingACompleteUploadKeepsItsJob() {
        Chunked upload = Chunked.start(api, Bytes.random(1_000), 1_000, "kept.mp4");
        upload.put(1);

        assertThat(upload.abort().status()).isEqualTo(204);

        assertThat(api.awaitEnd(upload.job()).path("error").path("code").asString(""))
                .as("its bytes were there to be looked at")
                .isEqualTo("unknown_format");
    }

    @Test
    void anotherOwnerSeesNothingOfIt() {
        Chunked upload = Chunked.start(api, Bytes.random(2_000), 1_000, "mine.mp4");
        upload.put(1);
        Chunked theirs = upload.as(api.asOwner("mallory"));

        assertProblem(theirs.look(), 404, "upload_not_found");
        assertProblem(theirs.put(2), 404, "upload_not_found");
        assertProblem(theirs.put(1), 404, "upload_not_found");
        assertProblem(theirs.abort(), 404, "upload_not_found");
        assertThat(upload.received()).containsExactly(1);
    }

    @Test
    void aWrongAnnouncedChecksumFailsTheJob() {
        Chunked upload = Chunked.start(api, Bytes.random(1_500), 1_500, "sum.mp4", Bytes.sha256Hex(new byte[0]));
        upload.put(1);

        JsonNode failed = api.awaitEnd(upload.job());

        assertThat(failed.path("status").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("code").asString()).isEqualTo("checksum_mismatch");
        assertThat(failed.path("retry_allowed").asBoolean()).isFalse();
    }

    @Test
    void theServiceChoosesASizeWhereTheClientDoesNot() {
        Api.Answer started =
                api.post("/videos/start-chunked-upload", "{\"filename\": \"c.mp4\", \"total_size\": 20000000}");

        assertThat(started.status()).isEqualTo(201);
        assertThat(started.body().path("chunk_size").asLong()).isEqualTo(16 << 20);
        assertThat(started.body().path("total_chunks").asInt()).isEqualTo(2);
    }

    /** The figure: no copy, and no work that grows with the number of chunks, when the last one comes. */
    @Test
    void aThousandChunksAreCountedAsQuicklyAsOne() throws Exception {
        Chunked upload = Chunked.start(api, Bytes.random(1_000_000), 1_000, "thousand.mp4");
        List<Callable<Api.Answer>> first = IntStream.rangeClosed(1, 999)
                .mapToObj(number -> (Callable<Api.Answer>) () -> upload.put(number))
                .toList();
        AtOnce.all(4, first);

        long began = System.nanoTime();
        Api.Answer last = upload.put(1_000);
        long millis = (System.nanoTime() - began) / 1_000_000;

        assertThat(last.text("job_id")).isEqualTo(upload.job());
        assertThat(millis).as("milliseconds for the last chunk").isLessThan(1_000);
        await().until(() -> Api.hasEnded(api.status(upload.job())));
    }

    private static Api.Answer putWith(Chunked upload, int number, String header, String value) {
        return api.send(api.request(upload.path(number))
                .header(header, value)
                .PUT(BodyPublishers.ofByteArray(upload.chunk(number)))
                .build());
    }

    private static Api.Answer postForm(Chunked upload, int number, String field, byte[] bytes) {
        return api.post(upload.path(number), new Form().file(field, "blob", "application/octet-stream", bytes));
    }
}
