package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A video that is long enough for its sound to take a while: it is heard beyond the first seconds while all of the sound is still being made. */
class EarlySoundIT {
    private static final int SECONDS = 310;

    private static HeldFfmpeg ffmpeg;
    private static Server server;
    private static Api api;

    @BeforeAll
    static void open() {
        ffmpeg = new HeldFfmpeg();
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_MEDIA_NICE", "0");
        server = Server.start(environment);
        api = server.api();
    }

    @AfterAll
    static void close() {
        ffmpeg.letGo();
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void thePlaylistsGoOnWhileTheWholeSoundIsBeingMadeAndKeepWhatTheySaid() throws Exception {
        // Only the whole sound has no length.
        ffmpeg.holdOn("*-map 0:1 -af*");
        String job = api.upload(clip(), "long.mp4").text("job_id");
        JsonNode early = api.watch(
                        job,
                        Duration.ofSeconds(60),
                        status -> !status.path("video_url").asString("").isEmpty())
                .getLast();
        String master = early.path("video_url").asString();
        GrowingPlaylists watched = new GrowingPlaylists(api, master);
        String sound = HlsCheck.resolve(master, "audio/playlist.m3u8");
        Map<String, byte[]> heard = new HashMap<>();
        try (var poller = watched.poll()) {
            await("the sound goes on, and the picture with it")
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> seconds(watched.read(sound)) > 110
                            && seconds(watched.read(watched.sizes().getFirst())) > 110);
            await("all of the sound is still being made")
                    .atMost(Duration.ofSeconds(10))
                    .until(ffmpeg::isHolding);
            for (String segment : segments(watched.read(sound))) {
                heard.put(segment, api.fetch(HlsCheck.resolve(sound, segment)));
            }
            ffmpeg.letGo();
            api.awaitCompleted(job);
            poller.finish();
        }

        assertThat(watched.faults()).isEmpty();
        assertThat(watched.read(sound)).endsWith("#EXT-X-ENDLIST");
        assertThat(seconds(watched.read(sound))).isBetween(SECONDS - 0.2, SECONDS + 0.2);
        assertThat(heard).hasSizeGreaterThan(25);
        heard.forEach((segment, bytes) -> assertThat(api.fetch(HlsCheck.resolve(sound, segment)))
                .as(segment)
                .isEqualTo(bytes));
        HlsCheck.of(api, api.status(job));
    }

    private static List<String> segments(String playlist) {
        return playlist.lines().filter(line -> !line.startsWith("#")).toList();
    }

    private static double seconds(String playlist) {
        return playlist.lines()
                .filter(line -> line.startsWith("#EXTINF:"))
                .mapToDouble(line -> Double.parseDouble(line.substring(8, line.indexOf(','))))
                .sum();
    }

    private static Path clip() {
        return Clip.odd(
                "long.mp4",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=160x90:rate=10:duration=" + SECONDS,
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=frequency=440:sample_rate=44100:duration=" + SECONDS),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "20", "-c:a", "aac"));
    }
}
