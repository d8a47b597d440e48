package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How many status polls are answered, and how quickly while the machine is busy. */
final class PollMeasurements {
    private static final int ROUNDS = 3;

    private PollMeasurements() {}

    static List<String> polls(Path folder) throws IOException, InterruptedException {
        Peers.Running claimcheck = Peers.claimcheck(
                folder.resolve("claimcheck"),
                Map.of("CLAIMCHECK_QUEUES_VIDEO_PROCESSING_CONCURRENCY", "2"),
                "api,worker");
        Peers.Running nginx = Peers.nginx(folder.resolve("nginx"));
        try (Child a = claimcheck.child();
                Child b = nginx.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(claimcheck.url("/")), claimcheck.key());
            String job = client.upload(JobMeasurements.clip(folder, claimcheck, 2, "640x360"), (_, _) -> {})
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
            client.upload(JobMeasurements.clip(folder, claimcheck, 60, "1920x1080"), (_, _) -> {});
            client.upload(JobMeasurements.clip(folder, claimcheck, 61, "1920x1080"), (_, _) -> {});
            Thread.sleep(Duration.ofSeconds(3)); // both transcodes are well under way
            String busy = Child.run(
                    folder,
                    "wrk",
                    "-t1",
                    "-c16",
                    "-d10s",
                    "--latency",
                    "-H",
                    "Authorization: Bearer " + claimcheck.key(),
                    claimcheck.url(status));
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
                            "While two 1080p transcodes saturate the CPU, with 16 connections polling as fast as they can: p99 %s.",
                            p99(busy)));
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

    private static String p99(String output) throws IOException {
        Matcher matcher = Pattern.compile("99%\\s+(\\S+)").matcher(output);
        if (!matcher.find()) {
            throw new IOException(output);
        }
        return matcher.group(1);
    }
}
