package dev.claimcheck.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How soon an upload is acknowledged, and what it costs. */
final class UploadMeasurements {
    private static final long SMALL = 2 << 20;
    private static final long LARGE = 200 << 20;
    private static final long GIGABIT = 125_000_000;
    private static final int ROUNDS = 9;
    private static final int WARM_UPS = 4;

    private UploadMeasurements() {}

    static List<String> acknowledge(Path folder) throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>(List.of(
                "## The 202 after the last byte",
                "",
                "Milliseconds from the last byte written to the first byte of the 202, different content each time; with fsync the bytes and the job are on the disk by then. At 1 Gbit/s the"
                        + " server keeps up with the line; at the loopback's full speed the last megabytes still wait in the socket's buffers when the client has written its last byte, and their hashing"
                        + " counts too.",
                "",
                "| | 2 MB p50 | 2 MB p99 | 200 MB p50 | 200 MB p99 | 200 MB against 2 MB (p50) |",
                "| --- | --- | --- | --- | --- | --- |"));
        for (boolean fsync : new boolean[] {true, false}) {
            Peers.Running server = Peers.claimcheck(
                    folder.resolve("fsync-" + fsync), Map.of("CLAIMCHECK_STORAGE_FSYNC", "" + fsync), "api");
            try (Child _ = server.child()) {
                for (int round = 0; round < 100; round++) {
                    upload(server, SMALL, -1 - round); // warm-up
                }
                String name = fsync ? "fsync on (default)" : "fsync off";
                lines.add(acknowledgements(server, name + ", 1 Gbit/s", GIGABIT));
                lines.add(acknowledgements(server, name + ", full speed", Long.MAX_VALUE));
            }
        }
        return lines;
    }

    private static String acknowledgements(Peers.Running server, String name, long bytesPerSecond) throws IOException {
        Figures small = new Figures();
        Figures large = new Figures();
        for (int round = 0; round < 100; round++) {
            small.add(upload(server, SMALL, 1_000 + round, bytesPerSecond));
            if (round % 5 == 0) {
                large.add(upload(server, LARGE, 2_000 + round, bytesPerSecond));
            }
        }
        return String.format(
                Locale.ROOT,
                "| %s | %.1f | %.1f | %.1f | %.1f | %.2f× |",
                name,
                small.median(),
                small.percentile(0.99),
                large.median(),
                large.percentile(0.99),
                large.median() / small.median());
    }

    static List<String> cpu(Path folder) throws IOException, InterruptedException {
        Peers.Running claimcheck = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api");
        Peers.Running unsynced =
                Peers.claimcheck(folder.resolve("unsynced"), Map.of("CLAIMCHECK_STORAGE_FSYNC", "false"), "api");
        Peers.Running nginx = Peers.nginx(folder.resolve("nginx"));
        Peers.Running tus = Peers.tus(folder.resolve("tus"));
        Figures ours = new Figures();
        Figures withoutSync = new Figures();
        Figures theirs = new Figures();
        Figures node = new Figures();
        Figures toNginx = new Figures();
        Figures durableToNginx = new Figures();
        Figures toNode = new Figures();
        try (Child a = claimcheck.child();
                Child d = unsynced.child();
                Child b = nginx.child();
                Child c = tus.child()) {
            for (int round = -WARM_UPS; round < ROUNDS; round++) {
                int seed = 100 + round;
                double mine = perGiB(
                        a,
                        command -> !command.contains("postgres"),
                        claimcheck.folder().resolve("objects/sources"),
                        () -> upload(claimcheck, LARGE, seed));
                double lazily = perGiB(
                        d,
                        command -> !command.contains("postgres"),
                        unsynced.folder().resolve("objects/sources"),
                        () -> upload(unsynced, LARGE, seed));
                double put = perGiB(b, _ -> true, nginx.folder().resolve("files"), () -> put(nginx, seed));
                double patch = perGiB(c, _ -> true, tus.folder().resolve("files"), () -> patch(tus, seed));
                if (round >= 0) {
                    ours.add(mine);
                    withoutSync.add(lazily);
                    theirs.add(put);
                    node.add(patch);
                    toNginx.add(lazily / put);
                    durableToNginx.add(mine / put);
                    toNode.add(patch / lazily);
                }
            }
        }
        return List.of(
                "## CPU of an upload",
                "",
                "Server CPU-seconds per GiB, raw bodies of 200 MB, min / median / max of " + ROUNDS
                        + " rounds. Claimcheck hashes (SHA-256) and commits a job in both rows. Without fsync it leaves the writing to the disk to the kernel, as nginx (`dav_methods PUT`) and "
                        + "`@tus/server` with its file store do, so these compare; with fsync that work is done, and counted, before the answer. The embedded Postgres is not counted.",
                "",
                "| | CPU-s per GiB | ÷ nginx |",
                "| --- | --- | --- |",
                "| Claimcheck, fsync on (default) | " + ours.range("%.2f") + " | " + durableToNginx.range("%.2f")
                        + " |",
                "| Claimcheck, fsync off | " + withoutSync.range("%.2f") + " | " + toNginx.range("%.2f") + " |",
                "| nginx PUT | " + theirs.range("%.2f") + " | |",
                "| @tus/server | " + node.range("%.2f") + " | |",
                "",
                "`@tus/server` ÷ Claimcheck (fsync off): " + toNode.range("%.2f") + ".");
    }

    @FunctionalInterface
    private interface Transfer {
        double run() throws IOException;
    }

    private static double perGiB(Child server, Predicate<String> counted, Path files, Transfer transfer)
            throws IOException {
        double before = server.cpuSeconds(counted);
        double transferred = 0;
        for (int repeat = 0; repeat < 3; repeat++) {
            transfer.run();
            transferred += LARGE;
            Uploads.empty(files);
        }
        return (server.cpuSeconds(counted) - before) / (transferred / (1 << 30));
    }

    static double upload(Peers.Running server, long size, long seed) throws IOException {
        return upload(server, size, seed, Long.MAX_VALUE);
    }

    private static double upload(Peers.Running server, long size, long seed, long bytesPerSecond) throws IOException {
        long unique = seed * 31 + System.nanoTime();
        RawUpload.Result result = RawUpload.send(
                server.port(),
                "POST /videos/upload?filename=" + unique + ".mp4 HTTP/1.1\r\nAuthorization: Bearer " + server.key(),
                size,
                unique,
                bytesPerSecond);
        if (!result.head().startsWith("HTTP/1.1 202")) {
            throw new IOException("not accepted: " + result.head());
        }
        return result.millisAfterLastByte();
    }

    private static double put(Peers.Running server, long seed) throws IOException {
        RawUpload.Result result =
                RawUpload.send(server.port(), "PUT /" + System.nanoTime() + ".mp4 HTTP/1.1", LARGE, seed);
        if (!result.head().startsWith("HTTP/1.1 201")) {
            throw new IOException("nginx: " + result.head());
        }
        return result.millisAfterLastByte();
    }

    private static double patch(Peers.Running server, long seed) throws IOException {
        RawUpload.Result created = RawUpload.send(
                server.port(), "POST /files HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nUpload-Length: " + LARGE, 0, seed);
        Matcher location = Pattern.compile("(?i)location: \\S*?(/files/\\S+)").matcher(created.head());
        if (!location.find()) {
            throw new IOException("tus: " + created.head());
        }
        RawUpload.Result patched = RawUpload.send(
                server.port(),
                "PATCH " + location.group(1)
                        + " HTTP/1.1\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream",
                LARGE,
                seed);
        if (!patched.head().startsWith("HTTP/1.1 204")) {
            throw new IOException("tus: " + patched.head());
        }
        return patched.millisAfterLastByte();
    }
}
