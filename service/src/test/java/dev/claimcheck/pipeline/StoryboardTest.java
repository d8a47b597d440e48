package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Piece;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Storyboards and waveforms of real finished tracks by the real ffmpeg. */
class StoryboardTest {
    private static final Pattern CUE = Pattern.compile(
            "(\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3}) --> (\\d\\d):(\\d\\d):(\\d\\d\\.\\d{3})\n(\\d{3}\\.jpg)#xywh=(\\d+),(\\d+),(\\d+),(\\d+)\n");

    @TempDir
    Path folder;

    @Test
    void everyTileShowsTheMiddleOfItsTime() throws Exception {
        RealMedia media = RealMedia.in(folder);
        // As bright as the second that it is shown at, of fifty; 112.4 s make five sheets, the last one of 5 by 3
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
                        Tuple.tuple("storyboard/001.jpg", "image/jpeg"),
                        Tuple.tuple("storyboard/002.jpg", "image/jpeg"),
                        Tuple.tuple("storyboard/003.jpg", "image/jpeg"),
                        Tuple.tuple("storyboard/004.jpg", "image/jpeg"),
                        Tuple.tuple("storyboard/005.jpg", "image/jpeg"));
        assertThat(((StepOutcome.Succeeded) outcome).outputs())
                .extracting("path", "contentType")
                .containsExactly(Tuple.tuple("storyboard/storyboard.vtt", "text/vtt"));
        Map<String, BufferedImage> sheets = new HashMap<>();
        for (int number = 1; number <= 5; number++) {
            String name = "00" + number + ".jpg";
            sheets.put(name, ImageIO.read(workspace.file("storyboard/" + name).toFile()));
            assertThat(List.of(sheets.get(name).getWidth(), sheets.get(name).getHeight()))
                    .containsExactly(800, number == 5 ? 270 : 450);
        }
        String index = workspace.text("storyboard/storyboard.vtt");
        assertThat(index).startsWith("WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n001.jpg#xywh=0,0,160,90\n\n");
        assertThat(index).endsWith("\n\n00:01:52.000 --> 00:01:52.400\n005.jpg#xywh=320,180,160,90\n");
        List<MatchResult> cues = CUE.matcher(index).results().toList();
        assertThat(cues).hasSize(113);
        for (int tile = 0; tile < cues.size(); tile++) {
            MatchResult cue = cues.get(tile);
            BufferedImage sheet = Optional.ofNullable(sheets.get(cue.group(7))).orElseThrow();
            int x = Integer.parseInt(cue.group(8)) + Integer.parseInt(cue.group(10)) / 2;
            int y = Integer.parseInt(cue.group(9)) + Integer.parseInt(cue.group(11)) / 2;
            double brightness = (sheet.getRGB(x, y) & 0xFF) * 219.0 / 255 / 4;
            assertThat(brightness).as("second (of 50) shown in tile %d", tile).isCloseTo(tile % 50, within(0.6));
            assertThat(Integer.parseInt(cue.group(2)) * 60 + Double.parseDouble(cue.group(3)))
                    .isEqualTo(tile);
        }
    }

    /** Each from its pieces alone, while others are not there yet; and then the last step makes no sheet again. */
    @Test
    void aSheetMadeAloneIsThatOfTheWhole() throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip(
                "pieces.mp4",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=size=320x180:rate=5:duration=60",
                "-c:v",
                "libx264",
                "-g",
                "35",
                "-sc_threshold",
                "0",
                "-pix_fmt",
                "yuv420p");
        FolderWorkspace whole = media.workspace(clip);
        media.transcodedInPieces(whole, clip, 7);
        assertThat(new StoryboardStep(media.processes()).run(whole)).isInstanceOf(StepOutcome.Succeeded.class);

        FolderWorkspace parts = media.workspace(clip);
        media.transcodedInPieces(parts, clip, 7);
        for (int sheet : new int[] {2, 3, 1}) {
            int first = (sheet - 1) * 25 / 7 + 1;
            int last = Math.min(9, (sheet * 25 - 1) / 7 + 1);
            for (int piece = 1; piece <= 9; piece++) {
                boolean needed = piece >= first && piece <= last;
                Path file = parts.file("hls/180p/0000" + piece + ".m4s");
                byte[] bytes = Files.readAllBytes(whole.file("hls/180p/0000" + piece + ".m4s"));
                Files.write(file, needed ? bytes : new byte[bytes.length]); // What is not needed is not read.
            }
            StepOutcome outcome = new StoryboardSheetStep(media.processes()).run(sheet(parts, sheet));
            assertThat(((StepOutcome.Succeeded) outcome).products()).hasSize(1);
            String path = "storyboard/00" + sheet + ".jpg";
            assertThat(parts.file(path)).hasSameBinaryContentAs(whole.file(path));
        }
        StepOutcome last = new StoryboardStep(media.processes()).run(parts);
        assertThat(((StepOutcome.Succeeded) last).products()).isEmpty();
        assertThat(parts.text("storyboard/storyboard.vtt")).isEqualTo(whole.text("storyboard/storyboard.vtt"));
    }

    /** Of a damaged source. */
    @Test
    void aSheetWhoseBeginningIsNotThereYetIsLeftForTheEnd() throws Exception {
        RealMedia media = RealMedia.in(folder);
        Path clip = media.clip("late.mp4", "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5:duration=30");
        FolderWorkspace workspace = media.workspace(clip);
        Picture.Track size = new Picture.Track("180p", 320, 180, "avc1", "", List.of(1L));
        ObjectNode result = JsonMapper.shared().createObjectNode();
        Picture late = new Picture(List.of(new Piece(3, 8, 4, 20, 4)), List.of(size), false, false);
        result.set("picture", JsonMapper.shared().valueToTree(late));
        workspace.withResult("transcode/002", result);

        StepOutcome outcome = new StoryboardSheetStep(media.processes()).run(sheet(workspace, 1));

        assertThat(((StepOutcome.Succeeded) outcome).products()).isEmpty();
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
                "sine=duration=28.5",
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
                .as("25 tiles of 90 by 160")
                .containsExactly(450, 800);
        assertThat(sheet.getRGB(135, 240) & 0xFF).isGreaterThan(230);
        BufferedImage behind = ImageIO.read(workspace.file("storyboard/002.jpg").toFile());
        assertThat(List.of(behind.getWidth(), behind.getHeight())).as("4 tiles").containsExactly(360, 160);
        assertThat(behind.getRGB(315, 80) & 0xFF).isGreaterThan(230);
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

        var json = JsonMapper.shared().readTree(workspace.text("waveform.json"));
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

    /** The next step in that workspace: a sheet alone. */
    private static FolderWorkspace sheet(FolderWorkspace workspace, int number) {
        ObjectNode spec = (ObjectNode) workspace.step().spec().deepCopy();
        return workspace.next(spec.put("sheet", number));
    }
}
