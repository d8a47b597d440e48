package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Sources of which a part is missing, or seems to be. */
class GapsIT {
    private static final Pattern LISTED = Pattern.compile("<SegmentURL media=\"([^\"]+)\"/>");
    private static final Pattern TIME = Pattern.compile("<S t=\"(\\d+)\" d=\"(\\d+)\"/>");
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_MEDIA_NICE", "0", "CLAIMCHECK_RETRY_MAX_RETRIES", "0"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    /** The middle of 32 s is zeros: segments are missing, and DASH must not take the next ones for them. */
    @Test
    void aDestroyedMiddleIsAGapInTheManifest() throws Exception {
        Path file = clip("hole.mp4", 32, List.of("-c:a", "aac"));
        byte[] bytes = Files.readAllBytes(file);
        int media = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("mdat") + 4;
        int size = ByteBuffer.wrap(bytes).getInt(media - 8);
        Arrays.fill(bytes, media + size * 2 / 5, media + size * 7 / 10, (byte) 0);
        Files.write(file, bytes);

        JsonNode done = completed(file);

        assertThat(done.path("verification").path("passed").asBoolean(true)).isFalse();
        String link = HlsCheck.resolve(done.path("video_url").asString(), "../dash/manifest.mpd");
        String manifest = new String(api.fetch(link), StandardCharsets.UTF_8);
        String picture = manifest.substring(manifest.indexOf("<Representation"), manifest.indexOf("</Representation>"));
        List<String> listed = found(LISTED, picture);
        List<Double> times = found(TIME, picture).stream()
                .map(time -> Long.parseLong(time) / 90_000.0)
                .toList();
        assertThat(listed).as(picture).hasSameSizeAs(times).hasSizeBetween(4, 7);
        for (int index = 0; index < listed.size(); index++) {
            byte[] segment = api.fetch(HlsCheck.resolve(link, listed.get(index)));
            assertThat(decodeTime(segment)).as(listed.get(index)).isCloseTo(times.get(index), within(0.2));
        }
        assertThat(times.getLast()).isCloseTo(28, within(0.001));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jump.mkv", "jump.mp4", "jump.ts"})
    void aJumpOfAnHourInTheSoundIsNoHourOfSilence(String name) throws Exception {
        Path file = clip(
                name,
                6,
                List.of("-af", "asetpts='PTS+if(gt(T,3),3600/TB,0)'", "-c:a", name.endsWith("ts") ? "mp2" : "aac"));

        JsonNode done = completed(file);

        HlsCheck hls = HlsCheck.of(api, done);
        assertThat(hls.variants().getFirst().end()).isCloseTo(6, within(0.1));
        assertThat(hls.sound().orElseThrow().end()).isBetween(2.9, 6.1);
    }

    /** What is behind a gap while there is a picture is in its place. */
    @Test
    void aGapWithinTheVideoIsSilence() throws Exception {
        Path file = clip("pause.mkv", 24, List.of("-af", "aselect='lt(t,2)+gt(t,20)'", "-c:a", "pcm_s16le"));

        JsonNode done = completed(file);

        HlsCheck hls = HlsCheck.of(api, done);
        assertThat(hls.sound().orElseThrow().end()).isCloseTo(24, within(0.1));
        Path download = Files.write(
                Files.createTempFile(Clip.WORK, "pause", ".mp4"),
                api.fetch(done.path("download_url").asString()));
        short[] heard = Sound.samples(download, 0);
        assertThat(loudest(heard, 1, 1.9)).isGreaterThan(2_000);
        assertThat(loudest(heard, 3, 19)).isLessThan(50);
        assertThat(loudest(heard, 20.1, 23.9)).isGreaterThan(2_000);
    }

    private static int loudest(short[] samples, double from, double to) {
        int loudest = 0;
        for (int at = (int) (from * 48_000); at < to * 48_000; at++) {
            loudest = Math.max(loudest, Math.abs(samples[at]));
        }
        return loudest;
    }

    private static JsonNode completed(Path file) {
        return api.awaitCompleted(
                api.upload(file, file.getFileName().toString()).text("job_id"));
    }

    private static List<String> found(Pattern pattern, String text) {
        List<String> all = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            all.add(matcher.group(1));
        }
        return all;
    }

    /** Seconds, by the segment's own tfdt; our videos count 90,000 ticks a second. */
    private static double decodeTime(byte[] segment) {
        int tfdt = new String(segment, StandardCharsets.ISO_8859_1).indexOf("tfdt");
        ByteBuffer bytes = ByteBuffer.wrap(segment);
        return (segment[tfdt + 4] == 1 ? bytes.getLong(tfdt + 8) : Integer.toUnsignedLong(bytes.getInt(tfdt + 8)))
                / 90_000.0;
    }

    private static Path clip(String name, int seconds, List<String> sound) throws IOException {
        List<String> codecs = new ArrayList<>(List.of(
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-g",
                "25",
                "-bf",
                "0",
                "-map",
                "0",
                "-map",
                "1"));
        codecs.addAll(sound);
        return Clip.odd(
                name,
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        "testsrc2=size=320x180:rate=25:duration=" + seconds,
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=sample_rate=48000:duration=" + seconds),
                codecs);
    }
}
