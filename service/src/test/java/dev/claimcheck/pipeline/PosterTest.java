package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claimcheck.job.StepOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Posters of real clips by the real ffmpeg. */
class PosterTest {
    @TempDir
    static Path folder;

    private static RealMedia media;

    @BeforeAll
    static void locate() {
        media = RealMedia.in(folder);
    }

    @Test
    void isNotBlackWhereTheVideoIsBlackForLong() throws Exception {
        Path clip = made(
                "black.mp4", "testsrc2=size=320x180:rate=25:duration=20,drawbox=t=fill:color=black:enable='lt(t,8)'");

        FolderWorkspace done = poster(media.workspace(clip));

        int[] grey = media.grey(done.file("poster.jpg"), 16, 9);
        assertThat(Arrays.stream(grey).average().orElse(0)).isGreaterThan(60);
        assertThat(Arrays.stream(grey).max().orElse(0)
                        - Arrays.stream(grey).min().orElse(0))
                .isGreaterThan(60);
    }

    @Test
    void isBothAsJpegAndWebpTheSameFrame() throws Exception {
        Path clip = made("both.mp4", "testsrc2=size=1920x1080:rate=25:duration=2");

        FolderWorkspace done = poster(media.workspace(clip));

        JsonNode jpeg = media.describe(done.file("poster.jpg")).path("streams").path(0);
        JsonNode webp = media.describe(done.file("poster.webp")).path("streams").path(0);
        assertThat(jpeg.path("codec_name").asString()).isEqualTo("mjpeg");
        assertThat(webp.path("codec_name").asString()).isEqualTo("webp");
        for (JsonNode picture : new JsonNode[] {jpeg, webp}) {
            assertThat(picture.path("width").asInt()).isEqualTo(1280);
            assertThat(picture.path("height").asInt()).isEqualTo(720);
        }
        assertThat(difference(
                        media.grey(done.file("poster.jpg"), 64, 36), media.grey(done.file("poster.webp"), 64, 36)))
                .isLessThan(3);
    }

    @Test
    void isNotFromTheMiddleOfAFade() throws Exception {
        Path clip = made("fade.mp4", "smptehdbars=size=320x180:rate=25:duration=20,fade=t=in:st=0.5:d=3.5");
        Path whole = made("bars.mp4", "smptehdbars=size=320x180:rate=25:duration=1");

        FolderWorkspace done = poster(media.workspace(clip));

        assertThat(difference(media.grey(done.file("poster.jpg"), 16, 9), media.grey(whole, 16, 9)))
                .as("brightness as after the fade")
                .isLessThan(4);
    }

    @Test
    void isNotAMixtureOfTwoScenes() throws Exception {
        Path one = made("one.mp4", "smptehdbars=size=320x180:rate=25:duration=4");
        Path other = made("other.mp4", "gradients=size=320x180:rate=25:duration=20:speed=0.00001:seed=5");
        Path clip = media.clip(
                "crossfade.mp4",
                "-i",
                one.toString(),
                "-i",
                other.toString(),
                "-filter_complex",
                "[0:v][1:v]xfade=transition=fade:duration=3:offset=1",
                "-c:v",
                "libx264",
                "-g",
                "25");

        FolderWorkspace done = poster(media.workspace(clip)); // a tenth of 21 s is in the middle of the cross-fade

        int[] poster = media.grey(done.file("poster.jpg"), 16, 9);
        assertThat(Math.min(difference(poster, media.grey(one, 16, 9)), difference(poster, media.grey(other, 16, 9))))
                .isLessThan(5);
    }

    /** Frame n is grey n; three B-frames, a key frame every twelve. */
    @ParameterizedTest
    @CsvSource({
        "mp4, 0, 0",
        "mp4, 0.48, 12",
        "mp4, 0.519, 12",
        "mp4, 0.52, 13",
        "mp4, 1.3, 32",
        "mp4, 1.96, 49",
        "mp4, 99, 49",
        "mkv, 0.52, 13",
        "mkv, 1.44, 36",
        "ts, 0, 0",
        "ts, 0.52, 13",
        "ts, 1.9, 47"
    })
    void isExactlyTheFrameOfTheMomentAskedFor(String container, double moment, int frame) throws Exception {
        FolderWorkspace done = poster(media.workspace(counted(container), moment));

        assertThat(counted(media.grey(done.file("poster.jpg"), 1, 1)[0])).isCloseTo(frame, within(0.6));
    }

    @Test
    void aMomentAfterThePictureHasEndedShowsItsLastFrame() throws Exception {
        Path clip = media.clip(
                "longer-sound.mp4",
                "-i",
                counted("mp4").toString(),
                "-f",
                "lavfi",
                "-i",
                "sine=duration=6",
                "-c:v",
                "copy",
                "-c:a",
                "aac");

        FolderWorkspace done = poster(media.workspace(clip, 5));

        assertThat(counted(media.grey(done.file("poster.jpg"), 1, 1)[0])).isCloseTo(49, within(0.6));
    }

