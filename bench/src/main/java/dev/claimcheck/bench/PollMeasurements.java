package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many status polls are answered, and how quickly while the machine is busy. */
final class PollMeasurements {
    private static final int ROUNDS = 3;

    private PollMeasurements() {}

    static List<String> polls(Path folder, Clips clips) throws IOException, InterruptedException {
        Peers.Running claimcheck = Peers.claimcheck(
                folder.resolve("claimcheck"),
                Map.of("CLAIMCHECK_QUEUES_VIDEO_PROCESSING_CONCURRENCY", "2"),
                "api,worker");
        Peers.Running nginx = Peers.nginx(folder.resolve("nginx"));
        try (Child _ = claimcheck.child();
                Child _ = nginx.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(claimcheck.url("/")), claimcheck.key());
            String job = client.upload(clips.fresh(new Clips.Kind(2, 640, 360), folder), (_, _) -> {})
                    .jobId();
            client.await(job, Duration.ofMinutes(2), _ -> {});
            String status = "/videos/jobs/" + job + "/status";
            Files.writeString(
                    nginx.folder().resolve("files/status.json"),
                    client.status(job).json().toString());
            Figures ours = new Figures();
            Figures theirs = new Figures();
            Figures ratio = new Figures();
            wrk(folder, claimcheck, status, 5);
            for (int round = 0; round < ROUNDS; round++) {
                double mine = rate(wrk(folder, claimcheck, status, 5));
                double plain = rate(wrk(folder, nginx, "/status.json", 5));
                ours.add(mine);
                theirs.add(plain);
                ratio.add(mine / plain);
            }
            client.upload(clips.fresh(new Clips.Kind(60, 1920, 1080), folder), (_, _) -> {});
            client.upload(clips.fresh(new Clips.Kind(60, 1920, 1080), folder), (_, _) -> {});
            Thread.sleep(Duration.ofSeconds(3)); // both transcodes are well under way
            Figures busy = paced(claimcheck, status, 10);
            return List.of(
                    "## Status polls",
                    "",
                    "`wrk -t2 -c64`, key check included, one unchanged job, against nginx serving a file of the same size; min / median / max of "
                            + ROUNDS + " rounds of 5 s.",
                    "",
                    "| Claimcheck, polls/s | nginx, files/s | ratio |",
                    "| --- | --- | --- |",
                    "| " + ours.range("%.0f") + " | " + theirs.range("%.0f") + " | " + ratio.range("%.2f") + " |",
                    "",
                    String.format(
                            Locale.ROOT,
                            "While two 1080p transcodes saturate the CPU, 320 polls/s over 16 connections: p50 %.1f ms, p99 %.1f ms.",
                            busy.median(),
                            busy.percentile(0.99)));
        }
    }

    private static String wrk(Path folder, Peers.Running server, String path, int seconds)
            throws IOException, InterruptedException {
        return Child.run(
                folder,
                "wrk",
                "-t2",
                "-c64",
                "-d" + seconds + "s",
                "-H",
                "Authorization: Bearer " + (Files.exists(server.folder().resolve("admin-key")) ? server.key() : "none"),
                server.url(path));
    }

    private static double rate(String output) throws IOException {
        Matcher matcher = Pattern.compile("Requests/sec:\\s+([0-9.]+)").matcher(output);
        if (output.contains("Non-2xx") || !matcher.find()) {
            throw new IOException(output);
        }
        return Double.parseDouble(matcher.group(1));
    }

    /** Sixteen clients, each twenty polls a second, each on a connection of its own. */
    static Figures paced(Peers.Running server, String path, int seconds) throws IOException, InterruptedException {
        Figures figures = new Figures();
        String request =
                "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + server.key() + "\r\n\r\n";
        List<Thread> clients = new ArrayList<>();
        for (int client = 0; client < 16; client++) {
            clients.add(Thread.ofPlatform().start(() -> poll(server.port(), request, seconds, figures)));
        }
        for (Thread client : clients) {
            client.join();
        }
        return figures;
    }

    private static void poll(int port, String request, int seconds, Figures figures) {
        byte[] answer = new byte[64 << 10];
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            for (int poll = 0; poll < 20 * seconds; poll++) {
                long began = System.nanoTime();
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                if (socket.getInputStream().read(answer) < 12 || answer[9] != '2') {
                    throw new IOException("a poll was not answered with 200");
                }
                double millis = (System.nanoTime() - began) / 1e6;
                synchronized (figures) {
                    figures.add(millis);
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
