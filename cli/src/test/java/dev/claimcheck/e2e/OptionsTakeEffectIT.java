package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a job asks for can be seen in what comes out. The source is a picture that tells its frame's number by eight bars, a bit each. */
class OptionsTakeEffectIT {
    private static final int RATE = 25;
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_MEDIA_NICE", "0"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
        assertThat(server.orphans()).isEmpty();
    }

    @Test
    void audioLeavesThePictureAway() throws Exception {
        HlsCheck hls = checked(job(clip(2, 320, 180), "profile=audio"));

        assertThat(hls.variants()).isEmpty();
        assertThat(hls.sound().orElseThrow().codec()).isEqualTo("mp4a.40.2");
    }

    @Test
    void previewIsOneSmallSize() throws Exception {
        HlsCheck hls = checked(job(clip(1, 1280, 720), "profile=preview"));

        assertThat(hls.variants()).hasSize(1);
        assertThat(hls.variants().getFirst().number("height")).isEqualTo(480);
    }

    @Test
    void av1ComesWithOpus() throws Exception {
        HlsCheck hls = checked(job(clip(2, 320, 180), "profile=web-av1"));

        assertThat(hls.variants().getFirst().codec()).startsWith("av01.0.");
        assertThat(hls.sound().orElseThrow().codec()).isEqualTo("opus");
        assertThat(hls.variants().getFirst().samples()).isEqualTo(2 * RATE);
    }

    @Test
    void hevcIsHevc() throws Exception {
        HlsCheck hls = checked(job(clip(2, 320, 180), "profile=web-hevc"));

        assertThat(hls.variants().getFirst().codec()).startsWith("hvc1.1.6.L");
        assertThat(hls.sound().orElseThrow().codec()).isEqualTo("mp4a.40.2");
        assertThat(hls.variants().getFirst().samples()).isEqualTo(2 * RATE);
    }

    /** From the frame at 0.48 s on, up to the one before 1.6 s. */
    @Test
    void aClipHasExactlyItsFrames() throws Exception {
        JsonNode done = job(clip(2, 320, 180), "clip_start=0.48&clip_end=1.6");

        HlsCheck hls = checked(done);
        assertThat(hls.variants().getFirst().samples()).isEqualTo(28);
        byte[] download = api.fetch(done.path("download_url").asString());
        List<Integer> numbers = new ArrayList<>(Collections.nCopies(28, 0));
        for (int bit = 0; bit < 8; bit++) {
            List<Double> bar = brightness(download, 40 * bit + 20 + ":ih/2");
            assertThat(bar).hasSize(28);
            for (int frame = 0; frame < 28; frame++) {
                numbers.set(frame, numbers.get(frame) + (bar.get(frame) > 125 ? 1 << bit : 0));
            }
        }
        assertThat(numbers).isEqualTo(IntStream.range(12, 40).boxed().toList());
        assertThat(hls.sound().orElseThrow().end()).isCloseTo(1.12, within(0.05));
    }

    /** The same from a source that is cut into chunks. */
    @Test
    void aLongClipHasExactlyItsFrames() throws Exception {
        JsonNode done = job(plain(16), "clip_start=2.52&clip_end=14.2");

        assertThat(checked(done).variants().getFirst().samples()).isEqualTo(292);
        assertThat(done.path("verification").path("passed").asBoolean(false))
                .as(done::toPrettyString)
                .isTrue();
    }

    @Test
    void theThumbnailIsTakenWhereItIsWanted() throws Exception {
        BufferedImage poster = poster(job(clip(2, 320, 180), "thumbnail_time=1.52"));

        int number = 0;
        for (int bit = 0; bit < 8; bit++) {
            int pixel = poster.getRGB(poster.getWidth() * (2 * bit + 1) / 16, poster.getHeight() / 2);
            number += (pixel & 0xFF) > 125 ? 1 << bit : 0;
        }
        assertThat(number).isEqualTo(38);
    }

    @Test
    void theWatermarkIsInItsCornerAndNowhereElse() throws Exception {
        Path picture = Clip.WORK.resolve("mark.png");
        Clip.ffmpeg(List.of("-f", "lavfi", "-i", "color=white:size=64x64", "-frames:v", "1", picture.toString()));
        Api.Answer mark = api.send(
                api.request("/watermarks").POST(BodyPublishers.ofFile(picture)).build());
        assertThat(mark.status()).as(mark.body()::toString).isEqualTo(201);

        JsonNode done = job(
                clip(1, 320, 180),
                "watermark=" + mark.text("watermark_id") + "&watermark_position=top-left&watermark_width=20");

        checked(done);
        byte[] download = api.fetch(done.path("download_url").asString());
        // 64 pixels wide, less its distance to the border.
        assertThat(brightness(download, "30:30"))
                .allSatisfy(value -> assertThat(value).isGreaterThan(220));
        assertThat(brightness(download, "290:150"))
                .allSatisfy(value -> assertThat(value).isLessThan(150));
        assertThat(brightness(download, "290:30"))
                .allSatisfy(value -> assertThat(value).isLessThan(150));
    }

    private static JsonNode job(Path file, String options) throws IOException {
        Api.Answer accepted = api.send(api.request("/videos/upload?filename=clip.mp4&" + options)
                .POST(BodyPublishers.ofFile(file))
                .build());
        assertThat(accepted.status()).as(accepted.body()::toString).isEqualTo(202);
        return api.awaitCompleted(accepted.text("job_id"));
    }

    private static HlsCheck checked(JsonNode done) {
        assertThat(done.path("warnings")).as(done::toPrettyString).isEmpty();
        HlsCheck hls = HlsCheck.of(api, done);
        DashCheck.of(api, hls);
        return hls;
    }

    /** Bar i, from the left, is bright where bit i of the frame's number is set. */
    private static Path clip(int seconds, int width, int height) {
        return made(
                "color=black:size=" + width + "x" + height + ":rate=" + RATE + ":duration=" + seconds
                        + ",geq=lum='if(mod(floor(N/pow(2,floor(X*8/W))),2),200,50)':cb=128:cr=128",
                seconds);
    }

    private static Path plain(int seconds) {
        return made("testsrc2=size=320x180:rate=" + RATE + ":duration=" + seconds, seconds);
    }

    private static Path made(String picture, int seconds) {
        return Clip.odd(
                "clip.mp4",
                List.of(
                        "-f",
                        "lavfi",
                        "-i",
                        picture,
                        "-f",
                        "lavfi",
                        "-i",
                        "sine=sample_rate=48000:duration=" + seconds),
                List.of(
                        "-c:v",
                        "libx264",
                        "-preset",
                        "ultrafast",
                        "-qp",
                        "4",
                        "-pix_fmt",
                        "yuv420p",
                        "-g",
                        "40",
                        "-bf",
                        "2",
                        "-c:a",
                        "aac"));
    }

    /** Of each frame, around that place. */
    private static List<Double> brightness(byte[] video, String place) throws IOException {
        Path file = Files.write(Files.createTempFile(Clip.WORK, "download", ".mp4"), video);
        Path raw = Files.createTempFile(Clip.WORK, "brightness", ".raw");
        Clip.ffmpeg(List.of(
                "-i",
                file.toString(),
                "-vf",
                "format=gray,crop=2:2:" + place,
                "-fps_mode",
                "passthrough",
                "-f",
                "rawvideo",
                raw.toString()));
        byte[] pixels = Files.readAllBytes(raw);
        List<Double> found = new ArrayList<>();
        for (int at = 0; at < pixels.length; at += 4) {
            found.add((double) Byte.toUnsignedInt(pixels[at]));
        }
        return found;
    }

    private static BufferedImage poster(JsonNode done) throws IOException {
        return ImageIO.read(
                new ByteArrayInputStream(api.fetch(done.path("thumbnail_url").asString())));
    }
}
