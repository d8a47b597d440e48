package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** A video is watched in a browser from its first seconds on, while the rest of it is being made. */
@ExtendWith(SharedInJvm.class)
class EarlyPlaybackIT {
    private static final int SECONDS = 40;

    /** Fast enough that nobody waits for the test, slow enough that a stall is seen. */
    private static final int SPEED = 4;

    private static HeldFfmpeg ffmpeg;
    private static Server server;
    private static Api api;
    private static Chromium chromium;

    @BeforeAll
    static void open(Chromium shared) {
        ffmpeg = new HeldFfmpeg();
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_MEDIA_NICE", "0");
        server = Server.start(environment);
        api = server.api();
        chromium = shared;
    }

    @AfterAll
    static void close() {
        ffmpeg.letGo();
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void isWatchedToItsEndWhileItIsBeingMade() throws Exception {
        JsonNode done = watchedToItsEnd(clip("null")).done();

        assertFinishedPlays(done);
    }

    /** Nine seconds of one frame make a segment that is longer than the others. */
    @Test
    void aPictureThatStandsStillIsPlayedThrough() throws Exception {
        Watched watched = watchedToItsEnd(clip("select='not(between(t,20.1,29))'"));

        assertThat(watched.playlist()).containsPattern("#EXT-X-TARGETDURATION:(9|1\\d)\n");
        assertThat(watched.done().path("verification").path("faults"))
                .as(watched.done()::toPrettyString)
                .isEmpty();
    }

    private record Watched(JsonNode done, String playlist) {}

    private static Watched watchedToItsEnd(Path clip) throws Exception {
        // All sizes at once: these are the chunks behind the first seconds.
        ffmpeg.holdOn("*video-360p.mp4*video-240p.mp4*");
        String job = api.upload(clip, "long.mp4").text("job_id");
        JsonNode early = api.watch(
                        job,
                        Duration.ofSeconds(60),
                        status -> !status.path("video_url").asString("").isEmpty())
                .getLast();
        assertThat(early.path("status").asString()).isEqualTo("IN_PROGRESS");
        String master = early.path("video_url").asString();
        assertThat(master).endsWith("/early/master.m3u8");

        GrowingPlaylists watched = new GrowingPlaylists(api, master);
        assertThat(watched.sizes()).hasSize(2);
        try (var poller = watched.poll();
                Page page = player(master)) {
            page.waitForFunction("() => video.currentTime > 1", null, patience());
            await().atMost(Duration.ofSeconds(30)).until(ffmpeg::isHolding);
            assertThat(api.status(job).path("status").asString())
                    .as("while the video plays")
                    .isEqualTo("IN_PROGRESS");
            assertThat(watched.read(watched.sizes().getFirst()))
                    .contains("#EXT-X-PLAYLIST-TYPE:EVENT")
                    .doesNotContain("#EXT-X-ENDLIST");
            ffmpeg.letGo();
            page.waitForFunction("() => video.ended", null, patience());

            assertThat(((Number) page.evaluate("() => video.currentTime")).doubleValue())
                    .isGreaterThan(SECONDS - 0.3);
            assertThat((List<?>) page.evaluate("() => fatal")).isEmpty();
            api.awaitCompleted(job);
            poller.finish();
        }
        assertThat(watched.faults()).isEmpty();
        assertThat(watched.lengthsSeen())
                .as("lengths of the playlists over time")
                .hasSizeGreaterThan(2);
        for (String playlist : watched.playlists()) {
            assertThat(watched.read(playlist))
                    .as(playlist)
                    .contains("#EXT-X-PLAYLIST-TYPE:VOD")
                    .endsWith("#EXT-X-ENDLIST");
        }
        return new Watched(api.status(job), watched.read(watched.sizes().getFirst()));
    }

    /** Five places, forwards and backwards, each in another size. */
    private static void assertFinishedPlays(JsonNode done) {
        HlsCheck hls = HlsCheck.of(api, done);
        DashCheck.of(api, hls);
        assertThat(hls.variants()).extracting(HlsCheck.Track::samples).containsOnly(SECONDS * 25);
        assertThat(done.path("verification").path("passed").asBoolean(false))
                .as(done::toPrettyString)
                .isTrue();
        try (Page page = player(done.path("video_url").asString())) {
            page.waitForFunction("() => video.currentTime > 0.5", null, patience());
            int turn = 0;
            for (double place : List.of(27.0, 7.9, 23.5, 0.0, 19.99)) {
                int height = hls.variants().get(turn++ % 2).number("height");
                page.evaluate(
                        "([place, height]) => { hls.currentLevel = hls.levels.findIndex(level => level.height === height); video.playbackRate = 1; video.currentTime = place; return true; }",
                        List.of(place, height));
                awaitPlaying(page, place, height);
            }
            assertThat((List<?>) page.evaluate("() => fatal")).isEmpty();
        }
    }

    private static void awaitPlaying(Page page, double place, int height) {
        try {
            page.waitForFunction(
                    "([place, height]) => !video.seeking && video.videoHeight === height && video.currentTime > place + 1",
                    List.of(place, height),
                    new Page.WaitForFunctionOptions().setTimeout(20_000));
        } catch (com.microsoft.playwright.TimeoutError e) {
            throw new AssertionError(
                    "does not play from %s s in %d lines: %s"
                            .formatted(
                                    place,
                                    height,
                                    page.evaluate(
                                            "() => JSON.stringify({ at: video.currentTime, seeking: video.seeking, ready: video.readyState, paused: video.paused, height: video.videoHeight, level: hls.currentLevel, levels: hls.levels.map(level => level.height), told })")),
                    e);
        }
    }

    /** A page with nothing but a video, played by hls.js as the console ships it. */
    private static Page player(String master) {
        Page page = chromium.browser().newPage();
        page.setContent("<video muted width=640></video>");
        page.addScriptTag(new Page.AddScriptTagOptions()
                .setPath(Server.repositoryRoot().resolve("console/node_modules/hls.js/dist/hls.js")));
        page.evaluate("""
                ([master, speed]) => {
                  window.video = document.querySelector('video');
                  window.fatal = [];
                  window.told = [];
                  window.hls = new Hls({ enableWorker: false });
                  hls.on(Hls.Events.ERROR, (_, error) => { told.push(error.details); if (error.fatal) fatal.push(error.details); });
                  hls.on(Hls.Events.MANIFEST_PARSED, () => {
                    video.playbackRate = speed;
                    video.play();
                  });
                  hls.loadSource(master);
                  hls.attachMedia(video);
                }
                """, List.of(server.baseUri().resolve(master).toString(), SPEED));
        return page;
    }

    private static Page.WaitForFunctionOptions patience() {
        return new Page.WaitForFunctionOptions().setTimeout(90_000);
    }

    /** Noise costs an encoder time. */
    private static Path clip(String filter) {
        return Clip.odd(
                "long.mp4",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=640x360:rate=25:duration=" + SECONDS + ",noise=alls=12:allf=t",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=frequency=440:sample_rate=48000:duration=" + SECONDS),
                List.of(
                        "-vf",
                        filter,
                        "-fps_mode",
                        "vfr",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-pix_fmt",
                        "yuv420p",
                        "-g",
                        "100",
                        "-c:a",
                        "aac"));
    }
}
