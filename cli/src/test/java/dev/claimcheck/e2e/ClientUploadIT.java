package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobQuery;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.ProcessingOptions;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadReceipt;
import dev.claimcheck.client.UploadWay;
import dev.claimcheck.e2e.Cli.Ran;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** {@code claimcheck upload} on every way, through cuts, deaths of either side and second starts. */
class ClientUploadIT {
    private static final int PADDING = 4 << 20;
    private static final long MIDDLE = 2_500_000;
    private static final long CHUNK = 256 << 10;
    private static final long HEADERS = 64 << 10;

    private static Server server;
    private Proxy proxy;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_RETENTION_SOURCE", "1h"));
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @BeforeEach
    void openTheLine() {
        proxy = new Proxy(server.baseUri());
    }

    @AfterEach
    void closeTheLine() {
        proxy.close();
        assertThat(journal()).as("what is written of uploads that have ended").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "direct", "presigned", "chunked", "tus"})
    void everyWayLeadsToAVideo(String way) {
        Ran uploaded = upload(Clip.mp4(1, "320x180"), "--via", way, "--chunk-size", "20kB", "--wait")
                .await();

        assertThat(uploaded.exit()).as(uploaded.err()).isZero();
        assertThat(uploaded.out()).contains("Done:", "Watch:");
        assertThat(uploaded.err()).contains("Uploading 100 %").doesNotContain("Going on");
    }

    /** The client dies, the server dies, both come again: what had arrived does not travel twice. */
    @ParameterizedTest
    @ValueSource(strings = {"chunked", "tus"})
    void afterTheDeathOfBothOnlyWhatIsMissingIsSent(String way) {
        Path clip = large();
        Cli first = heldInTheMiddle(clip, "--via", way, "--chunk-size", CHUNK + "B", "--parallel", "2");
        assertThat(first.signal("KILL").exit()).isNotZero();
        assertThat(journal()).as("the upload is written down").isNotEmpty();
        server.killEverything();
        server.restart();
        proxy.cutAndLetGo();
        proxy.count();

        Ran second = upload(clip, "--via", way, "--wait").await();

        assertThat(second.exit()).as(second.err()).isZero();
        assertThat(second.err()).containsPattern("Going on at (4[5-9]|5\\d) %: 2\\.\\d MB are there already\\.");
        long missing = size(clip) - MIDDLE;
        assertThat(proxy.sentUp()).isBetween(missing, missing + 2 * CHUNK + HEADERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"direct", "presigned", "chunked", "tus"})
    void aClientOutlivesItsServer(String way) {
        Cli upload = heldInTheMiddle(large(), "--via", way, "--chunk-size", chunkSize(way), "--wait");
        server.killEverything();
        proxy.cutAndLetGo();
        await().atMost(Duration.ofSeconds(30)).until(() -> upload.err().contains("Trying again in"));
        server.restart();

        Ran ended = upload.await();

        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(ended.out()).contains("Done:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"chunked", "tus"})
    void aLineThatBreaksAllTheTimeIsGoodEnough(String way) {
        proxy.cutEvery(700_000);

        Ran ended = upload(large(), "--via", way, "--chunk-size", chunkSize(way), "--wait")
                .await();

        assertThat(ended.exit()).as(ended.err()).isZero();
        assertThat(proxy.cuts()).isGreaterThanOrEqualTo(5);
        assertThat(proxy.sentUp()).as("hardly anything goes twice").isLessThan(PADDING * 2L);
    }

    @Test
    void controlCSaysHowToGoOn() {
        Path clip = large();
        Ran stopped = heldInTheMiddle(clip, "--via", "tus").signal("INT");
        proxy.cutAndLetGo();
        proxy.count();

        assertThat(stopped.exit()).isEqualTo(130);
        assertThat(stopped.err())
                .containsPattern("Stopped at \\d+ %\\. Run the same command again: it goes on from there\\.");

        Ran again = upload(clip).await(); // Also without --via: it goes on the way it began.
        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.err()).contains("Going on at");
        long missing = size(clip) - MIDDLE;
        assertThat(proxy.sentUp()).as("what came before the cut").isBetween(missing, missing + CHUNK + HEADERS);
    }

    @Test
    void twoProcessesDoNotSendTheSameFileAtOnce() {
        Path clip = large();
        Cli first = heldInTheMiddle(clip, "--via", "tus");

        Ran second = Cli.run(
                "upload",
                clip.toString(),
                "--via",
                "tus",
                "--url",
                proxy.address().toString(),
                "--key",
                server.api().key());

        assertThat(second.exit()).isEqualTo(4);
        assertThat(second.err()).contains("Another process is uploading", "right now");
        proxy.cutAndLetGo();
        assertThat(first.await().exit()).isZero();
    }

    @Test
    void withoutAJournalAnUploadBeginsAnew() {
        Path clip = large();
        Ran stopped = heldInTheMiddle(clip, "--via", "tus", "--no-resume").signal("INT");
        proxy.cutAndLetGo();

        assertThat(stopped.err()).contains("the next run begins anew");
        assertThat(upload(clip, "--via", "tus").await().err()).doesNotContain("Going on");
    }

    @Test
    void whatWasUploadedBeforeIsNotSentAgain() {
        Path clip = large();
        assertThat(upload(clip, "--wait").await().exit()).isZero();
        proxy.count();

        Ran again = upload(clip, "--instant").await();

        assertThat(again.exit()).as(again.err()).isZero();
        assertThat(again.out()).contains("File already uploaded");
        assertThat(proxy.sentUp()).isBetween(1L, HEADERS);
    }

    @Test
    void aFileLargerThanMemoryGoesThroughIt() throws IOException {
        Path large = Clip.bytes("sparse.mp4", new byte[0]);
        try (RandomAccessFile file = new RandomAccessFile(large.toFile(), "rw")) {
            file.setLength(510_000_000);
        }

        Ran uploaded = Cli.execute(List.of(
                        "env",
                        "JAVA_OPTS=-Xmx24m",
                        Server.LAUNCHER.toString(),
                        "upload",
                        large.toString(),
                        "--json",
                        "--data",
                        server.data().toString()))
                .await();

        assertThat(uploaded.exit()).as(uploaded.err()).isZero();
        assertThat(server.api()
                        .awaitEnd(uploaded.json().path("job_id").asString())
                        .path("status")
                        .asString())
                .isEqualTo("FAILED"); // Zeros are no video; but all of them came.
        Files.delete(large);
    }

    @Test
    void oneBadFileDoesNotKeepTheOthersBack() {
        Path good = Clip.mp4(1, "320x180");

        Ran ran = Cli.run(
                "upload",
                Clip.WORK.resolve("gone.mp4").toString(),
                good.toString(),
                "--data",
                server.data().toString());

        assertThat(ran.exit()).isEqualTo(2);
        assertThat(ran.err()).contains("There is no file", "gone.mp4 was not taken", "of 2 files");
        assertThat(ran.out()).contains("1 of 2 files are handed in; 1 not taken.");
        assertThat(ran.err()).contains(good.getFileName() + ": File uploaded.");
    }

    /** The line breaks after the service has done what it was asked and before it could say so. */
    @Test
    void whatWasDoneBeforeTheAnswerWasLostIsNotDoneTwice() throws Exception {
        Path clip = Clip.mp4(1, "320x180");
        try (ClaimcheckClient client =
                ClaimcheckClient.connect(proxy.address(), server.api().key())) {
            UploadOptions options =
                    UploadOptions.defaults().via(UploadWay.CHUNKED).withFilename("lost answer.mp4");
            UploadReceipt receipt = losing(() -> client.upload(clip, options, (_, _) -> {}));
            JsonNode key = losing(() -> client.administration().createKey("lost", "answer", "owner", Optional.empty()));
            JsonNode endpoint = losing(
                    () -> client.webhooks().create("https://example.org/lost", List.of("job.*"), Optional.of("lost")));
            losing(() -> client.webhooks().rotateSecret(text(endpoint, "endpoint_id"), Optional.empty()));
            String other = text(
                    losing(() -> client.jobs()
                            .process(receipt.jobId(), ProcessingOptions.NONE.withProfile("preview"), Optional.empty())),
                    "job_id");
            String waiting =
                    server.api().post("/videos/upload-url?filename=never.mp4").text("job_id");
            JobStatus cancelled = losing(() -> client.jobs().cancel(waiting));

            assertThat(cancelled.jobId()).as("not: it is cancelled already").isEqualTo(waiting);
            assertThat(client.jobs().list(JobQuery.ALL.withText("lost answer")).jobs())
                    .extracting(JobStatus::jobId)
                    .containsExactlyInAnyOrder(receipt.jobId(), other);
            assertThat(client.administration().keys().path("keys"))
                    .filteredOn(one -> text(one, "owner").equals("lost"))
                    .extracting(one -> text(one, "key_id"))
                    .containsExactly(text(key, "key_id"));
            assertThat(client.webhooks().list().path("webhooks"))
                    .filteredOn(one -> text(one, "description").equals("lost"))
                    .singleElement()
                    .satisfies(one -> assertThat(one.path("secrets")).hasSize(2));
            client.webhooks().delete(text(endpoint, "endpoint_id"));
        }
    }

    /** Does it, and loses the first answer. */
    private <T> T losing(Callable<T> call) throws Exception {
        long before = proxy.cuts();
        proxy.loseAnswers(1);
        T result = call.call();
        assertThat(proxy.cuts()).isEqualTo(before + 1);
        return result;
    }

    private static String text(JsonNode json, String member) {
        return json.path(member).asString("");
    }

    /** Starts an upload and stops the line once {@link #MIDDLE} bytes have passed. */
    private Cli heldInTheMiddle(Path clip, String... options) {
        proxy.count();
        proxy.holdAt(MIDDLE);
        Cli upload = upload(clip, options);
        await("the upload is in its middle").atMost(Duration.ofSeconds(30)).until(() -> {
            assertThat(upload.process().isAlive() || proxy.isHolding())
                    .as(upload::err)
                    .isTrue();
            return proxy.isHolding();
        });
        return upload;
    }

    private Cli upload(Path clip, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "upload",
                clip.toString(),
                "--url",
                proxy.address().toString(),
                "--key",
                server.api().key()));
        arguments.addAll(List.of(options));
        return Cli.start(arguments.toArray(String[]::new));
    }

    private static String chunkSize(String way) {
        return way.equals("tus") ? "1GB" : CHUNK + "B";
    }

    /** A real clip of more than 4 MB that is quickly made and processed: a box of padding follows it, as editors leave them. */
    private static Path large() {
        Path clip = Clip.mp4(1, "320x180");
        byte[] padding = new byte[PADDING];
        new Random(PADDING).nextBytes(padding);
        ByteBuffer.wrap(padding).putInt(PADDING).put("free".getBytes(StandardCharsets.US_ASCII));
        try {
            return Files.write(clip, padding, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> journal() {
        Path folder = Cli.STATE.resolve("claimcheck/uploads");
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
