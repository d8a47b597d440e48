package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** How long after the last byte something plays, and there is a poster. */
final class PlayableMeasurements {
    private static final int ROUNDS = 3;
    private static final int MOST_SECONDS = 120;

    private PlayableMeasurements() {}

    static List<String> playable(Path folder) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
        List<String> lines = new ArrayList<>(List.of(
                "## Playable",
                "",
                "Seconds from the job's creation (the last byte) until `video_url` is in the status, and `thumbnail_url`, polled every 20 ms on an idle service; the job is cancelled then. 1080p H.264 at 30 frames per second with noise, "
                        + "a keyframe every 2 s; min / median / max of " + ROUNDS + ".",
                "",
                "| length | size | playable | poster |",
                "| --- | --- | --- | --- |"));
        try (Child _ = server.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(server.url("/")), server.key());
            Path minute = JobMeasurements.clip(folder, server, 60, "1920x1080", List.of("-b:v", "6M"));
            for (int minutes : new int[] {1, 10, 60}) {
                Path clip = repeated(folder, server, minute, minutes);
                Figures video = new Figures();
                Figures poster = new Figures();
                for (int round = 0; round < ROUNDS; round++) {
                    measure(client, client.upload(clip, (_, _) -> {}).jobId(), video, poster);
                }
                lines.add("| " + minutes + " min | " + (Files.size(clip) >> 20) + " MB | " + video.range("%.2f") + " | "
                        + poster.range("%.2f") + " |");
                Files.delete(clip);
            }
        }
        return lines;
    }

    private static void measure(ClaimcheckClient client, String job, Figures video, Figures poster)
            throws InterruptedException {
        long began = System.nanoTime();
        boolean plays = false;
        boolean hasPoster = false;
        while (!plays || !hasPoster) {
            double seconds = (System.nanoTime() - began) / 1e9;
            if (seconds > MOST_SECONDS) {
                throw new IllegalStateException("nothing plays after " + MOST_SECONDS + " s");
            }
            JsonNode status = client.job(job);
            if (!plays && status.has("video_url")) {
                plays = true;
                video.add(seconds);
            }
            if (!hasPoster && status.has("thumbnail_url")) {
                hasPoster = true;
                poster.add(seconds);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        client.delete(job);
        TimeUnit.SECONDS.sleep(2); // Until what was cancelled is out of the processors' way.
    }

    /** The clip so many times over, without encoding it again. */
    private static Path repeated(Path folder, Peers.Running server, Path clip, int times)
            throws IOException, InterruptedException {
        Path list = Files.write(
                folder.resolve("list.txt"), Collections.nCopies(times, "file '" + clip.toAbsolutePath() + "'"));
        Path target = folder.resolve("long-" + System.nanoTime() + ".mp4");
        JobMeasurements.execute(
                JobMeasurements.tools(server),
                folder,
                List.of(
                        "-nostdin",
                        "-y",
                        "-loglevel",
                        "error",
                        "-f",
                        "concat",
                        "-safe",
                        "0",
                        "-i",
                        list.toString(),
                        "-c",
                        "copy",
                        "-movflags",
                        "+faststart",
                        target.toString()));
        return target;
    }
}
