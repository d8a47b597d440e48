package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A disk that fills up, small enough to fill it: new uploads are refused in time, running ones end. */
class DiskWatermarkIT {
    private static final int MB = 1_000_000;
    private static final int LEAST = 60 * MB;
    private static final int FILE = 30 * MB;

    private Path mount;
    private Server server;
    private Api api;

    /** Room for one file above the watermark, and not for two. */
    @BeforeEach
    void aSmallDisk() throws Exception {
        mount = Files.createTempDirectory(Clip.WORK, "small-disk");
        run("mount", "-t", "tmpfs", "-o", "size=500m", "tmpfs", mount.toString());
        server = Server.start(
                mount.resolve("data"),
                Map.of("CLAIMCHECK_UPLOAD_MIN_FREE_DISK", LEAST + "B", "CLAIMCHECK_UPLOAD_IDLE_TIMEOUT", "30s"));
        api = server.api();
        leaveFree(LEAST + FILE + FILE / 2);
    }

    @AfterEach
    void unmount() throws Exception {
        server.close();
        run("umount", mount.toString());
    }

    @Test
    void whatIsPromisedToOneUploadIsNotPromisedToAnotherAndTheFirstOneEnds() throws Exception {
        byte[] content = Bytes.random(FILE);
        Chunked first = Chunked.start(api, content, FILE / 5, "first.mp4");
        assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes")).isEqualTo(FILE);

        assertEveryWayIsRefused();
        first.put(4);
        assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes")).isEqualTo(FILE / 5 * 4);
        assertProblem(first.put(2, new byte[FILE / 5 - 1]), 400, "wrong_chunk_size");
        assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes")).isEqualTo(FILE / 5 * 4);

        server.killEverything();
        server.restart();
        assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes"))
                .as("promises survive a crash")
                .isEqualTo(FILE / 5 * 4);
        assertEveryWayIsRefused();

        leaveFree(
                LEAST - MB + FILE / 5 * 4); // Somebody else takes what was left above the watermark, and a little more.
        assertProblem(Chunked.start(api, 10, 10, "tiny.mp4"), 507, "storage_full");
        for (int number : new int[] {1, 5, 2, 3}) {
            assertThat(first.put(number).status()).as("a running upload ends").isEqualTo(200);
        }
        assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes")).isZero();
        assertThat(Files.readAllBytes(new Stored(server).sources().getFirst())).isEqualTo(content);
    }

    @Test
    void aPromiseEndsWithItsUpload() throws Exception {
        Chunked aborted = Chunked.start(api, new byte[FILE], FILE, "aborted.mp4");
        aborted.abort();
        awaitReserved(0);
        String tus = new Tus(api).create(FILE, "terminated.mp4");
        awaitReserved(FILE);
        api.send(new Tus(api).request(tus).DELETE().build());
        awaitReserved(0);
        Api.Answer cancelled = Chunked.start(api, FILE, FILE, "cancelled.mp4");
        awaitReserved(FILE);
        api.post("/videos/jobs/" + cancelled.text("job_id") + "/cancel");
        awaitReserved(0);
        try (RawRequest direct = RawRequest.open(api)) {
            direct.head("POST", "/videos/upload?filename=direct.mp4", Map.of("Content-Length", "" + FILE));
            direct.write(new byte[MB]);
            await().until(() -> Metrics.of(api, "claimcheck_disk_reserved_bytes") < FILE);
            assertThat(Metrics.of(api, "claimcheck_disk_reserved_bytes")).isPositive();
            assertProblem(Chunked.start(api, FILE, FILE, "beside.mp4"), 507, "storage_full");
            direct.cut(true);
        }
        awaitReserved(0);
    }

    private void assertEveryWayIsRefused() throws IOException {
        Api.Answer chunked = Chunked.start(api, FILE, FILE, "second.mp4");
        assertProblem(chunked, 507, "storage_full");
        assertThat(chunked.response().headers().firstValue("Retry-After")).isPresent();
        assertProblem(
                api.post("/videos/upload-url", "{\"filename\": \"second.mp4\", \"size\": %d}".formatted(FILE)),
                507,
                "storage_full");
        assertProblem(
                api.send(new Tus(api)
                        .request("/videos/tus")
                        .header("Upload-Length", "" + FILE)
                        .POST(BodyPublishers.noBody())
                        .build()),
                507,
                "storage_full");
        try (RawRequest direct = RawRequest.open(api)) {
            direct.head(
                    "POST",
                    "/videos/upload?filename=second.mp4",
                    Map.of("Content-Length", "" + FILE, "Expect", "100-continue"));
            assertThat(direct.responseHead()).startsWith("HTTP/1.1 507").doesNotContain("100 Continue");
        }
    }

    private void awaitReserved(long bytes) {
        await().until(() -> Metrics.of(api, "claimcheck_disk_reserved_bytes") == bytes);
    }

    private void leaveFree(long bytes) throws Exception {
        Path ballast = mount.resolve("ballast");
        Files.deleteIfExists(ballast);
        long free = Files.getFileStore(mount).getUsableSpace();
        run("fallocate", "-l", Long.toString(free - bytes), ballast.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
