package dev.claimcheck.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.HlsSubtitles;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Subtitles embedded in real files, taken out by the real ffmpeg. */
class SubtitlesTest {
    private static final String SRT = """
            1
            00:00:00,500 --> 00:00:01,200
            Hello <i>world</i> & all

            2
            00:00:02,000 --> 00:00:02,900
            {\\an8}A brace: {kept}
            next --> line

            """;
    private static final String ASS = """
            [Script Info]
            ScriptType: v4.00+

            [V4+ Styles]
            Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
            Style: Default,Arial,20,&H00FFFFFF,&H000000FF,&H00000000,&H00000000,0,0,0,0,100,100,0,0,1,2,2,2,10,10,10,1

            [Events]
            Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
            Dialogue: 0,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\pos(10,20)\\i1}Guten{\\i0} Tag,\\N<b>drei</b>
            Dialogue: 1,0:00:00.50,0:00:01.50,Default,,0,0,0,,{\\pos(10,20)\\i1}Guten{\\i0} Tag,\\N<b>drei</b>
            Dialogue: 0,0:00:00.60,0:00:01.50,Default,,0,0,0,,{\\p1}m 0 0 l 100 0 100 100{\\p0}
            """;

    @TempDir
    Path folder;

    private RealMedia media;

    @BeforeEach
    void locate() {
        media = RealMedia.in(folder);
    }

    @Test
    void bothKindsOfTextInMatroskaBecomeWebVttAndRenditions() throws Exception {
        Path clip = media.clip(
                "two.mkv",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=duration=3:size=160x90:rate=25",
                "-i",
                media.text("en.srt", SRT).toString(),
                "-i",
                media.text("de.ass", ASS).toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-map",
                "2",
                "-c:v",
                "libx264",
                "-c:s",
                "copy",
                "-metadata:s:s:0",
                "language=eng",
                "-metadata:s:s:1",
                "language=ger",
                "-metadata:s:s:1",
                "title=Für \"alle\"",
                "-disposition:s:0",
                "default",
                "-disposition:s:1",
                "forced");
        FolderWorkspace workspace = media.workspace(clip);

        JsonNode result = run(workspace);

        assertThat(workspace.text("subtitles/1-en.vtt")).isEqualTo("""
                WEBVTT

                00:00:00.500 --> 00:00:01.200
                Hello <i>world</i> &amp; all

                00:00:02.000 --> 00:00:02.900 line:0
                A brace: {kept}
                next --&gt; line
                """);
        assertThat(workspace.text("subtitles/2-de.vtt")).isEqualTo("""
                WEBVTT

                00:00:00.500 --> 00:00:01.500
                <i>Guten</i> Tag,
                &lt;b&gt;drei&lt;/b&gt;
                """);
        assertThat(workspace.text("hls/subtitles/1-en/00001.vtt"))
                .startsWith("WEBVTT\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0\n\n00:00:00.500 --> 00:00:01.200\n");
        assertThat(workspace.text("hls/subtitles/2-de/playlist.m3u8")).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:3
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXTINF:3.000,
                00001.vtt
                #EXT-X-ENDLIST
                """);
        assertThat(HlsSubtitles.mediaLines(SubtitlesStep.tracks(result))).isEqualTo("""
                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="English",LANGUAGE="en",DEFAULT=YES,AUTOSELECT=YES,FORCED=NO,URI="subtitles/1-en/playlist.m3u8"
                #EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="subtitles",NAME="Für 'alle'",LANGUAGE="de",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI="subtitles/2-de/playlist.m3u8"
                """);
    }

    @Test
    void timesCountFromTheFirstFrameWhereThePictureStartsLate() throws Exception {
        Path clip = media.clip(
                "late.mp4",
                "-itsoffset",
                "0.4",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=duration=3:size=160x90:rate=25",
                "-f",
                "lavfi",
                "-i",
                "sine=duration=3",
                "-i",
                media.text("en.srt", SRT).toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-map",
                "2",
                "-c:v",
                "libx264",
                "-c:a",
                "aac",
                "-c:s",
                "mov_text");
        FolderWorkspace workspace = media.workspace(clip);

        JsonNode result = run(workspace);

        assertThat(result.path("tracks").path(0).path("language").asString()).isEqualTo("und");
        assertThat(workspace.text("subtitles/1-und.vtt"))
                .contains("00:00:00.100 --> 00:00:00.800\nHello <i>world</i> &amp; all\n")
                .contains("00:00:01.600 --> 00:00:02.500\nA brace: {kept}\n");
    }

    @Test
    void aTrackWithoutWordsIsLeftOut() throws Exception {
        String drawing =
                ASS.lines().filter(line -> !line.contains("Guten")).reduce("", (all, line) -> all + line + "\n");
        Path clip = media.clip(
                "drawing.mkv",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=duration=3:size=160x90:rate=25",
                "-i",
                media.text("drawing.ass", drawing).toString(),
                "-map",
                "0",
                "-map",
                "1",
                "-c:v",
                "libx264",
                "-c:s",
                "copy");

        JsonNode result = run(media.workspace(clip));

        assertThat(result.path("tracks")).isEmpty();
        assertThat(result.path("left_out").path(0).path("reason").asString()).isEqualTo("empty");
    }

    private JsonNode run(FolderWorkspace workspace) throws Exception {
        StepOutcome outcome = new SubtitlesStep(media.processes()).run(workspace);
        assertThat(outcome).isInstanceOf(StepOutcome.Succeeded.class);
        assertThat(((StepOutcome.Succeeded) outcome)
                        .outputs().stream()
                                .map(dev.claimcheck.job.Output::contentType)
                                .distinct()
                                .toList())
                .isSubsetOf(List.of("text/vtt", "application/vnd.apple.mpegurl"));
        return ((StepOutcome.Succeeded) outcome).result();
    }
}
