package dev.claimcheck.media;

import static dev.claimcheck.media.UsualSource.video;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.WebVtt.Cue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Subtitles and storyboards as text. */
class WebVttTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain | plain",
                "{\\i1}a{\\i0} b | <i>a</i> b",
                "{\\b1\\i1}a{\\b0}b | <b><i>a</i></b><i>b</i>",
                "{\\b700}a{\\r}b | <b>a</b>b",
                "{\\i1}a\\Nb | <i>a</i>/<i>b</i>",
                "a\\N\\N{\\i1} \\Nb | a/<i>b</i>",
                "{\\p1}m 0 0 l 1 1{\\p0}words | words",
                "{\\p1}m 0 0 l 1 1 | ''",
                "{\\pos(1,2)\\bord2\\blur3\\iclip(1,2,3,4)\\1c&HFF&}a | a",
                "<script>&lt; --> | &lt;script&gt;&amp;lt; --&gt;",
                "{a comment}a | a",
                "unclosed {\\i1 | unclosed {\\i1",
                "a\\hb | a\u00a0b",
                "\\{a\\} | {a}",
            })
    void styledTextBecomesCueText(String event, String expected) {
        assertThat(AssText.of(event, true).text())
                .isEqualTo(expected.replace('/', '\n').replace("<\n", "</"));
    }

    @Test
    void bracesOfPlainTextStay() {
        assertThat(AssText.of("{kept} {\\an8}top", false)).isEqualTo(new AssText("{kept} top", true));
    }

    @Test
    void hostileTextIsBounded() {
        assertThat(AssText.of("{\\i1}x{\\i0}y".repeat(1_000_000), true).text().length())
                .isLessThan(20_000);
    }

    @Test
    void cuesAreInOrderOnceAndWithinTheVideo() throws Exception {
        Path file = Files.writeString(folder.resolve("a.ass"), """
                [Events]
                Dialogue: 0,0:00:15.00,0:00:16.00,Default,,0,0,0,,second
                Dialogue: 0,0:00:09.00,0:00:11.50,Default,,0,0,0,,from before, with a comma
                Dialogue: 1,0:00:15.00,0:00:16.00,Other,,0,0,0,,second
                Dialogue: 0,0:00:19.00,0:00:30.00,Default,,0,0,0,,over the end
                Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,over by then
                Dialogue: 0,0:00:16.00,0:00:15.00,Default,,0,0,0,,backwards
                Dialogue: 0,99999:00:16.00,x,Default,,0,0,0,,nonsense
                Dialogue: short
                """);

        assertThat(SubtitleReader.read(file, true, 10, 10))
                .containsExactly(
                        new Cue(0, 1_500, false, "from before, with a comma"),
                        new Cue(5_000, 6_000, false, "second"),
                        new Cue(9_000, 10_000, false, "over the end"));
    }

    @Test
    void aCueOverASeamIsInBothSegments() {
        List<Cue> cues = List.of(
                new Cue(1_000, 2_000, false, "one"),
                new Cue(59_000, 61_000, true, "both"),
                new Cue(60_000, 62_000, false, "two"));

        assertThat(WebVtt.segment(cues, 0, 60_000)).isEqualTo("""
                WEBVTT
                X-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:0

                00:00:01.000 --> 00:00:02.000
                one

                00:00:59.000 --> 00:01:01.000 line:0
                both
                """);
        assertThat(WebVtt.segment(cues, 60_000, 70_000)).contains("both", "two").doesNotContain("one");
    }

    @Test
    void segmentsCoverTheVideoAndAreNeverTooMany() {
        assertThat(HlsSubtitles.segments(150.5))
                .containsExactly(
                        new HlsSubtitles.Segment("00001.vtt", 0, 60_000),
                        new HlsSubtitles.Segment("00002.vtt", 60_000, 120_000),
                        new HlsSubtitles.Segment("00003.vtt", 120_000, 150_500));
        assertThat(HlsSubtitles.segments(12 * 3600)).hasSize(120);
        assertThat(HlsSubtitles.media(HlsSubtitles.segments(150.5))).isEqualTo("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:60
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXTINF:60.000,
                00001.vtt
                #EXTINF:60.000,
                00002.vtt
                #EXTINF:30.500,
                00003.vtt
                #EXT-X-ENDLIST
                """);
    }

    @ParameterizedTest
    @CsvSource({
        "eng, en",
        "ger, de",
        "deu, de",
        "fre, fr",
        "chi, zh",
        "fil, fil",
        "pt-br, pt-BR",
        "zh_Hant, zh-Hant",
        "en, en",
        "'', und",
        "und, und",
        "mul, und",
        "english, und",
        "../../etc, und",
        "en-!!!, en",
        "x, und"
    })
    void languagesAreWrittenAsTheWebDoes(String said, String tag) {
        assertThat(LanguageTag.of(said)).isEqualTo(tag);
    }

    @Test
    void namesOfTracksAreUniqueAndCannotBreakAPlaylist() {
        List<SubtitleTrack> tracks = SubtitleTrack.of(List.of(
                        new SubtitleStream(2, "subrip", "eng", "", true, false, false),
                        new SubtitleStream(3, "hdmv_pgs_subtitle", "eng", "", true, false, false),
                        new SubtitleStream(4, "ass", "eng", "", true, false, false),
                        new SubtitleStream(5, "mov_text", "", "evil\"\r\n#EXT-X", false, true, false),
                        new SubtitleStream(6, "webvtt", "fra", "", false, false, true)))
                .stream()
                .map(SubtitleTrack.Source::track)
                .toList();

        assertThat(tracks)
                .containsExactly(
                        new SubtitleTrack("1-en", "en", "English", true, false, false),
                        new SubtitleTrack("2-en", "en", "English (2)", false, false, false),
                        new SubtitleTrack("3-und", "und", "evil' #EXT-X", false, true, false),
                        new SubtitleTrack("4-fr", "fr", "French (SDH)", false, false, true));
        assertThat(HlsSubtitles.mediaLines(tracks).lines().skip(2))
                .containsExactly(
                        "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"evil' #EXT-X\",DEFAULT=NO,AUTOSELECT=YES,FORCED=YES,URI=\"subtitles/3-und/playlist.m3u8\"",
                        "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"subtitles\",NAME=\"French (SDH)\",LANGUAGE=\"fr\",DEFAULT=NO,AUTOSELECT=YES,FORCED=NO,"
                                + "CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound\","
                                + "URI=\"subtitles/4-fr/playlist.m3u8\"");
    }

    @ParameterizedTest
    @CsvSource({
        "0.2, 1, 1, 1",
        "1.0004, 1, 1, 1",
        "10, 1, 10, 1",
        "10.4, 1, 11, 1",
        "25.1, 1, 26, 2",
        "360, 1, 360, 15",
        "361, 2, 181, 8",
        "3600, 10, 360, 15",
        "43200, 120, 360, 15"
    })
    void aStoryboardHasATileASecondOrAtMost360(double seconds, int interval, int tiles, int sheets) {
        Storyboard storyboard = Storyboard.of(video(1920, 1080), seconds);

        assertThat(storyboard.interval()).isEqualTo(interval);
        assertThat(storyboard.tiles()).isEqualTo(tiles);
        assertThat(storyboard.sheets()).hasSize(sheets);
        assertThat(storyboard
                        .webVtt()
                        .lines()
                        .filter(line -> line.contains("-->"))
                        .distinct())
                .hasSize(tiles)
                .allSatisfy(line -> assertThat(line.substring(0, 12)).isLessThan(line.substring(line.length() - 12)));
    }

    @Test
    void tilesKeepTheShapeInEvenSizes() {
        assertThat(Storyboard.of(video(1920, 1080), 1))
                .extracting("width", "height")
                .containsExactly(160, 90);
        assertThat(Storyboard.of(video(1080, 1920), 1))
                .extracting("width", "height")
                .containsExactly(90, 160);
        assertThat(Storyboard.of(video(4000, 20), 1))
                .extracting("width", "height")
                .containsExactly(160, 2);
    }
}
