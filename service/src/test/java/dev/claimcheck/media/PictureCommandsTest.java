package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.media.PosterCommand.Lookback;
import dev.claimcheck.media.PosterCommand.Size;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The whole argument list of every command that makes pictures, subtitles and waveforms. */
class PictureCommandsTest {
    private static final VideoStream PICTURE = picture("progressive");
    private static final MediaInput FILE = new MediaInput.LocalFile(Path.of("/in/source"));
    private static final String BEGINNING = "-nostdin -y -hide_banner -loglevel warning -nostats -progress pipe:1";
    private static final String INPUT = "-protocol_whitelist file -format_whitelist mov -f mov -i file:/in/source";
    private static final String SIZED =
            "scale=w=1280:h=720:flags=bicubic:in_color_matrix=bt709:out_color_matrix=bt709:out_range=tv,setsar=1,format=yuv420p,"
                    + "setparams=color_primaries=bt709:color_trc=bt709:colorspace=bt709:range=tv";

    @Test
    void candidatesAreReadFromAKeyFrameOn() {
        assertThat(words(PosterCommand.candidates(source(), PICTURE, FILE, 360)))
                .isEqualTo(BEGINNING + " -noaccurate_seek -ss 360.000000 " + INPUT
                        + " -filter_complex [0:2]setpts=PTS-STARTPTS,fps=15," + SIZED
                        + ",split=2[frames][small];[small]scale=w=160:h=90:flags=area:out_range=pc,format=gray[measure]"
                        + " -map [frames] -frames:v 9 -c:v rawvideo -f rawvideo frames.yuv"
                        + " -map [measure] -frames:v 9 -c:v rawvideo -f rawvideo measure.gray");
        assertThat(PosterCommand.candidates(source(), PICTURE, FILE, 0)).doesNotContain("-ss");
        assertThat(words(PosterCommand.candidates(source(), picture("tt"), FILE, 0)))
                .contains("[0:2]bwdif=mode=send_frame:deint=interlaced,setpts=PTS-STARTPTS,fps=15,");
    }

    @Test
    void aMomentIsSoughtOnTheSourcesOwnClockWithSomeFramesBefore() {
        assertThat(words(PosterCommand.moment(source(), PICTURE, FILE, 60, Lookback.NEAR)))
                .isEqualTo(BEGINNING + " -copyts -seek_timestamp 1 -noaccurate_seek -ss 61.000000 " + INPUT
                        + " -map 0:2 -vf trim=start=61.000000:end=61.501000," + SIZED
                        + " -fps_mode passthrough -c:v rawvideo -f image2 -update 1 frames.yuv");
        assertThat(words(PosterCommand.moment(source(), PICTURE, FILE, 60, Lookback.FAR)))
                .contains(" -ss 31.500000 ", "trim=start=31.500000:end=61.501000,");
        assertThat(words(PosterCommand.moment(source(), PICTURE, FILE, 60, Lookback.WHOLE)))
                .contains(" -vf trim=end=61.501000,")
                .doesNotContain("-ss");
        assertThat(words(PosterCommand.moment(source(), PICTURE, FILE, 0.2, Lookback.NEAR)))
                .contains(" -vf trim=end=1.701000,")
                .doesNotContain("-ss");
    }

    @Test
    void aCoverIsItsOnePicture() {
        assertThat(words(PosterCommand.cover(source(), PICTURE, FILE)))
                .isEqualTo(BEGINNING + " " + INPUT + " -map 0:2 -vf " + SIZED
                        + " -frames:v 1 -c:v rawvideo -f rawvideo frames.yuv");
    }

    @Test
    void theChosenFrameIsWrittenInTheColoursOfEachForm() {
        String raw =
                " -protocol_whitelist file -f rawvideo -pixel_format yuv420p -video_size 1280x720 -i file:chosen.yuv"
                        + " -vf select=eq(n\\,4),scale=flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=bt709:in_range=tv:";
        assertThat(words(PosterCommand.jpeg(new Size(1280, 720), 4, "poster.jpg")))
                .isEqualTo(
                        BEGINNING + raw
                                + "out_color_matrix=bt601:out_range=pc,format=yuvj420p -frames:v 1 -c:v mjpeg -q:v 3 -f image2 -update 1 poster.jpg");
        assertThat(words(PosterCommand.webp(new Size(1280, 720), 4, "poster.webp")))
                .isEqualTo(
                        BEGINNING + raw
                                + "out_color_matrix=bt601:out_range=tv,format=yuv420p -frames:v 1 -c:v libwebp -quality 82 -f image2 -update 1 poster.webp");
    }

