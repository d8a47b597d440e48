package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What uploads cost that take more than one request: a long PATCH, chunks side by side, the last of a thousand chunks, memory. */
final class ResumableMeasurements {
    private static final long GIB = 1L << 30;
    private static final long PATCH = 2 * GIB;
    private static final int ROUNDS = 3;
    private static final int PARALLEL = 8;

    private ResumableMeasurements() {}

    /** One PATCH of 2 GiB, in turn with nginx's PUT and {@code @tus/server}'s PATCH. */
    static List<String> patch(Path folder) throws IOException, InterruptedException {
        Peers.Running durable = Peers.claimcheck(
                folder.resolve("durable"), Map.of("CLAIMCHECK_UPLOAD_HASH_WHILE_STREAMING", "false"), "api");
        Peers.Running lazy = Peers.claimcheck(
                folder.resolve("lazy"),
                Map.of("CLAIMCHECK_UPLOAD_HASH_WHILE_STREAMING", "false", "CLAIMCHECK_STORAGE_FSYNC", "false"),
                "api");
        Peers.Running hashing = Peers.claimcheck(folder.resolve("hashing"), Map.of(), "api");
        Peers.Running nginx = Peers.nginx(folder.resolve("nginx"));
        Peers.Running tus = Peers.tus(folder.resolve("tus"));
        Series ours = new Series();
        Series unsynced = new Series();
        Series hashed = new Series();
        Series put = new Series();
        Series node = new Series();
        Figures toNginx = new Figures();
        Figures lazyToNginx = new Figures();
        Figures toNode = new Figures();
        Figures lazyToNode = new Figures();
        Figures faster = new Figures();
        try (Child _ = durable.child();
                Child _ = lazy.child();
                Child _ = hashing.child();
                Child _ = nginx.child();
                Child _ = tus.child()) {
            for (int round = -1; round < ROUNDS; round++) {
                long seed = 7_000L + round;
                Cost a = cost(durable, "objects/sources", () -> tusUpload(durable, "/videos/tus", seed));
                Cost b = cost(lazy, "objects/sources", () -> tusUpload(lazy, "/videos/tus", seed));
                Cost c = cost(hashing, "objects/sources", () -> tusUpload(hashing, "/videos/tus", seed));
                Cost d = cost(nginx, "files", () -> nginxPut(nginx, seed));
                Cost e = cost(tus, "files", () -> tusUpload(tus, "/files", seed));
                if (round < 0) {
                    continue; // warms up
                }
                ours.add(a);
                unsynced.add(b);
                hashed.add(c);
                put.add(d);
                node.add(e);
                toNginx.add(a.cpu() / d.cpu());
                lazyToNginx.add(b.cpu() / d.cpu());
                toNode.add(e.cpu() / a.cpu());
                lazyToNode.add(e.cpu() / b.cpu());
                faster.add(a.rate() / e.rate());
            }
        }
        return List.of(
                "## A PATCH of 2 GiB",
                "",
                "Server CPU-seconds per GiB and megabytes per second of one tus PATCH, min / median / max of " + ROUNDS
                        + " rounds. nginx and `@tus/server` leave the writing to the disk to the kernel, after their answer; with fsync on it is done, and counted, before ours.",
                "",
                "| | CPU-s per GiB | MB/s |",
                "| --- | --- | --- |",
                "| Claimcheck, fsync on (default), hashing off | " + ours.row() + " |",
                "| Claimcheck, fsync off, hashing off | " + unsynced.row() + " |",
                "| Claimcheck, fsync on, hashing on (default) | " + hashed.row() + " |",
                "| nginx PUT | " + put.row() + " |",
                "| @tus/server, file store | " + node.row() + " |",
                "",
                "CPU, hashing off: Claimcheck ÷ nginx " + toNginx.range("%.2f") + " (fsync off "
                        + lazyToNginx.range("%.2f") + "); `@tus/server` ÷ Claimcheck " + toNode.range("%.2f")
                        + " (fsync off " + lazyToNode.range("%.2f") + "). MB/s: Claimcheck (fsync on) ÷ `@tus/server` "
                        + faster.range("%.2f") + ".");
    }

