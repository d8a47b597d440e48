package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real encoders, on pictures whose every frame is another one. */
class VideoEncoderTest {
    private static final Rendition SMALL = new Rendition("180p", 320, 180, 900_000);
    private static final Pattern PSNR = Pattern.compile("psnr_avg:([0-9.]+|inf)");

    @TempDir
    static Path programs;

    @TempDir
    Path scratch;

    private static MediaProcesses processes;

    @BeforeAll
    static void locate() throws IOException {
        processes = RealFfmpeg.in(programs);
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "web-hevc", "web-av1", "preview"})
    void chunksFitTogetherToTheFrameAndToTheByte(String name) throws Exception {
        Profile profile = Profiles.builtIn().find(name).orElseThrow();
        Path whole = encode(profile, SMALL, "trim=end_frame=150", List.of(2_000_000L, 4_000_000L), "whole.mp4");
        Path again = encode(profile, SMALL, "trim=end_frame=150", List.of(2_000_000L, 4_000_000L), "again.mp4");
        Path first = encode(profile, SMALL, "trim=end_frame=100", List.of(2_000_000L), "first.mp4");
        Path second = encode(profile, SMALL, "trim=start_frame=100:end_frame=150", List.of(), "second.mp4");

        assertThat(again).as("a retry").hasSameBinaryContentAs(whole);
        CmafTrack track = CmafTrack.split(whole, scratch.resolve("whole"), 1);
        CmafTrack one = CmafTrack.split(first, scratch.resolve("first"), 1);
        CmafTrack two = CmafTrack.split(second, scratch.resolve("second"), 3);
        assertThat(starts(track)).containsExactly(0.0, 2.0, 4.0);
        assertThat(starts(one)).containsExactly(0.0, 2.0);
        assertThat(starts(two)).containsExactly(4.0);
        assertThat(one.init()).as("of chunks").hasSameBinaryContentAs(track.init());
        assertThat(two.init()).as("of chunks").hasSameBinaryContentAs(track.init());
        assertThat(track.codec()).isEqualTo(VideoEncoder.codec(profile, SMALL, 25));
        assertThat(similarity(first, 0))
                .hasSize(100)
                .allSatisfy(psnr -> assertThat(psnr).isGreaterThan(30));
        assertThat(similarity(second, 100))
                .hasSize(50)
                .allSatisfy(psnr -> assertThat(psnr).isGreaterThan(30));
    }

    @ParameterizedTest
    @CsvSource({
        "320, 180, 30",
        "426, 240, 25",
        "640, 360, 60",
        "854, 480, 30",
        "1280, 720, 50",
        "1080, 1920, 30",
        "1920, 1080, 60",
        "2, 2, 25",
        "34, 20, 25",
        "32, 66, 25"
    })
    void theCodecsNameIsKnownBeforeAFrameIsEncoded(int width, int height, int frameRate) throws Exception {
        for (VideoCodec codec : List.of(VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1)) {
            Profile profile = Profile.usual("test", codec, AudioCodec.AAC);
            Rendition rendition =
                    new Rendition("x", width, height, Math.max(200_000, 5_000_000L * width * height / (1920 * 1080)));
            Path file = encode(
                    profile, rendition, "trim=end_frame=2", List.of(), codec + ".mp4", Integer.toString(frameRate));

            assertThat(CmafTrack.split(file, scratch.resolve(codec.name()), 1).codec())
                    .isEqualTo(VideoEncoder.codec(profile, rendition, frameRate));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ultrafast", "superfast", "faster", "medium", "veryslow"})
    void everyPresetWritesTheProfileThatIsAnnounced(String preset) throws Exception {
        for (VideoCodec codec : List.of(VideoCodec.H264, VideoCodec.HEVC)) {
            Profile profile = new Profile("test", codec, AudioCodec.AAC, List.of(), 30, preset, 100, 64_000);
            Path file = encode(profile, SMALL, "trim=end_frame=2", List.of(), codec + ".mp4");

            assertThat(CmafTrack.split(file, scratch.resolve(codec.name()), 1).codec())
                    .isEqualTo(VideoEncoder.codec(profile, SMALL, 25));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"AAC", "OPUS"})
    void soundBeginsAtZeroAndInTime(AudioCodec codec) throws Exception {
        Profile profile = Profile.usual("test", VideoCodec.NONE, codec);
        String last = AudioEncoder.lastFilter(profile);
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin",
                "-y",
                "-f",
                "lavfi",
                "-i",
                "aevalsrc=0.5*sin(2*PI*1000*t)*gte(t\\,1):s=48000:d=2:c=stereo",
                "-af",
                "aresample=48000:async=1:first_pts=0" + (last.isEmpty() ? "" : "," + last)));
        arguments.addAll(AudioEncoder.arguments(profile, 2));
        arguments.addAll(List.of("-f", "mp4", "-movflags", "+cmaf+frag_discont", "-frag_duration", "1000000", "a.mp4"));
        run(arguments);

        CmafTrack track = CmafTrack.split(scratch.resolve("a.mp4"), scratch.resolve("a"), 1);

        assertThat(track.codec()).isEqualTo(codec.codec());
        assertThat(track.startSeconds(0)).isZero();
        assertThat(Files.readString(track.init(), StandardCharsets.ISO_8859_1)).doesNotContain("edts");
        run(List.of(
                "-nostdin",
                "-y",
                "-i",
                "a.mp4",
                "-af",
                "aresample=async=1:first_pts=0",
                "-f",
                "s16le",
                "-ac",
                "1",
                "-ar",
                "48000",
                "a.raw"));
        byte[] samples = Files.readAllBytes(scratch.resolve("a.raw"));
        int at = 0;
        while (Math.abs((samples[2 * at + 1] << 8) | (samples[2 * at] & 0xff)) < 3_000) {
            at++;
        }
        assertThat(at / 48_000.0).as("when the tone is heard").isBetween(0.99, 1.01);
    }

    @Test
    void theUsualProfileEncodesAsItAlwaysHas() {
        assertThat(VideoEncoder.arguments(
                        Profiles.builtIn().find("web").orElseThrow(),
                        new Rendition("720p", 1280, 720, 2_720_000),
                        30,
                        true))
                .containsExactly(
                        "-c:v",
                        "libx264",
                        "-preset",
                        "veryfast",
                        "-crf",
                        "22",
                        "-maxrate",
                        "2720000",
                        "-bufsize",
                        "5440000",
                        "-rc_init_occupancy",
                        "3536000",
                        "-g",
                        "1000",
                        "-threads",
                        "1",
                        "-tag:v",
                        "avc1",
                        "-profile:v",
                        "high",
                        "-level:v",
                        "31",
                        "-coder",
                        "cabac",
                        "-8x8dct",
                        "1",
                        "-sc_threshold",
                        "0",
                        "-flags",
                        "+cgop",
                        "-forced-idr",
                        "1");
        assertThat(VideoEncoder.keyFramesAt(List.of(2_000_000L, 4_033_333L)))
                .containsExactly("-force_key_frames", "2.000000,4.033333");
    }

    private Path encode(Profile profile, Rendition rendition, String trim, List<Long> keyFrames, String file)
            throws Exception {
        return encode(profile, rendition, trim, keyFrames, file, "25");
    }

    private Path encode(
            Profile profile, Rendition rendition, String trim, List<Long> keyFrames, String file, String frameRate)
            throws Exception {
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin",
                "-y",
                "-copyts",
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=640x360:d=10:r=" + frameRate,
                "-filter_complex",
                "[0:v]" + trim + ",scale=" + rendition.width() + ":" + rendition.height()
                        + ",setsar=1,format=yuv420p[v]",
                "-map",
                "[v]",
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1:90000"));
        arguments.addAll(VideoEncoder.arguments(profile, rendition, Integer.parseInt(frameRate), true));
        arguments.addAll(VideoEncoder.keyFramesAt(keyFrames));
        arguments.addAll(List.of(
                "-map_metadata",
                "-1",
                "-fflags",
                "+bitexact",
                "-f",
                "mp4",
                "-movflags",
                "+cmaf+frag_keyframe+frag_discont",
                "-video_track_timescale",
                "90000",
                file));
        run(arguments);
        return scratch.resolve(file);
    }

    /** How near each decoded frame is to the one that was encoded there, in decibels. */
    private List<Double> similarity(Path file, int firstFrame) throws Exception {
        run(List.of(
                "-nostdin",
                "-y",
                "-i",
                file.getFileName().toString(),
                "-f",
                "lavfi",
                "-i",
                "testsrc2=s=640x360:d=10:r=25",
                "-filter_complex",
                "[0:v]settb=1/25,setpts=N[a];[1:v]trim=start_frame=" + firstFrame
                        + ",scale=320:180,format=yuv420p,settb=1/25,setpts=N[b];[a][b]psnr=stats_file=psnr.txt:shortest=1",
                "-f",
                "null",
                "-"));
        List<Double> found = new ArrayList<>();
        Matcher matcher = PSNR.matcher(Files.readString(scratch.resolve("psnr.txt")));
        while (matcher.find()) {
            found.add(matcher.group(1).equals("inf") ? 99 : Double.parseDouble(matcher.group(1)));
        }
        return found;
    }

    private void run(List<String> arguments) throws Exception {
        ProcessResult result = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        assertThat(result.succeeded()).as(() -> result.toString()).isTrue();
    }

    private static List<Double> starts(CmafTrack track) {
        return IntStream.range(0, track.segments().size())
                .mapToObj(track::startSeconds)
                .toList();
    }
}