    @Test
    void aPosterIsNeverLargerThanTheVideo() {
        assertThat(Size.of(PICTURE)).isEqualTo(new Size(1280, 720));
        assertThat(Size.of(new VideoStream(
                        0, "h264", 127, 95, 127, 95, 0, 30, 0, "yuv420p", "progressive", "", "", "", "", 0)))
                .isEqualTo(new Size(128, 96));
    }

    @Test
    void aSheetOfTheStoryboardIsMadeFromItsStretchAtTheTimesOfTheVideo() {
        String beginning = BEGINNING
                + " -copyts -threads 1 -skip_frame noref -protocol_whitelist file -format_whitelist mov -f mov -i file:track.mp4 -map 0:v:0 -vf ";
        String tiles =
                "scale=w=160:h=90:flags=bicubic+accurate_rnd:in_color_matrix=bt709:out_color_matrix=bt601:out_range=pc,setsar=1,format=yuvj420p,";
        String ending = " -fps_mode passthrough -frames:v 1 -c:v mjpeg -q:v 4 -f image2 -update 1 ";
        Storyboard storyboard = Storyboard.of(PICTURE, 480);
        List<Storyboard.Sheet> sheets = storyboard.sheets();
        assertThat(sheets).hasSize(10);
        assertThat(words(storyboard.arguments(sheets.get(1), "track.mp4")))
                .isEqualTo(beginning + "setpts=max(PTS\\,50/TB+N),fps=fps=1/2:start_time=50:round=near:eof_action=pass,"
                        + tiles + "tpad=stop_mode=clone:stop=25,trim=end_frame=25,tile=5x5" + ending + "002.jpg");
        assertThat(words(storyboard.arguments(sheets.getLast(), "track.mp4")))
                .contains("start_time=450:", "stop=15,trim=end_frame=15,tile=5x3")
                .endsWith("010.jpg");
        Storyboard hour = Storyboard.of(PICTURE, 3_600);
        assertThat(words(hour.arguments(hour.sheets().getFirst(), "track.mp4")))
                .as("tiles ten seconds apart show keyframes")
                .contains("-skip_frame nokey", "fps=1/10:");
        Storyboard brief = Storyboard.of(PICTURE, 3.2);
        assertThat(words(brief.arguments(brief.sheets().getFirst(), "track.mp4")))
                .contains("start_time=0:", "trim=end_frame=4,tile=4x1");
        assertThat(List.of(storyboard.start(sheets.get(1)), storyboard.end(sheets.get(1))))
                .containsExactly(50.0, 100.0);
        assertThat(brief.end(brief.sheets().getFirst())).isEqualTo(3.2);
    }

    @Test
    void subtitlesAreTakenOutInOneReadingAndBounded() {
        List<SubtitleStream> streams = List.of(
                new SubtitleStream(3, "subrip", "eng", "", false, false, false),
                new SubtitleStream(5, "ass", "ger", "", false, false, false));

        assertThat(words(SubtitleCommand.arguments(source(), FILE, streams)))
                .isEqualTo(BEGINNING
                        + " -protocol_whitelist file -format_whitelist mov -copyts -f mov -i file:/in/source"
                        + " -map 0:3 -map_metadata -1 -c:s ass -fs 8000000 -f ass subtitles-3.ass"
                        + " -map 0:5 -map_metadata -1 -c:s ass -fs 8000000 -f ass subtitles-5.ass");
    }

    @Test
    void aWaveformHasTwentyPointsASecondAndNeverMoreThan36000() {
        assertThat(words(Waveform.of(60).arguments("sound.mp4")))
                .isEqualTo(BEGINNING
                        + " -protocol_whitelist file -format_whitelist mov -f mov -i file:sound.mp4 -map 0:a:0 -af aresample=48000,"
                        + "aformat=sample_fmts=fltp:channel_layouts=mono,asetnsamples=n=2400:p=0,"
                        + "astats=metadata=1:reset=1:measure_perchannel=none:measure_overall=Min_level+Max_level,"
                        + "ametadata=mode=print:key=lavfi.astats.Overall.Min_level:file=lowest.txt,"
                        + "ametadata=mode=print:key=lavfi.astats.Overall.Max_level:file=highest.txt -f null -");
        assertThat(Waveform.of(12 * 3600).samplesPerPoint()).isEqualTo(57_600);
    }

    private static String words(List<String> arguments) {
        return String.join(" ", arguments);
    }

    private static VideoStream picture(String fieldOrder) {
        return new VideoStream(2, "h264", 1920, 1080, 1920, 1080, 0, 30, 1.5, "yuv420p", fieldOrder, "", "", "", "", 0);
    }

    private static SourceInfo source() {
        return new SourceInfo("mov", "mov", 600, 1, 1, Optional.of(PICTURE), List.of(), 0, List.of(), Optional.empty());
    }
}