    /** Eight chunks side by side against one stream, and the last chunk of a thousand. */
    static List<String> chunks(Path folder) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api");
        Figures single = new Figures();
        Figures parallel = new Figures();
        Figures ratio = new Figures();
        Figures last = new Figures();
        try (Child _ = server.child()) {
            for (int round = -1; round < ROUNDS; round++) {
                long seed = 9_000L + round;
                double one = rate(GIB, () -> UploadMeasurements.upload(server, GIB, seed));
                Uploads.empty(server.folder().resolve("objects/sources"));
                double many = rate(GIB, () -> chunked(server, GIB, GIB / 64, PARALLEL, seed));
                Uploads.empty(server.folder().resolve("objects/sources"));
                if (round >= 0) {
                    single.add(one);
                    parallel.add(many);
                    ratio.add(many / one);
                }
            }
            for (int round = 0; round < ROUNDS; round++) {
                last.add(chunked(server, 10 * GIB, Math.ceilDiv(10 * GIB, 1_000), PARALLEL, 9_100 + round));
                Uploads.empty(server.folder().resolve("objects/sources"));
            }
        }
        return List.of(
                "## Chunks",
                "",
                "1 GiB as one stream (hashed as it comes) against 64 chunks, " + PARALLEL
                        + " at a time; MB/s, min / median / max of " + ROUNDS + " rounds, fsync on.",
                "",
                "| one stream | " + PARALLEL + " chunks at a time | chunks ÷ stream |",
                "| --- | --- | --- |",
                "| " + single.range("%.0f") + " | " + parallel.range("%.0f") + " | " + ratio.range("%.2f") + " |",
                "",
                "10 GiB in 1,000 chunks: the last chunk's last byte to its answer, which says that the job is on its way: "
                        + last.range("%.1f") + " ms.");
    }

    /** Whether memory grows with the size of the file. */
    static List<String> memory(Path folder) throws IOException, InterruptedException {
        Figures small = new Figures();
        Figures large = new Figures();
        for (int round = 0; round < ROUNDS; round++) {
            small.add((double) residentAfter(folder.resolve("small" + round), 10L << 20));
            large.add((double) residentAfter(folder.resolve("large" + round), 10 * GIB));
        }
        return List.of(
                "## Memory and the size of a file",
                "",
                String.format(
                        Locale.ROOT,
                        "Resident MB of a fresh service after one upload, min / median / max of %d: 10 MiB %s, 10 GiB %s; medians differ by %+.1f %%.",
                        ROUNDS,
                        small.range("%.0f"),
                        large.range("%.0f"),
                        (large.median() / small.median() - 1) * 100));
    }

    private static long residentAfter(Path folder, long size) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder, Map.of(), "api");
        try (Child child = server.child()) {
            // A hundred small ones first, so that the same code is loaded and compiled in both.
            for (int round = 0; round < 100; round++) {
                UploadMeasurements.upload(server, 10L << 20, 100 + round);
            }
            UploadMeasurements.upload(server, size, 1);
            long resident = child.residentMegabytes();
            Uploads.empty(server.folder().resolve("objects/sources"));
            return resident;
        }
    }

    @FunctionalInterface
    private interface Transfer {
        double run() throws IOException, InterruptedException;
    }

    private record Cost(double cpu, double rate) {}

    private static final class Series {
        private final Figures cpu = new Figures();
        private final Figures rate = new Figures();

        void add(Cost cost) {
            cpu.add(cost.cpu());
            rate.add(cost.rate());
        }

        String row() {
            return cpu.range("%.2f") + " | " + rate.range("%.0f");
        }
    }

    private static Cost cost(Peers.Running server, String files, Transfer transfer)
            throws IOException, InterruptedException {
        double before = server.child().cpuSeconds(command -> !command.contains("postgres"));
        double rate = rate(PATCH, transfer);
        double cpu = server.child().cpuSeconds(command -> !command.contains("postgres")) - before;
        Uploads.empty(server.folder().resolve(files));
        return new Cost(cpu / ((double) PATCH / GIB), rate);
    }

    private static double rate(long bytes, Transfer transfer) throws IOException, InterruptedException {
        long began = System.nanoTime();
        transfer.run();
        return bytes / 1e6 / ((System.nanoTime() - began) / 1e9);
    }

    private static double nginxPut(Peers.Running nginx, long seed) throws IOException {
        return expect(201, RawUpload.send(nginx.port(), "PUT /" + seed + ".mp4 HTTP/1.1", PATCH, seed));
    }

    private static double tusUpload(Peers.Running server, String path, long seed) throws IOException {
        String key = path.equals("/files") ? "" : "\r\nAuthorization: Bearer " + server.key();
        RawUpload.Result created = RawUpload.send(
                server.port(),
                "POST " + path + " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nUpload-Length: " + PATCH + key,
                0,
                seed);
        Matcher location =
                Pattern.compile("(?i)location: \\S*?(" + path + "/\\S+)").matcher(created.head());
        if (!location.find()) {
            throw new IOException("no upload was made: " + created.head());
        }
        String head = "PATCH " + location.group(1)
                + " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
                + key;
        return expect(204, RawUpload.send(server.port(), head, PATCH, seed));
    }

    /** Milliseconds from the last byte of the last chunk to its answer. */
    private static double chunked(Peers.Running server, long size, long chunkSize, int parallel, long seed)
            throws IOException, InterruptedException {
        String upload = Uploads.startChunked(server, size, chunkSize, seed);
        int chunks = Math.toIntExact(Math.ceilDiv(size, chunkSize));
        try (ExecutorService pool = Executors.newFixedThreadPool(parallel)) {
            List<Future<Double>> sent = new ArrayList<>();
            for (int number = 1; number < chunks; number++) {
                int chunk = number;
                sent.add(pool.submit(() -> chunk(server, upload, chunk, chunkSize, seed)));
            }
            for (Future<Double> one : sent) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("a chunk was not taken", e);
        }
        return chunk(server, upload, chunks, size - (chunks - 1) * chunkSize, seed);
    }

    private static double chunk(Peers.Running server, String upload, int number, long size, long seed)
            throws IOException {
        String head = "PUT /videos/upload-chunk/" + upload + "/" + number + " HTTP/1.1\r\nAuthorization: Bearer "
                + server.key() + "\r\nContent-Type: application/octet-stream";
        return expect(200, RawUpload.send(server.port(), head, size, seed + number));
    }

    private static double expect(int status, RawUpload.Result result) throws IOException {
        if (!result.head().startsWith("HTTP/1.1 " + status)) {
            throw new IOException("not " + status + ": " + result.head());
        }
        return result.millisAfterLastByte();
    }
}
