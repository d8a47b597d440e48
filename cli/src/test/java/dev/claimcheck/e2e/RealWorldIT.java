package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.RealSource.both;
import static dev.claimcheck.e2e.RealSource.cutTo;
import static dev.claimcheck.e2e.RealSource.muxed;
import static dev.claimcheck.e2e.RealSource.silent;
import static dev.claimcheck.e2e.RealSource.soundOnly;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What people really upload comes out right, in every playlist and every frame, or fails with a reason. All are uploaded at once, so that the service always has work. */
class RealWorldIT {
    private static final String BOTH = "VIDEO(320x180,25,2) SOUND(2) ";
    private static final String SILENT = "VIDEO(320x180,25,2) ";
    /** From its second 1.2 on a tone, before that silence. */
    private static final String LATE_TONE =
            "-f lavfi -i aevalsrc=exprs='if(gt(t\\,1.2)\\,0.5*sin(2764*t)\\,0)':sample_rate=48000:duration=3 ";

    private static final List<RealSource> SOURCES = List.of(
            both(
                    "12 s that are cut",
                    "cut.mp4",
                    "VIDEO(320x180,30000/1001,12) SOUND(12) X264 -bf 2 -g 60 -c:a aac",
                    320,
                    180),
            both("12 s of MPEG-TS", "cut.ts", "VIDEO(320x180,50,12) SOUND(12) X264 -bf 2 -g 50 -c:a aac", 320, 180),
            both(
                    "12 s of changing frame rates",
                    "cut.mkv",
                    "VIDEO(320x180,30,12) SOUND(12) -vf select='not(mod(n\\,7))+lt(n\\,200)' -fps_mode vfr X264 -g 40 -c:a aac",
                    320,
                    180),
            both("turned by its display matrix", "turned.mp4", BOTH + "X264 -c:a aac", 180, 320)
                    .then(muxed("-display_rotation 90", "-c copy", ".mp4")),
            both("portrait", "portrait.mp4", "VIDEO(180x320,30,2) SOUND(2) X264 -c:a aac", 180, 320),
            silent("an odd size", "odd.mkv", "VIDEO(101x57,25,2) -c:v ffv1", 101, 57),
            silent("a tiny size", "tiny.mp4", "VIDEO(16x16,25,2) X264", 16, 16),
            silent("wide pixels", "wide.mp4", "VIDEO(320x240,25,2) -vf setsar=4/3 X264", 426, 240),
            silent("59.94 frames a second", "fast.mp4", "VIDEO(320x180,60000/1001,2) X264", 320, 180),
            silent("120 frames a second", "faster.mp4", "VIDEO(320x180,120,2) X264", 320, 180)
                    .ofFrames(120),
            both(
                    "interlaced MPEG-2 in TS",
                    "interlaced.ts",
                    "VIDEO(320x180,50,2) SOUND(2) -vf interlace -c:v mpeg2video -q:v 4 -flags +ildct+ilme -c:a mp2",
                    320,
                    180),
            silent(
                    "HDR, PQ",
                    "pq.mp4",
                    SILENT
                            + "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc",
                    320,
                    180),
            silent(
                    "HDR, HLG",
                    "hlg.mkv",
                    SILENT
                            + "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -x265-params log-level=error:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc",
                    320,
                    180),
            silent("full range", "full.mp4", SILENT + "-c:v libx264 -preset ultrafast -pix_fmt yuvj420p", 320, 180),
            both("one channel", "mono.mp4", BOTH + "X264 -ac 1 -c:a aac", 320, 180),
            both("5.1", "six.mkv", BOTH + "X264 -af pan=5.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0 -c:a ac3", 320, 180),
            both(
                    "7.1",
                    "eight.mkv",
                    BOTH + "X264 -af pan=7.1|c0=c0|c1=c0|c2=c0|c3=c0|c4=c0|c5=c0|c6=c0|c7=c0 -c:a flac",
                    320,
                    180),
            both("two sounds", "two.mkv", BOTH + "SOUND(2) -map 0 -map 1 -map 2 X264 -c:a aac", 320, 180),
            silent("no sound", "none.mp4", SILENT + "X264", 320, 180),
            soundOnly("MP3", "sound.mp3", "SOUND(2)"),
            soundOnly("FLAC", "sound.flac", "SOUND(2)"),
            soundOnly("Ogg Opus", "sound.ogg", "SOUND(2) -c:a libopus"),
            soundOnly("M4A", "sound.m4a", "SOUND(2) -c:a aac"),
            silent("an edit list", "edited.mp4", "VIDEO(320x180,25,3) X264 -bf 2 -g 75", 320, 180)
                    .then(muxed("-ss 0.5", "-c copy", ".mp4")),
            both("Matroska without a length", "live.mkv", BOTH + "X264 -c:a aac -live 1", 320, 180),
            both("MPEG-TS without its end", "broken.ts", "VIDEO(320x180,25,4) SOUND(4) X264 -g 25 -c:a aac", 320, 180)
                    .then(cutTo(70)),
            both("Matroska without its end", "broken.mkv", "VIDEO(320x180,25,4) SOUND(4) X264 -g 25 -c:a aac", 320, 180)
                    .then(cutTo(70)),
            both(
                            "an index at the start and no end",
                            "fast-start.mp4",
                            "VIDEO(320x180,25,4) SOUND(4) X264 -g 25 -c:a aac -movflags +faststart",
                            320,
                            180)
                    .then(cutTo(70)),
            both("AVI with MPEG-4", "old.avi", BOTH + "-c:v mpeg4 -q:v 4 -c:a libmp3lame", 320, 180),
            both("FLV", "old.flv", BOTH + "X264 -c:a aac", 320, 180),
            both("MPEG program stream", "old.mpg", BOTH + "-c:v mpeg2video -q:v 4 -c:a mp2", 320, 180),
            both("3GP", "phone.3gp", "VIDEO(176x144,25,2) SOUND(2) -c:v mpeg4 -c:a aac", 176, 144),
            both(
                    "Ogg with VP8",
                    "web.ogg",
                    BOTH + "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -f ogg",
                    320,
                    180),
            both("WMV", "old.wmv", BOTH + "-c:v wmv2 -q:v 4 -c:a wmav2", 320, 180),
            both(
                    "WebM with VP9",
                    "web.webm",
                    BOTH + "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
                    320,
                    180),
            both("AV1", "new.mp4", BOTH + "-c:v libsvtav1 -preset 12 -c:a aac", 320, 180),
            silent("GIF", "moving.gif", "VIDEO(120x80,10,2)", 120, 80),
            both("ProRes", "cut.mov", BOTH + "-c:v prores_ks -profile:v 0 -c:a pcm_s16le", 320, 180),
            silent(
                    "DNxHD",
                    "cut.mxf.mov",
                    "VIDEO(1280x720,25,1) -c:v dnxhd -profile:v dnxhr_lb -pix_fmt yuv422p",
                    1280,
                    720),
            both("MJPEG", "camera.avi", BOTH + "-c:v mjpeg -q:v 4 -c:a pcm_s16le", 320, 180),
            both("a data track", "action.mov", BOTH + "X264 -c:a aac -timecode 01:00:00:00", 320, 180));

