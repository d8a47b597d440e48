package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.media.FfmpegInstallation;
import dev.claimcheck.media.FfmpegSettings;
import dev.claimcheck.media.FfmpegTools;
import dev.claimcheck.media.MediaInput;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** What a job costs beyond its ffmpeg, and what the service costs beyond its jobs. */
final class JobMeasurements {
    /** A clip to be made. */
    private record Clip(int seconds, String size) {
        int width() {
            return Integer.parseInt(size.substring(0, size.indexOf('x')));
        }

        int height() {
            return Integer.parseInt(size.substring(size.indexOf('x') + 1));
        }
    }

    private JobMeasurements() {}

    static List<String> job(Path folder) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
        List<String> lines = new ArrayList<>(List.of(
                "## A job against its bare ffmpeg",
                "",
                "Wall seconds from the job's creation to its completion (transcode, poster, fast-start MP4), against the very same transcode command run by hand in turn; min / median / max of 3.",
                "",
                "| clip | job | bare command | job ÷ bare | job − bare |",
                "| --- | --- | --- | --- | --- |"));
        try (Child _ = server.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(server.url("/")), server.key());
            for (Clip kind : List.of(new Clip(60, "1920x1080"), new Clip(5, "1280x720"), new Clip(2, "1920x1080"))) {
                Figures whole = new Figures();
                Figures bare = new Figures();
                Figures ratio = new Figures();
                Figures extra = new Figures();
                for (int round = 0; round < 3; round++) {
                    Path clip = clip(folder, server, kind.seconds(), kind.size());
                    JsonNode job =
                            finished(client, client.upload(clip, (_, _) -> {}).jobId());
                    double took = between(job, "created_at", "finished_at");
                    double alone = bareSeconds(folder, server, clip, kind);
                    whole.add(took);
                    bare.add(alone);
                    ratio.add(took / alone);
                    extra.add(took - alone);
                }
                lines.add("| " + kind.seconds() + " s of " + kind.size() + " | " + whole.range("%.2f") + " | "
                        + bare.range("%.2f") + " | " + ratio.range("%.3f") + " | " + extra.range("%.2f") + " |");
            }
        }
        return lines;
    }

    static List<String> start(Path folder) throws IOException, InterruptedException {
        Figures warm = new Figures();
        double cold = 0;
        long memory = 0;
        for (int round = 0; round < 6; round++) {
            long began = System.nanoTime();
            Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
            double seconds = (System.nanoTime() - began) / 1e9;
            try (Child child = server.child()) {
                if (round == 0) {
                    cold = seconds;
                } else {
                    warm.add(seconds);
                }
                if (round == 5) {
                    Thread.sleep(Duration.ofSeconds(30));
                    memory = child.residentMegabytes();
                }
            }
        }
        return List.of(
                "## Start and memory",
                "",
                String.format(
                        Locale.ROOT,
                        "From the command to `/health/ready`, embedded Postgres included: %.1f s on an empty folder, then %s s (min / median / max of 5). Resident memory of the service after 30 idle "
                                + "seconds, Postgres apart: %d MB.",
                        cold,
                        warm.range("%.2f"),
                        memory));
    }

    /** A clip with motion and detail, different each time. */
    static Path clip(Path folder, Peers.Running server, int seconds, String size)
            throws IOException, InterruptedException {
        return clip(folder, server, seconds, size, List.of());
    }

    /** The same, encoded with further options. */
    static Path clip(Path folder, Peers.Running server, int seconds, String size, List<String> options)
            throws IOException, InterruptedException {
        Path file = folder.resolve("clip-" + System.nanoTime() + ".mp4");
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "error"));
        arguments.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=30:duration=" + seconds));
        arguments.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:duration=" + seconds));
        arguments.addAll(List.of("-vf", "noise=alls=8:allf=t", "-c:v", "libx264", "-preset", "ultrafast"));
        arguments.addAll(List.of("-pix_fmt", "yuv420p", "-g", "60"));
        arguments.addAll(options);
        arguments.addAll(List.of("-c:a", "aac", "-metadata", "comment=" + System.nanoTime(), file.toString()));
        execute(tools(server), folder, arguments);
        return file;
    }

    private static double bareSeconds(Path folder, Peers.Running server, Path clip, Clip kind)
            throws IOException, InterruptedException {
        SourceInfo.VideoStream video = new SourceInfo.VideoStream(
                0,
                "h264",
                kind.width(),
                kind.height(),
                kind.width(),
                kind.height(),
                0,
                30,
                0,
                "yuv420p",
                "progressive",
                "",
                "",
                "",
                "",
                0);
        SourceInfo source = new SourceInfo(
                "mov",
                "mov",
                kind.seconds(),
                0,
                0,
                Optional.of(video),
                List.of(new SourceInfo.AudioStream(1, "aac", 1, "mono", 44_100, 0, "")),
                1,
                List.of(),
                Optional.empty());
        Path work = Files.createTempDirectory(folder, "bare");
        long began = System.nanoTime();
        execute(
                tools(server),
                work,
                TranscodeCommand.arguments(
                        TranscodeTask.inOneGo(
                                source, Profiles.builtIn().find("web").orElseThrow()),
                        new MediaInput.LocalFile(clip),
                        Optional.empty()));
        return (System.nanoTime() - began) / 1e9;
    }

    private static JsonNode finished(ClaimcheckClient client, String job) throws InterruptedException {
        JsonNode status = client.job(job);
        while (!status.path("status").asString("").equals("COMPLETED")) {
            if (status.path("status").asString("").equals("FAILED")) {
                throw new IllegalStateException(status.toString());
            }
            TimeUnit.MILLISECONDS.sleep(100);
            status = client.job(job);
        }
        return status;
    }

    private static double between(JsonNode job, String from, String to) {
        return Duration.between(
                                Instant.parse(job.path(from).asString()),
                                Instant.parse(job.path(to).asString()))
                        .toMillis()
                / 1000.0;
    }

    static FfmpegTools tools(Peers.Running server) {
        return FfmpegInstallation.locate(
                FfmpegSettings.defaults(), server.folder().resolve("programs"));
    }

    static void execute(FfmpegTools tools, Path folder, List<String> arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(tools.ffmpeg().toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(tools.environment());
        Process process = builder.start();
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException("ffmpeg failed: " + command);
        }
    }
}
