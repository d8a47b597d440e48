package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Everything wrong that people and programs send: a clear answer, no trace left, and the service goes on. */
class BadInputIT {
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB", "CLAIMCHECK_UPLOAD_IDLE_TIMEOUT", "3s"));
        api = server.api();
    }

    @AfterAll
    static void theServiceStillWorksAndKeptNothing() throws IOException {
        try (Server closing = server) {
            assertThat(closing.pid()).isPositive();
            api.awaitCompleted(
                    api.upload(Clip.mp4(1, "320x180"), "after all that.mp4").text("job_id"));
            assertThat(server.log()).doesNotContain("NullPointerException", "ClassCastException");
        }
    }

    static Stream<Arguments> noVideos() {
        return Stream.of(
                file(
                        "a text named .mp4",
                        () -> Clip.bytes(
                                "t.mp4",
                                "Dear diary, this is no video. ".repeat(200).getBytes(UTF_8))),
                file(
                        "a playlist named .mp4",
                        () -> Clip.bytes("p.mp4", "#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n".getBytes(UTF_8))),
                file(
                        "a concat script named .mp4",
                        () -> Clip.bytes("c.mp4", "ffconcat version 1.0\nfile /etc/passwd\n".getBytes(UTF_8))),
                file("two MB of random bytes", () -> Clip.bytes("r.mp4", random(2_000_000))),
                file("an MP4 cut off before its index", BadInputIT::truncated),
                file("an MP4 without a frame", BadInputIT::withoutFrames),
                file("a JPEG named .mp4", BadInputIT::image));
    }

    private static Arguments file(String name, Supplier<Path> file) {
        return Arguments.of(Named.of(name, file));
    }

    @ParameterizedTest
    @MethodSource("noVideos")
    void aFileThatIsNoVideoEndsFailedWithAMessageForPeople(Supplier<Path> file) {
        Api.Answer accepted = api.upload(file.get(), "holiday.mp4");
        assertThat(accepted.status()).isEqualTo(202);

        JsonNode failed = api.watch(accepted.text("job_id"), Duration.ofSeconds(30), Api::hasEnded)
                .getLast();

        assertThat(failed.path("status").asString(""))
                .as(failed::toPrettyString)
                .isEqualTo("FAILED");
        assertThat(failed.path("retry_allowed").asBoolean(true)).isFalse();
        JsonNode error = failed.path("error");
        assertThat(error.path("code").asString("")).matches("[a-z_]+");
        assertThat(error.path("message").asString(""))
                .hasSizeGreaterThan(20)
                .doesNotContain("Exception", "0x", server.data().toString());
    }

    static Stream<Arguments> refusedNames() {
        return Stream.of(
                Arguments.of("empty", ""),
                Arguments.of("NUL", "a\0b.mp4"),
                Arguments.of("10 kB", "x".repeat(10_000)),
                Arguments.of("only dots", "../.."));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusedNames")
    void aNameThatCannotBeKeptIsRefusedBeforeAByteIsStored(String description, String name) throws IOException {
        Api.Answer answer = api.send(api.request("/videos/upload?filename=" + Api.encode(name))
                .POST(BodyPublishers.ofString("bytes"))
                .build());

        assertProblem(answer, 400);
        assertThat(objects()).noneMatch(file -> file.toString().contains(".incoming"));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {"../../etc/passwd.mp4", "a \"quoted\" name.mp4", "🎬 étude.mp4", "C:\\fakepath\\clip.mp4"})
    void anOddNameIsKeptAsAPlainName(String name) {
        Api.Answer answer = api.upload(Clip.bytes("odd.mp4", ("no video " + name).getBytes(UTF_8)), name);

        assertThat(answer.status()).as(answer.body()::toString).isIn(202, 400);
        if (answer.status() == 202) {
            String kept = api.awaitEnd(answer.text("job_id")).path("filename").asString("");
            assertThat(kept).doesNotContain("/", "\\");
            assertThat(name).endsWith(kept);
        }
    }

    @Test
    void emptyFilesAndMissingNamesAreRefused() {
        assertThat(assertProblem(api.upload(Clip.bytes("empty.mp4", new byte[0]), "empty.mp4"), 400))
                .isEqualTo("empty_file");
        assertProblem(
                api.send(api.request("/videos/upload")
                        .POST(BodyPublishers.ofString("bytes"))
                        .build()),
                400);
    }

    @Test
    void unknownJobsAndMalformedRequestsAreExplained() {
        assertProblem(api.get("/videos/jobs/01900000-0000-7000-8000-000000000000/status"), 404);
        assertProblem(api.get("/videos/jobs/not-an-id"), 404);
        assertProblem(api.get("/videos/jobs?status=NONSENSE"), 400);
        assertProblem(api.get("/videos/jobs?limit=-1"), 400);
        assertProblem(api.get("/videos/jobs?cursor=%00"), 400);
        assertProblem(api.post("/access/keys", "{not json"), 400);
        assertProblem(api.get("/nowhere"), 404);
        assertProblem(api.delete("/videos/upload"), 405);
        assertProblem(api.withoutKey().get("/videos/jobs"), 401);
    }

    @Test
    void aBodyOverTheMaximumIsRefusedBeforeItIsSent() throws IOException {
        String answer = raw(
                "POST /videos/upload?filename=big.mp4 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key()
                        + "\r\nContent-Length: 50000000\r\nExpect: 100-continue\r\n\r\n",
                new byte[0],
                false);

        assertThat(answer)
                .startsWith("HTTP/1.1 413")
                .contains("application/problem+json")
                .doesNotContain("100 Continue");
    }

    @Test
    void anUploadThatStandsStillIsEndedAndLeavesNothing() throws IOException {
        String answer = raw(
                "POST /videos/upload?filename=slow.mp4 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key()
                        + "\r\nContent-Length: 1000\r\n\r\n",
                new byte[10],
                false);

        assertThat(answer).startsWith("HTTP/1.1 408").contains("upload_timeout");
        assertThat(objects()).noneMatch(file -> file.toString().contains(".incoming"));
    }

    @Test
    void theSameFileAfterAFailureIsTheSameJobTriedAgain() {
        Path file = Clip.bytes("again.mp4", "still no video".getBytes(UTF_8));
        String job = api.upload(file, "again.mp4").text("job_id");
        api.awaitEnd(job);

        Api.Answer again = api.upload(file, "again.mp4");

        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text("job_id")).isEqualTo(job);
        assertThat(again.text("status")).isEqualTo("PENDING");
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            JsonNode whole = api.get("/videos/jobs/" + job).body();
            assertThat(whole.path("attempt").asInt()).isEqualTo(2);
            assertThat(whole.path("status").asString("")).isEqualTo("FAILED");
        });
    }

    @Test
    void aBodyShorterThanPromisedLeavesNothing() throws IOException {
        raw(
                "POST /videos/upload?filename=short.mp4 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key()
                        + "\r\nContent-Length: 1000\r\n\r\n",
                new byte[400],
                true);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() ->
                        assertThat(objects()).noneMatch(file -> file.toString().contains(".incoming")));
        assertThat(api.get("/videos/jobs").body().toString()).doesNotContain("short.mp4");
    }

    @Test
    void bytesAfterThePromisedBodyAreNotTakenForIt() throws IOException {
        byte[] body = ("no video, but exactly this long" + "A garbage line that is no request\r\n\r\n").getBytes(UTF_8);
        String answer = raw(
                "POST /videos/upload?filename=long.mp4 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + api.key()
                        + "\r\nContent-Length: 31\r\n\r\n",
                body,
                false);

        assertThat(answer).startsWith("HTTP/1.1 202");
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothingBehind() throws Exception {
        Path mount = Files.createTempDirectory(Clip.WORK, "small-disk");
        run("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", mount.toString());
        try (Server small = Server.start(mount.resolve("data"), Map.of("CLAIMCHECK_UPLOAD_MIN_FREE_DISK", "0B"))) {
            long free = Files.getFileStore(mount).getUsableSpace();
            Path ballast = mount.resolve("ballast");
            run("fallocate", "-l", Long.toString(free - 5_000_000), ballast.toString());

            Api.Answer refused = small.api().upload(Clip.bytes("large.mp4", random(12_000_000)), "large.mp4");

            assertThat(assertProblem(refused, 507)).isEqualTo("storage_full");
            Files.delete(ballast);
            small.api()
                    .awaitCompleted(small.api()
                            .upload(Clip.mp4(1, "320x180"), "goes on.mp4")
                            .text("job_id"));
        } finally {
            run("umount", mount.toString());
        }
    }

    private static String assertProblem(Api.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()::toString).isEqualTo(status);
        assertThat(answer.response().headers().firstValue("Content-Type").orElse(""))
                .startsWith("application/problem+json");
        assertThat(answer.text("detail"))
                .as("says what to do")
                .hasSizeGreaterThan(15)
                .doesNotContain("Exception");
        assertThat(answer.text("code")).matches("[a-z_]+");
        assertThat(answer.body().path("status").asInt()).isEqualTo(status);
        return answer.text("code");
    }

    private static String raw(String head, byte[] body, boolean hangUp) throws IOException {
        try (Socket socket = new Socket(
                java.net.InetAddress.getLoopbackAddress(), server.baseUri().getPort())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(head.getBytes(UTF_8));
            out.write(body);
            out.flush();
            if (hangUp) {
                return "";
            }
            InputStream in = socket.getInputStream();
            byte[] first = new byte[8192];
            int length = in.read(first);
            return new String(first, 0, Math.max(length, 0), UTF_8);
        }
    }

    private static List<Path> objects() {
        return new Stored(server).below("objects");
    }

    private static Path truncated() {
        try {
            byte[] whole = Files.readAllBytes(Clip.mp4(3, "640x360"));
            return Clip.bytes("cut.mp4", Arrays.copyOf(whole, whole.length / 2));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path withoutFrames() {
        Path file = Clip.WORK.resolve("empty-" + System.nanoTime() + ".mp4");
        Clip.ffmpeg(List.of(
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=64x64:duration=1",
                "-frames:v",
                "1",
                "-c:v",
                "libx264",
                file.toString()));
        Path none = Clip.WORK.resolve("none-" + System.nanoTime() + ".mp4");
        // Fragments hold the frames; the index alone describes a video of no length.
        Clip.ffmpeg(
                List.of("-i", file.toString(), "-c", "copy", "-movflags", "frag_keyframe+empty_moov", none.toString()));
        try {
            byte[] bytes = Files.readAllBytes(none);
            String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
            return Clip.bytes("no-frames.mp4", Arrays.copyOf(bytes, text.indexOf("moof") - 4));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path image() {
        Path file = Clip.WORK.resolve("image-" + System.nanoTime() + ".jpg");
        Clip.ffmpeg(List.of("-f", "lavfi", "-i", "testsrc2=size=64x64:duration=1", "-frames:v", "1", file.toString()));
        return file;
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random().nextBytes(bytes);
        return bytes;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