    private static final List<Upload> UPLOADS = new ArrayList<>();
    private static Server server;
    private static Api api;

    @BeforeAll
    static void uploadEverything() {
        server = Server.start(Map.of("CLAIMCHECK_MEDIA_NICE", "0", "CLAIMCHECK_RETRY_MAX_RETRIES", "0"));
        api = server.api();
        try (ExecutorService makers = Executors.newFixedThreadPool(2)) {
            for (RealSource source : SOURCES) {
                Future<Path> file = makers.submit(source::make);
                Callable<String> upload =
                        () -> api.upload(file.get(), source.file()).text("job_id");
                UPLOADS.add(new Upload(source, file, makers.submit(upload)));
            }
        }
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    /** A source on its way. */
    record Upload(RealSource source, Future<Path> file, Future<String> job) {
        @Override
        public String toString() {
            return source.name();
        }
    }

    static Stream<Upload> uploads() {
        return UPLOADS.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("uploads")
    void comesOutRight(Upload upload) {
        RealSource source = upload.source();
        JsonNode done = api.awaitCompleted(upload.job().resultNow());

        HlsCheck hls = HlsCheck.of(api, done);
        DashCheck.of(api, hls);
        assertThat(hls.sound().isPresent()).as("sound").isEqualTo(source.hasSound());
        assertThat(hls.variants().isEmpty()).isNotEqualTo(source.hasPicture());
        if (source.hasPicture()) {
            HlsCheck.Track best = hls.variants().getFirst();
            // Even, so that it can be encoded; the nearest even number on either side will do.
            assertThat(best.number("width")).as("width").isCloseTo(source.width(), within(2));
            assertThat(best.number("height")).as("height").isCloseTo(source.height(), within(2));
            assertFrames(upload, done, best.samples());
            hls.sound()
                    .ifPresent(sound ->
                            assertThat(sound.start()).as("start of the sound").isCloseTo(best.start(), within(0.04)));
        }
    }

    /** All of the source's frames came out, or the job says which did not. */
    private static void assertFrames(Upload upload, JsonNode done, int made) {
        JsonNode verification = done.path("verification");
        assertThat(verification.path("passed").asBoolean(false)
                        || !verification.path("faults").isEmpty())
                .as("a failed verification says why: %s", verification)
                .isTrue();
        assertThat(made)
                .as("frames; %s", verification)
                .isEqualTo(upload.source()
                        .frames()
                        .orElseGet(() -> RealSource.decodedFrames(upload.file().resultNow())));
        assertThat(verification.path("video").path("frames").asInt()).isEqualTo(made);
    }

    @Test
    void soundThatStartsLateStaysInTime() throws Exception {
        Path late = Clip.odd(
                "late-sound.mp4",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=320x180:rate=25:duration=3",
                        "-itsoffset",
                        "0.7",
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=duration=2:sample_rate=48000"),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"));

        assertThat(firstTone(late)).isCloseTo(0.7, within(0.04));
    }

    /** The video's first frame is the start of everything: what was heard before it is cut off. */
    @Test
    void soundOfAVideoThatStartsLateStaysInTime() throws Exception {
        List<String> inputs = Stream.concat(
                        Stream.of("-itsoffset", "0.8", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=2"),
                        Stream.of(LATE_TONE.trim().split(" ")))
                .toList();
        Path late = Clip.odd(
                "late-picture.mkv",
                inputs,
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac"));

        assertThat(firstTone(late)).isCloseTo(0.4, within(0.04));
    }

    /** Seconds from the first frame of the download until something is heard. */
    private static double firstTone(Path file) throws Exception {
        JsonNode done = api.awaitCompleted(
                api.upload(file, file.getFileName().toString()).text("job_id"));
        HlsCheck hls = HlsCheck.of(api, done);
        assertThat(hls.sound().orElseThrow().start())
                .isCloseTo(hls.variants().getFirst().start(), within(0.04));
        Path download = Files.write(
                Files.createTempFile(Clip.WORK, "tone", ".mp4"),
                api.fetch(done.path("download_url").asString()));
        short[] heard = Sound.samples(download, 0);
        int at = 0;
        while (Math.abs(heard[at]) < 800) {
            at++;
        }
        return at / 48_000.0;
    }

    @Test
    void anMp4WithoutItsIndexFailsAtOnceAndSaysSo() {
        Path file = cutTo(70).apply(Clip.mp4(3, "320x180"));
        JsonNode failed = api.awaitEnd(api.upload(file, "cut off.mp4").text("job_id"));

        assertThat(failed.path("status").asString()).isEqualTo("FAILED");
        assertThat(failed.path("error").path("code").asString()).isEqualTo("truncated");
        assertThat(failed.path("error").path("message").asString()).contains("Upload the whole file again");
    }
}
