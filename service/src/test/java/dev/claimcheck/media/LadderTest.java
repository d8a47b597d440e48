package dev.claimcheck.media;

import static dev.claimcheck.media.UsualSource.video;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LadderTest {
    @Test
    void neverScalesUpAndKeepsTheShape() {
        assertThat(sizes(1920, 1080)).containsExactly("1920x1080", "1280x720", "854x480", "640x360");
        assertThat(sizes(1280, 720)).containsExactly("1280x720", "854x480", "640x360");
        assertThat(sizes(320, 180)).containsExactly("320x180");
        assertThat(sizes(640, 360)).containsExactly("640x360", "426x240");
    }

    @Test
    void treatsAPortraitAsItsLandscapeTwin() {
        assertThat(sizes(1080, 1920)).containsExactly("1080x1920", "720x1280", "480x854", "360x640");
    }

    @Test
    void makesOddSizesEven() {
        assertThat(sizes(127, 95)).containsExactly("128x96");
    }

    /** Half a pixel too much before it is made even would be two in the end: 428. */
    @Test
    void roundsOnceWherePixelsAreNotSquare() {
        VideoStream wide = new VideoStream(
                0,
                "h264",
                320,
                240,
                427,
                240,
                320 * (4 / 3.0) / 240,
                0,
                25,
                0,
                2,
                "yuv420p",
                "progressive",
                "",
                "",
                "",
                "",
                0);
        assertThat(Ladder.of(wide).getFirst())
                .extracting(Rendition::width, Rendition::height)
                .containsExactly(426, 240);
        VideoStream upright = new VideoStream(
                0,
                "h264",
                320,
                240,
                240,
                427,
                240 / (320 * (4 / 3.0)),
                90,
                25,
                0,
                2,
                "yuv420p",
                "progressive",
                "",
                "",
                "",
                "",
                0);
        assertThat(Ladder.of(upright).getFirst())
                .extracting(Rendition::width, Rendition::height)
                .containsExactly(240, 426);
    }

    @Test
    void givesAnUnusualSizeARenditionOfItsOwn() {
        assertThat(sizes(1700, 900)).startsWith("1700x900", "1360x720");
        assertThat(sizes(7680, 4320)).startsWith("3840x2160").doesNotContain("7680x4320");
    }

    @Test
    void theTranscodeCommandIsExactlyThis() {
        VideoStream video = video(640, 360);
        SourceInfo source = new SourceInfo(
                "mov",
                "mov,mp4",
                10,
                1000,
                800,
                Optional.of(video),
                List.of(new AudioStream(1, "aac", 2, "stereo", 44_100, 128_000, "")),
                1,
                List.of(),
                Optional.empty());

        assertThat(TranscodeCommand.arguments(
                        TranscodeTask.inOneGo(
                                        source, Profiles.builtIn().find("web").orElseThrow())
                                .of(
                                        Optional.empty(),
                                        List.of(new Rendition("360p", 640, 360, 960_000)),
                                        TranscodeTask.Sound.WHOLE),
                        new MediaInput.LocalFile(Path.of("/in/source")),
                        Optional.empty()))
                .containsExactly(
                        "-nostdin",
                        "-y",
                        "-hide_banner",
                        "-loglevel",
                        "warning",
                        "-nostats",
                        "-progress",
                        "pipe:1",
                        "-stats_period",
                        "0.5",
                        "-protocol_whitelist",
                        "file",
                        "-format_whitelist",
                        "mov",
                        "-copyts",
                        "-f",
                        "mov",
                        "-i",
                        "file:/in/source",
                        "-filter_complex",
                        "[0:0]setpts=PTS-STARTPTS,split=1[s0];[s0]scale=w=640:h=360:flags=bicubic:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p,"
                                + "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv[v0]",
                        "-map",
                        "[v0]",
                        "-fps_mode",
                        "passthrough",
                        "-enc_time_base",
                        "1:90000",
                        "-c:v",
                        "libx264",
                        "-preset",
                        "veryfast",
                        "-crf",
                        "22",
                        "-maxrate",
                        "960000",
                        "-bufsize",
                        "1920000",
                        "-rc_init_occupancy",
                        "1248000",
                        "-g",
                        "1000",
                        "-threads",
                        "1",
                        "-tag:v",
                        "avc1",
                        "-profile:v",
                        "high",
                        "-level:v",
                        "30",
                        "-coder",
                        "cabac",
                        "-8x8dct",
                        "1",
                        "-sc_threshold",
                        "0",
                        "-flags",
                        "+cgop",
                        "-forced-idr",
                        "1",
                        "-force_key_frames",
                        "expr:gte(t,n_forced*4)",
                        "-threads",
                        "0",
                        "-map_metadata",
                        "-1",
                        "-map_chapters",
                        "-1",
                        "-fflags",
                        "+bitexact",
                        "-f",
                        "mp4",
                        "-movflags",
                        "+cmaf+frag_keyframe+frag_discont",
                        "-video_track_timescale",
                        "90000",
                        "video-360p.mp4",
                        "-map",
                        "0:1",
                        "-af",
                        "asetpts=PTS-(0.000000)/TB,aresample=48000:async=1:first_pts=0",
                        "-ac",
                        "2",
                        "-c:a",
                        "aac",
                        "-b:a",
                        "160000",
                        "-bsf:a",
                        "noise=drop=lt(pts\\,0)",
                        "-map_metadata",
                        "-1",
                        "-map_chapters",
                        "-1",
                        "-fflags",
                        "+bitexact",
                        "-f",
                        "mp4",
                        "-movflags",
                        "+cmaf+frag_discont",
                        "-frag_duration",
                        "4000000",
                        "audio.mp4");
    }

    @Test
    void theUsefulLineSaysTheCauseWithoutOurPaths() {
        ErrorOutput output = new ErrorOutput();
        output.add("[mov,mp4 @ 0x55d0c0ffee] moov atom not found");
        output.add("Error opening input files: Invalid data found when processing input");
        output.add("Conversion failed!");

        assertThat(output.usefulLine()).isEqualTo("[mov,mp4] moov atom not found");
        ErrorOutput path = new ErrorOutput();
        path.add("file:/var/lib/claimcheck/objects/sources/0190: No such file or directory");
        assertThat(path.usefulLine()).doesNotContain("/var/lib");
    }

    @Test
    void onlyContentDecidesWhatAFileIs() {
        assertThat(ContentSniffer.kind("#EXTM3U\n".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isInstanceOf(ContentSniffer.Kind.NoVideo.class);
        assertThat(ContentSniffer.kind("RIFF....AVI LIST".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .isEqualTo(new ContentSniffer.Kind.Container("avi"));
        assertThat(ContentSniffer.kind("\0\0\0\30ftypisom".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isEqualTo(new ContentSniffer.Kind.Container("mov"));
        assertThat(ContentSniffer.kind("\0\0\0\30ftypheic".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)))
                .isInstanceOf(ContentSniffer.Kind.NoVideo.class);
    }

    private static List<String> sizes(int width, int height) {
        return Ladder.of(video(width, height)).stream()
                .map(one -> one.width() + "x" + one.height())
                .toList();
    }
}
