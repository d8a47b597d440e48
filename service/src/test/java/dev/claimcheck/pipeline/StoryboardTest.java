package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Storyboards and waveforms of real finished tracks by the real ffmpeg. */
class StoryboardTest {
    private static final Pattern CUE = Pattern.compile(
            "(\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3}) --> (\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3})\n(\\d{3}\\.jpg)#xywh=(\\d+),(\\d+),(\\d+),(\\d+)\n");

    @TempDir
    Path folder;

    @Test
    void everyTileShowsTheMiddleOfItsTime() throws Exception {
        RealMedia media = RealMedia.in(folder);
        // As bright as the second that it is shown at, of fifty; 112.4 s make two sheets, the second one of 10 by 2
        // tiles.
        Path clip = media.clip(
                "grey.mp4",
                "-f",
                "lavfi",
                "-i",
                "color=black:size=320x180:rate=5:duration=112.4,geq=lum='16+4*mod(floor(T+0.001),50)':cb=128:cr=128",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-bf",
                "2",
                "-pix_fmt",
                "yuv420p");
        FolderWorkspace workspace = media.workspace(clip);
        media.transcoded(workspace, clip, true, false);

        StepOutcome outcome = new StoryboardStep(media.processes()).run(workspace);

        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        assertThat(((StepOutcome.Succeeded) outcome).products())
                .flatExtracting(Product::outputs)
                .extracting("path", "contentType")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("storyboard/001.jpg", "image/jpeg"),
                        org.assertj.core.groups.Tuple.tuple("storyboard/002.jpg", "image/jpeg"),
                        org.assertj.core.groups.Tuple.tuple("storyboard/storyboard.vtt", "text/vtt"));
        BufferedImage first = ImageIO.read(workspace.file("storyboard/001.jpg").toFile());
        BufferedImage second = ImageIO.read(workspace.file("storyboard/002.jpg").toFile());
        assertThat(List.of(first.getWidth(), first.getHeight(), second.getWidth(), second.getHeight()))
                .containsExactly(1600, 900, 1600, 180);
        String index = workspace.text("storyboard/storyboard.vtt");
        assertThat(index).startsWith("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n001.jpg#xywh=0,0,160,90\n\n");
        assertThat(index).endsWith("\n\n00:01:52.000 --> 00:01:52.400\n002.jpg#xywh=320,90,160,90\n");
        List<MatchResult> cues = CUE.matcher(index).results().toList();
        assertThat(cues).hasSize(113);
        for (int tile = 0; tile < cues.size(); tile++) {
            MatchResult cue = cues.get(tile);
            BufferedImage sheet = cue.group(7).equals("001.jpg") ? first : second;
            int x = Integer.parseInt(cue.group(8)) + Integer.parseInt(cue.group(10)) / 2;
            int y = Integer.parseInt(cue.group(9)) + Integer.parseInt(cue.group(11)) / 2;
            double brightness = (sheet.getRGB(x, y) & 0xFF) * 219.0 / 255 / 4;
            assertThat(brightness).as("second (of 50) shown in tile %d", tile).isCloseTo(tile % 50, within(0.6));
            assertThat(Integer.parseInt(cue.group(2)) * 60 + Double.parseDouble(cue.group(3)))
                    .isEqualTo(tile);
        }
    }

    @Test
    void whereTheSoundIsLongerTheLastPictureStays() throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip(
                "longer.mp4",
                "-f",
                "lavfi",
                "-i",
                "color=white:size=180x320:rate=25:duration=2",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=6.5",
                "-c:v",
                "libx264",
                "-pix_fmt",
                "yuv420p",
                "-c:a",
                "aac");
        FolderWorkspace workspace = media.workspace(clip);
        media.transcoded(workspace, clip, true, true);

        assertThat(new StoryboardStep(media.processes()).run(workspace)).isInstanceOf(StepOutcome.Succeeded.class);

        BufferedImage sheet = ImageIO.read(workspace.file("storyboard/001.jpg").toFile());
        assertThat(List.of(sheet.getWidth(), sheet.getHeight()))
                .as("7 tiles of 90 by 160")
                .containsExactly(630, 160);
        assertThat(sheet.getRGB(600, 80) & 0xFF).isGreaterThan(230);
    }

    @Test
    void theWaveformIsLoudWhereTheSoundIs() throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip(
                "sound.m4a",
                "-f",
                "lavfi",
                "-i",
                "sine=frequency=300:sample_rate=48000:duration=4,volume='if(between(t,1,2),4,0)':eval=frame",
                "-c:a",
                "aac");
        FolderWorkspace workspace = media.workspace(clip);
        media.transcoded(workspace, clip, false, true);

        assertThat(new WaveformStep(media.processes()).run(workspace)).isInstanceOf(StepOutcome.Succeeded.class);

        var json = tools.jackson.databind.json.JsonMapper.shared().readTree(workspace.text("waveform.json"));
        assertThat(json.path("version").asInt()).isEqualTo(2);
        assertThat(json.path("channels").asInt()).isEqualTo(1);
        assertThat(json.path("sample_rate").asInt()).isEqualTo(48_000);
        assertThat(json.path("samples_per_pixel").asInt()).isEqualTo(2_400);
        assertThat(json.path("bits").asInt()).isEqualTo(8);
        int length = json.path("length").asInt();
        assertThat(length).isBetween(80, 82);
        assertThat(json.path("data").size()).isEqualTo(2 * length);
        for (int point = 0; point < 80; point++) {
            int low = json.path("data").path(2 * point).asInt();
            int high = json.path("data").path(2 * point + 1).asInt();
            double seconds = point / 20.0;
            if (seconds > 1.1 && seconds < 1.9) {
                assertThat(low).as("lowest at %s", seconds).isBetween(-80, -50);
                assertThat(high).as("highest at %s", seconds).isBetween(50, 80);
            } else if (seconds < 0.9 || seconds > 2.1) {
                assertThat(high - low).as("height at %s", seconds).isLessThan(4);
            }
        }
    }
}
