package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Patches of known light through the real commands, read back as pixels. What must come out is computed here from the standards: BT.2100 for PQ and HLG, Hable's curve with 1,000 nits as its
 * white, BT.1886 for the result. Tolerances are in steps of eight bits.
 */
class ColourTest {
    private static final int SIDE = 64;
    private static final Profile WEB = Profiles.builtIn().find("web").orElseThrow();

    @TempDir
    static Path programs;

    @TempDir
    Path scratch;

    private static MediaProcesses processes;

    @BeforeAll
    static void locate() {
        processes = RealFfmpeg.in(programs);
    }

    /** Light in nits of BT.709's red, green and blue. What a saturated colour lacks is near black, where a step of the source's ten bits is many of ours: there more is tolerated. HLG's own idea of bright colours differs from the model besides. */
    @ParameterizedTest(name = "{0} in {1}: {2}, {3}, {4} nits")
    @CsvSource(textBlock = """
            smpte2084,    libx265,   1,    1,    1,    2
            smpte2084,    libx265,   10,   10,   10,   2
            smpte2084,    libx265,   100,  100,  100,  2
            smpte2084,    libx265,   203,  203,  203,  2
            smpte2084,    libx265,   1000, 1000, 1000, 2
            smpte2084,    libx265,   100,  0,    0,    5
            smpte2084,    libx265,   0,    100,  0,    10
            smpte2084,    libx265,   0,    0,    100,  5
            smpte2084,    libsvtav1, 203,  203,  203,  3
            smpte2084,    libsvtav1, 0,    100,  0,    10
            arib-std-b67, libx265,   10,   10,   10,   2
            arib-std-b67, libx265,   100,  100,  100,  2
            arib-std-b67, libx265,   203,  203,  203,  2
            arib-std-b67, libx265,   1000, 1000, 1000, 2
            arib-std-b67, libx265,   100,  0,    0,    12
            arib-std-b67, libsvtav1, 203,  203,  203,  3
            """)
    void highDynamicRangeIsMappedToBt709(
            String transfer, String encoder, double red, double green, double blue, double tolerance) throws Exception {
        double[] light = {red, green, blue};
        double[] wide = {
            0.6274 * red + 0.3293 * green + 0.0433 * blue,
            0.0691 * red + 0.9195 * green + 0.0114 * blue,
            0.0164 * red + 0.0880 * green + 0.8956 * blue
        };
        double[] signal = transfer.equals("smpte2084") ? pq(wide) : hlg(wide);
        double luma = 0.2627 * signal[0] + 0.6780 * signal[1] + 0.0593 * signal[2];
        int[] code = {
            (int) Math.round((219 * luma + 16) * 4),
            (int) Math.round((224 * (signal[2] - luma) / 1.8814 + 128) * 4),
            (int) Math.round((224 * (signal[0] - luma) / 1.4746 + 128) * 4)
        };
        List<String> encoding = encoder.equals("libx265")
                ? List.of("-c:v", encoder, "-x265-params", "log-level=error:lossless=1")
                : List.of("-c:v", encoder, "-crf", "4", "-preset", "10");
        Path source = encoded(
                SIDE,
                "yuv420p10le",
                code,
                "color_primaries=bt2020:color_trc=" + transfer + ":colorspace=bt2020nc:range=tv",
                encoding);

        assertSdr(source, bt709(toneMapped(light)), tolerance);
    }

    /** Red is (63, 102, 240) in BT.709 and (81, 90, 240) in BT.601. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            full range, white            | 64  | yuvj420p    | 255 128 128 | range=pc:colorspace=bt709     | 235 128 128
            full range, black            | 64  | yuvj420p    | 0 128 128   | range=pc:colorspace=bt709     | 16 128 128
            full range, grey             | 64  | yuvj420p    | 128 128 128 | range=pc:colorspace=bt709     | 126 128 128
            ten bits, white              | 64  | yuv420p10le | 940 512 512 | range=tv:colorspace=bt709     | 235 128 128
            ten bits, grey               | 64  | yuv420p10le | 504 512 512 | range=tv:colorspace=bt709     | 126 128 128
            ten bits, red                | 64  | yuv420p10le | 252 408 960 | range=tv:colorspace=bt709     | 63 102 240
            BT.601, red                  | 64  | yuv420p     | 81 90 240   | range=tv:colorspace=smpte170m | 63 102 240
            small and untagged, red      | 64  | yuv420p     | 81 90 240   |                               | 63 102 240
            large and tagged, red        | 720 | yuv420p     | 63 102 240  | range=tv:colorspace=bt709     | 63 102 240
            large and untagged, red      | 720 | yuv420p     | 63 102 240  |                               | 63 102 240
            """)
    void standardRangeKeepsItsLevels(String name, int side, String format, String there, String tags, String expected)
            throws Exception {
        Path source = encoded(
                side,
                format,
                numbers(there),
                tags == null ? "" : tags,
                List.of("-c:v", "libx264", "-qp", "0", "-preset", "ultrafast"));

        int[] wanted = numbers(expected);
        assertSdr(source, new double[] {wanted[0], wanted[1], wanted[2]}, 2);
    }

    /** The stream's own tags, and its pixels. */
    private void assertSdr(Path file, double[] expected, double tolerance) throws Exception {
        SourceInfo source = source(file);
        Rendition own = Ladder.of(source.video().orElseThrow(), WEB).getFirst();
        run(TranscodeCommand.arguments(
                TranscodeTask.inOneGo(source, WEB).of(Optional.empty(), List.of(own), TranscodeTask.Sound.NONE),
                new MediaInput.LocalFile(file),
                Optional.empty()));
        String made = TranscodeCommand.videoFile(own);
        JsonNode stream = JsonMapper.shared()
                .readTree(processes
                        .ffprobe(
                                List.of(
                                        "-v",
                                        "error",
                                        "-show_streams",
                                        "-of",
                                        "json",
                                        scratch.resolve(made).toString()),
                                List.of(),
                                scratch)
                        .output())
                .path("streams")
                .path(0);
        assertThat(List.of(
                        stream.path("pix_fmt").asString(),
                        stream.path("color_primaries").asString(),
                        stream.path("color_transfer").asString(),
                        stream.path("color_space").asString(),
                        stream.path("color_range").asString()))
                .containsExactly("yuv420p", "bt709", "bt709", "bt709", "tv");
        assertThat(stream.path("side_data_list").toString()).doesNotContain("Mastering", "light level");
        run(List.of("-nostdin", "-y", "-progress", "pipe:1", "-i", made, "-frames:v", "1", "-f", "rawvideo", "raw"));
        byte[] pixels = Files.readAllBytes(scratch.resolve("raw"));
        int plane = own.width() * own.height();
        int middle = plane / 2 + own.width() / 2;
        int chroma = plane / 8 + own.width() / 4;
        int[] at = {middle, plane + chroma, plane + plane / 4 + chroma};
        for (int part = 0; part < 3; part++) {
            assertThat((double) Byte.toUnsignedInt(pixels[at[part]]))
                    .as(
                            "%s",
                            List.of("luma", "blue difference", "red difference").get(part))
                    .isCloseTo(expected[part], within(tolerance));
        }
    }

