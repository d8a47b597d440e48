package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Lines that break, clients that come twice, servers that die, disks that fill: a byte acknowledged is a byte kept, and the offset is the truth at once. */
class CutConnectionIT {
    private static final int SIZE = 8_000_000;
    private static final Duration AT_ONCE = Duration.ofSeconds(1);

    private static Server server;
    private static Api api;
    private static Tus tus;
    private static Stored stored;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of(Stored.RETENTION, "keep"));
        api = server.api();
        tus = new Tus(api);
        stored = new Stored(server);
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    @Test
    void afterEveryCutTheOffsetIsToldAtOnceAndIsWhatIsStored() throws Exception {
        long seed = Long.getLong("claimcheck.test.seed", 20261125L);
        Random random = new Random(seed);
        byte[] bytes = Bytes.noise(SIZE, seed);
        String upload = tus.create(SIZE, "cuts.mp4");
        Path partial = newestPartial();
        List<RawRequest> vanished = new ArrayList<>();
        long offset = 0;
        long sentUpTo = 0;
        for (int cut = 0; cut < 30; cut++) {
            String where = "seed " + seed + ", cut " + cut;
            int sent = random.nextInt(0, (int) Math.min(500_000, SIZE - offset - 1));
            RawRequest patch = RawRequest.open(api);
            patch.patch(upload, offset, SIZE - offset);
            patch.write(Arrays.copyOfRange(bytes, (int) offset, (int) offset + sent));
            sentUpTo = Math.max(sentUpTo, offset + sent);
            if (random.nextBoolean()) {
                long before = offset;
                await(where).until(() -> sent == 0 || Files.size(partial) > before);
            }
            switch (random.nextInt(3)) {
                case 0 -> patch.cut(false);
                case 1 -> patch.cut(true);
                default -> vanished.add(patch); // Neither side says anything: a phone in a tunnel.
            }

            long asked = System.nanoTime();
            long told = tus.offset(upload);

            assertThat(Duration.ofNanos(System.nanoTime() - asked)).as(where).isLessThan(AT_ONCE);
            assertThat(told).as(where).isBetween(offset, sentUpTo);
            // More may be stored by now: of a request that had arrived, but was not looked at yet.
            assertThat(Arrays.copyOf(Files.readAllBytes(partial), (int) told))
                    .as(where)
                    .isEqualTo(Arrays.copyOf(bytes, (int) told));
            offset = told;
        }

        pushUntilComplete(upload, bytes);
        stored.assertSource(tus.head(upload).header("Claimcheck-Job-Id"), bytes);
        for (RawRequest overtaken : vanished) {
            overtaken.close();
        }
    }

    @Test
    void aRequestThatWasOvertakenIsToldSoAndItsConnectionEnds() throws Exception {
        byte[] bytes = Bytes.noise(100_000, 1);
        String upload = tus.create(bytes.length, "overtaken.mp4");
        try (RawRequest first = RawRequest.open(api)) {
            first.patch(upload, 0, bytes.length);
            first.write(Arrays.copyOf(bytes, 40_000));
            Path partial = newestPartial();
            await().until(() -> Files.size(partial) == 40_000);

            assertThat(tus.patch(upload, 40_000, Arrays.copyOfRange(bytes, 40_000, 60_000))
                            .status())
                    .isEqualTo(204);

            assertThat(first.responseHead()).startsWith("HTTP/1.1 409").contains("Connection: close");
        }
        assertThat(tus.offset(upload)).isEqualTo(60_000);
    }

    @Test
    void manyAtOnceLeaveTheExactBytes() throws Exception {
        byte[] bytes = Bytes.noise(3_000_000, 2);
        String upload = tus.create(bytes.length, "at once.mp4");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> clients = new ArrayList<>();
            for (int client = 0; client < 4; client++) {
                clients.add(threads.submit(() -> pushUntilComplete(upload, bytes)));
            }
            for (Future<?> client : clients) {
                client.get();
            }
        }
        Api.Answer head = tus.head(upload);
        assertThat(head.header("Upload-Offset")).isEqualTo("" + bytes.length);
        stored.assertSource(head.header("Claimcheck-Job-Id"), bytes);
    }

    @Test
    void killedInTheMiddleOfAPatchEveryToldByteIsThere() throws Exception {
        byte[] bytes = Bytes.noise(6_000_000, 3);
        String upload = tus.create(bytes.length, "killed.mp4");
        Path partial = newestPartial();
        long offset = 0;
        for (int kill = 0; kill < 3; kill++) {
            int sent = 700_000 + kill * 400_000;
            try (RawRequest patch = RawRequest.open(api)) {
                patch.patch(upload, offset, bytes.length - offset);
                patch.write(Arrays.copyOfRange(bytes, (int) offset, (int) offset + sent));
                long before = offset;
                await("some of it has arrived").until(() -> Files.size(partial) > before);
                server.killEverything();
            }
            server.restart();
            long told = tus.offset(upload);
            assertThat(told).isGreaterThan(offset).isLessThanOrEqualTo(offset + sent);
            assertThat(Files.readAllBytes(partial)).isEqualTo(Arrays.copyOf(bytes, (int) told));
            offset = told;
        }
        Api.Answer last = tus.patch(upload, offset, Arrays.copyOfRange(bytes, (int) offset, bytes.length));
        assertThat(last.status()).isEqualTo(204);
        stored.assertSource(last.header("Claimcheck-Job-Id"), bytes);
    }

    /** What a crash leaves between the last byte and its record: the bytes all in place, or the object complete, but no job started. */
    @Test
    void killedJustBeforeTheRecordTheUploadIsHandedInByTheNextRequest() throws Exception {
        byte[] bytes = Bytes.noise(50_000, 4);
        String whole = tus.create(bytes.length, "all bytes there.mp4");
        Path wholePartial = newestPartial();
        String renamed = tus.create(bytes.length, "object complete.mp4");
        Path renamedPartial = newestPartial();
        tus.patch(whole, 0, Arrays.copyOf(bytes, bytes.length - 1));
        tus.patch(renamed, 0, Arrays.copyOf(bytes, bytes.length - 1));
        server.killEverything();
        byte[] last = {bytes[bytes.length - 1]};
        Files.write(wholePartial, last, StandardOpenOption.APPEND);
        Files.write(renamedPartial, last, StandardOpenOption.APPEND);
        Path object =
                stored.objects().resolve(renamedPartial.getFileName().toString().replace('~', '/'));
        Files.move(renamedPartial, object);
        server.restart();

        Api.Answer head = tus.head(whole);
        assertThat(head.header("Upload-Offset")).isEqualTo("" + bytes.length);
        stored.assertSource(head.header("Claimcheck-Job-Id"), bytes);
        // The same by an empty PATCH, of a client that does not ask first.
        Api.Answer patch = tus.patch(renamed, bytes.length, new byte[0]);
        assertThat(patch.status()).isEqualTo(204);
        stored.assertSource(patch.header("Claimcheck-Job-Id"), bytes);
        assertThat(api.awaitEnd(patch.header("Claimcheck-Job-Id"))
                        .path("filename")
                        .asString(""))
                .isEqualTo("object complete.mp4");
    }

    @Test
    void partsBeingJoinedWhenTheServerDiesAreJoinedAfterwards() throws Exception {
        int third = 30_000_000;
        byte[] bytes = Bytes.noise(3 * third, 6);
        List<String> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            String made = tus.part(third);
            tus.patch(made, 0, Arrays.copyOfRange(bytes, part * third, (part + 1) * third));
            parts.add(made);
        }
        List<Path> before = stored.partial();
        try (RawRequest join = RawRequest.open(api)) {
            join.head(
                    "POST",
                    "/videos/tus",
                    Map.of(
                            "Tus-Resumable",
                            "1.0.0",
                            "Upload-Concat",
                            "final;" + String.join(" ", parts),
                            "Upload-Metadata",
                            Tus.metadata("joined.mp4"),
                            "Content-Length",
                            "0"));
            await("the join has begun")
                    .pollInterval(Duration.ofMillis(5))
                    .until(() ->
                            stored.partial().stream().anyMatch(file -> !before.contains(file)) || join.hasAnswer());
            server.killEverything();
        }
        server.restart();

        // The answer was lost, so the client joins again; the parts may be gone into the whole already.
        Api.Answer again = tus.join(parts.toArray(String[]::new)).expect(201);
        String job = again.header("Claimcheck-Job-Id");
        await().until(() ->
                tus.head(Tus.location(again)).header("Upload-Offset").equals("" + bytes.length));
        stored.assertSource(job, bytes);
        await("the parts are swept").until(() -> stored.parts().isEmpty());
        assertThat(tus.head(parts.getFirst()).status()).isEqualTo(404);
    }

    @Test
    void aFullDiskIsSaidAndTheUploadGoesOnWhenThereIsSpace() throws Exception {
        Path mount = Files.createTempDirectory(Clip.WORK, "small-disk");
        run("mount", "-t", "tmpfs", "-o", "size=400m", "tmpfs", mount.toString());
        try (Server small = Server.start(
                mount.resolve("data"), Map.of("CLAIMCHECK_UPLOAD_MIN_FREE_DISK", "0B", Stored.RETENTION, "keep"))) {
            byte[] bytes = Bytes.noise(9_000_000, 5);
            Tus onSmall = new Tus(small.api());
            String upload = onSmall.create(bytes.length, "full.mp4");
            Path partial = new Stored(small).partial().getFirst();
            Path ballast = mount.resolve("ballast");
            long free = Files.getFileStore(mount).getUsableSpace();
            run("fallocate", "-l", Long.toString(free - 4_000_000), ballast.toString());

            Api.Answer refused = onSmall.patch(upload, 0, bytes);

            assertThat(refused.status()).isEqualTo(507);
            assertThat(refused.text("code")).isEqualTo("storage_full");
            assertThat(refused.text("detail")).contains("go on");
            Files.delete(ballast);
            long told = onSmall.offset(upload);
            assertThat(told).isBetween(1_000_000L, 4_000_000L);
            assertThat(Files.readAllBytes(partial)).isEqualTo(Arrays.copyOf(bytes, (int) told));
            Api.Answer last = onSmall.patch(upload, told, Arrays.copyOfRange(bytes, (int) told, bytes.length));
            assertThat(last.status()).isEqualTo(204);
            new Stored(small).assertSource(last.header("Claimcheck-Job-Id"), bytes);
        } finally {
            run("umount", mount.toString());
        }
    }

    private static void pushUntilComplete(String upload, byte[] bytes) {
        long offset = tus.offset(upload);
        while (offset < bytes.length) {
            int end = (int) Math.min(bytes.length, offset + 200_000);
            Api.Answer answer = tus.patch(upload, offset, Arrays.copyOfRange(bytes, (int) offset, end));
            assertThat(answer.status()).isIn(204, 409);
            offset = tus.offset(upload);
        }
    }

    /** The file of the upload that was made last. */
    private static Path newestPartial() throws IOException {
        String job = api.get("/videos/jobs?limit=1")
                .body()
                .path("jobs")
                .path(0)
                .path("job_id")
                .asString("");
        return stored.partial().stream()
                .filter(file -> file.toString().endsWith(job))
                .findFirst()
                .orElseThrow();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
