package dev.claimcheck.bench;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/** How long after the last byte something plays, and there is a poster. */
final class PlayableMeasurements {
    private static final int MOST_SECONDS = 120;
    private static final double PLAYABLE_BAR = 3;
    private static final double POSTER_BAR = 2;

    private PlayableMeasurements() {}

    static List<String> playable(Path folder, Clips clips, int rounds) throws IOException, InterruptedException {
        Peers.Running server = Peers.claimcheck(folder.resolve("claimcheck"), Map.of(), "api,worker");
        List<String> lines = new ArrayList<>(List.of(
                "## Playable",
                "",
                "Seconds from the job's creation (the last byte) until `video_url` is in the status, and `thumbnail_url`, polled every 20 ms on an idle service; the job is cancelled then. 1080p H.264 at 30 frames per second with noise, "
                        + "a keyframe every 2 s; min / median / max of " + rounds
                        + String.format(
                                Locale.ROOT,
                                ". Aims: %.0f s and %.0f s for any length; where a round misses one, its steps follow.",
                                PLAYABLE_BAR,
                                POSTER_BAR),
                "",
                "| length | size | playable | poster | within the aims |",
                "| --- | --- | --- | --- | --- |"));
        List<String> misses = new ArrayList<>();
        try (Child _ = server.child()) {
            ClaimcheckClient client = ClaimcheckClient.connect(URI.create(server.url("/")), server.key());
            for (int minutes : new int[] {1, 10, 60}) {
                Figures video = new Figures();
                Figures poster = new Figures();
                long size = 0;
                int within = 0;
                for (int round = 0; round < rounds; round++) {
                    Path clip = clips.fresh(new Clips.Kind(60 * minutes, 1920, 1080), folder);
                    size = Files.size(clip) >> 20;
                    Moments moments =
                            measure(client, client.upload(clip, (_, _) -> {}).jobId());
                    video.add(moments.playable());
                    poster.add(moments.poster());
                    if (moments.playable() <= PLAYABLE_BAR && moments.poster() <= POSTER_BAR) {
                        within++;
                    } else {
                        misses.add(String.format(
                                Locale.ROOT,
                                "- %d min: playable %.2f s, poster %.2f s: %s",
                                minutes,
                                moments.playable(),
                                moments.poster(),
                                moments.steps()));
                    }
                    Files.delete(clip);
                }
                lines.add("| " + minutes + " min | " + size + " MB | " + video.range("%.2f") + " | "
                        + poster.range("%.2f") + " | " + within + " of " + rounds + " |");
            }
        }
        if (!misses.isEmpty()) {
            lines.add("");
            lines.add("Rounds that missed an aim, with their steps (seconds from the job's creation):");
            lines.add("");
            lines.addAll(misses);
        }
        return lines;
    }

    /**
     * When there was something to see; {@link #MOST_SECONDS} where it did not come.
     *
     * @param steps until then, as text
     */
    private record Moments(double playable, double poster, String steps) {}

    private static Moments measure(ClaimcheckClient client, String id) throws InterruptedException {
        long began = System.nanoTime();
        double playable = -1;
        double poster = -1;
        double seconds = 0;
        JsonNode job = client.jobs().get(id).json();
        while (seconds < MOST_SECONDS && (playable < 0 || poster < 0)) {
            seconds = (System.nanoTime() - began) / 1e9;
            playable = playable < 0 && job.has("video_url") ? seconds : playable;
            poster = poster < 0 && job.has("thumbnail_url") ? seconds : poster;
            TimeUnit.MILLISECONDS.sleep(20);
            job = client.jobs().get(id).json();
        }
        String steps = StepTimeline.text(job);
        client.jobs().delete(id);
        TimeUnit.SECONDS.sleep(2); // Until what was cancelled is out of the processors' way.
        return new Moments(playable < 0 ? MOST_SECONDS : playable, poster < 0 ? MOST_SECONDS : poster, steps);
    }
}