    private static double[] pq(double[] nits) {
        double[] signal = new double[3];
        for (int part = 0; part < 3; part++) {
            double power = Math.pow(nits[part] / 10_000, 2610 / 16384.0);
            signal[part] = Math.pow((3424 / 4096.0 + 2413 / 128.0 * power) / (1 + 2392 / 128.0 * power), 2523 / 32.0);
        }
        return signal;
    }

    /** For a display of 1,000 nits: the inverse of its system gamma of 1.2, then the camera's curve. */
    private static double[] hlg(double[] nits) {
        double luminance = (0.2627 * nits[0] + 0.6780 * nits[1] + 0.0593 * nits[2]) / 1000;
        double[] signal = new double[3];
        for (int part = 0; part < 3; part++) {
            double scene = nits[part] / 1000 * Math.pow(luminance, (1 - 1.2) / 1.2);
            signal[part] = scene <= 1 / 12.0
                    ? Math.sqrt(3 * scene)
                    : 0.17883277 * Math.log(12 * scene - 0.28466892) + 0.55991073;
        }
        return signal;
    }

    /** 1 is 100 nits; the curve's white is 1,000. */
    private static double[] toneMapped(double[] nits) {
        double brightest = Math.max(nits[0], Math.max(nits[1], nits[2])) / 100;
        double[] mapped = new double[3];
        for (int part = 0; part < 3; part++) {
            mapped[part] = nits[part] / 100 / brightest * hable(brightest) / hable(10);
        }
        return mapped;
    }

    private static double hable(double x) {
        return (x * (x * 0.15 + 0.05) + 0.004) / (x * (x * 0.15 + 0.5) + 0.06) - 0.02 / 0.3;
    }

    private static double[] bt709(double[] linear) {
        double red = Math.pow(linear[0], 1 / 2.4);
        double green = Math.pow(linear[1], 1 / 2.4);
        double blue = Math.pow(linear[2], 1 / 2.4);
        double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        return new double[] {16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748};
    }

    /** A few frames of one colour. */
    private Path encoded(int side, String format, int[] code, String tags, List<String> encoding) throws Exception {
        boolean isDeep = format.endsWith("10le");
        int width = side * 16 / 9 / 2 * 2;
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int part = 0; part < 3; part++) {
            int count = part == 0 ? width * side : width * side / 4;
            for (int pixel = 0; pixel < count; pixel++) {
                frame.write(code[part] & 0xff);
                if (isDeep) {
                    frame.write(code[part] >> 8);
                }
            }
        }
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int number = 0; number < 5; number++) {
            frames.writeBytes(frame.toByteArray());
        }
        Files.write(scratch.resolve("patch.raw"), frames.toByteArray());
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin",
                "-y",
                "-progress",
                "pipe:1",
                "-f",
                "rawvideo",
                "-pixel_format",
                format,
                "-video_size",
                width + "x" + side,
                "-framerate",
                "25",
                "-i",
                "patch.raw",
                "-vf",
                tags.isEmpty() ? "null" : "setparams=" + tags));
        arguments.addAll(encoding);
        arguments.add("patch.mp4");
        run(arguments);
        return scratch.resolve("patch.mp4");
    }

    private void run(List<String> arguments) throws Exception {
        ProcessResult result = processes.ffmpeg(arguments, List.of(), scratch, _ -> {});
        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
    }

    private SourceInfo source(Path file) throws Exception {
        try (var content = Files.newByteChannel(file)) {
            ProbeOutcome outcome =
                    new MediaProbe(processes, 3600, 1L << 26).probe(new MediaInput.LocalFile(file), content, scratch);
            return ((ProbeOutcome.Understood) outcome).source();
        }
    }

    private static int[] numbers(String text) {
        return java.util.Arrays.stream(text.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