    @Test
    void aMomentCountsFromTheFirstFrameWhereThePictureStartsLate() throws Exception {
        Path clip = media.clip(
                "late.mkv",
                "-itsoffset",
                "1.5",
                "-i",
                counted("mp4").toString(),
                "-f",
                "lavfi",
                "-i",
                "sine=duration=4",
                "-c:v",
                "copy",
                "-c:a",
                "aac");

        FolderWorkspace done = poster(media.workspace(clip, 1));

        assertThat(counted(media.grey(done.file("poster.jpg"), 1, 1)[0])).isCloseTo(25, within(0.6));
    }

    @Test
    void standsUprightWhereTheVideoIsTurned() throws Exception {
        Path clip = made("landscape.mp4", "testsrc2=size=640x360:rate=25:duration=1");
        Path turned = media.clip("turned.mp4", "-display_rotation", "90", "-i", clip.toString(), "-c", "copy");

        JsonNode picture = media.describe(poster(media.workspace(turned)).file("poster.jpg"))
                .path("streams")
                .path(0);

        assertThat(picture.path("width").asInt()).isEqualTo(360);
        assertThat(picture.path("height").asInt()).isEqualTo(640);
    }

    @Test
    void keepsTheColours() throws Exception {
        Path clip = media.clip(
                "red.mp4",
                "-f",
                "lavfi",
                "-i",
                "color=c=0xC03010:size=1280x720:rate=25:duration=1",
                "-vf",
                "scale=out_color_matrix=bt709,format=yuv420p",
                "-colorspace",
                "bt709",
                "-c:v",
                "libx264");

        FolderWorkspace done = poster(media.workspace(clip));

        for (String picture : new String[] {"poster.jpg", "poster.webp"}) {
            int[] colour = media.colour(done.file(picture));
            assertThat(colour[0]).as(picture + " red").isCloseTo(0xC0, within(8));
            assertThat(colour[1]).as(picture + " green").isCloseTo(0x30, within(8));
            assertThat(colour[2]).as(picture + " blue").isCloseTo(0x10, within(8));
        }
    }

    static Stream<String> sounds() {
        return Stream.of("song.mp3", "song.m4a", "song.flac");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("sounds")
    void isTheCoverOfASound(String name) throws Exception {
        Path cover = media.clip(
                "cover.jpg", "-f", "lavfi", "-i", "color=c=0x2040C0:size=300x200:duration=1", "-frames:v", "1");
        Path song = media.clip(
                name,
                "-f",
                "lavfi",
                "-i",
                "sine=duration=2",
                "-i",
                cover.toString(),
                "-map",
                "0:a",
                "-map",
                "1:v",
                "-c:v",
                "copy",
                "-disposition:v",
                "attached_pic");
        assertThat(media.probe(song).video()).isEmpty();

        FolderWorkspace done = poster(media.workspace(song));

        JsonNode picture =
                media.describe(done.file("poster.jpg")).path("streams").path(0);
        assertThat(picture.path("width").asInt()).isEqualTo(300);
        assertThat(picture.path("height").asInt()).isEqualTo(200);
        assertThat(media.colour(done.file("poster.jpg"))[2]).isCloseTo(0xC0, within(12));
    }

    private static FolderWorkspace poster(FolderWorkspace workspace) throws Exception {
        assertThat(new ThumbnailStep(media.processes()).run(workspace)).isInstanceOf(StepOutcome.Succeeded.class);
        return workspace;
    }

    private static Path made(String name, String picture) throws Exception {
        return media.clip(
                name,
                "-f",
                "lavfi",
                "-i",
                picture,
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-pix_fmt",
                "yuv420p",
                "-g",
                "25");
    }

    private static Path counted(String container) throws Exception {
        Path clip = folder.resolve("counted." + container);
        return Files.exists(clip)
                ? clip
                : media.clip(
                        clip.getFileName().toString(),
                        "-f",
                        "lavfi",
                        "-i",
                        "color=black:size=64x64:rate=25:duration=2,geq=lum='16+4*N':cb=128:cr=128",
                        "-c:v",
                        "libx264",
                        "-qp",
                        "4",
                        "-bf",
                        "3",
                        "-g",
                        "12",
                        "-pix_fmt",
                        "yuv420p");
    }

    /** The number of the frame that is so grey. */
    private static double counted(int grey) {
        return grey * 219.0 / 255 / 4;
    }

    private static double difference(int[] one, int[] other) {
        double sum = 0;
        for (int at = 0; at < one.length; at++) {
            sum += Math.abs(one[at] - other[at]);
        }
        return sum / one.length;
    }
}
