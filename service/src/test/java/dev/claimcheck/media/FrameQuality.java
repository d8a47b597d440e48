package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a picture is from what it was made of, frame by frame.
 *
 * @param meanSquaredError of all planes, per sample
 * @param ssim of all planes, 1 where there is no difference
 */
record FrameQuality(double meanSquaredError, double ssim) {
    private static final Pattern ERROR = Pattern.compile("mse_avg:([0-9.]+)");
    private static final Pattern SSIM = Pattern.compile("All:([0-9.]+)");
    /** What no encoder that loses anything gets below; keeps logarithms finite. */
    private static final double LEAST_ERROR = 1e-3;

    /**
     * Every frame of {@code made} against the frame of {@code source} of the same number.
     *
     * @param sized filters that bring the source to the size of what was made
     * @param rate frames per second of both, as a fraction
     */
    static List<FrameQuality> of(
            MediaProcesses processes, Path scratch, String source, String made, String sized, String rate)
            throws IOException, InterruptedException {
        String numbered = "settb=1/(" + rate + "),setpts=N";
        ProcessResult result = processes.ffmpeg(
                List.of(
                        "-nostdin",
                        "-y",
                        "-progress",
                        "pipe:1",
                        "-i",
                        made,
                        "-i",
                        source,
                        "-filter_complex",
                        "[0:v]" + numbered + ",split=2[a][b];[1:v]" + sized + "," + numbered
                                + ",split=2[c][d];[a][c]psnr=stats_file=psnr.txt[p];[b][d]ssim=stats_file=ssim.txt[s]",
                        "-map",
                        "[p]",
                        "-f",
                        "null",
                        "-",
                        "-map",
                        "[s]",
                        "-f",
                        "null",
                        "-"),
                List.of(),
                scratch,
                _ -> {});
        assertThat(result.succeeded()).as(result.usefulLine()).isTrue();
        List<Double> errors = values(scratch.resolve("psnr.txt"), ERROR);
        List<Double> ssims = values(scratch.resolve("ssim.txt"), SSIM);
        assertThat(ssims).hasSameSizeAs(errors);
        List<FrameQuality> frames = new ArrayList<>();
        for (int index = 0; index < errors.size(); index++) {
            frames.add(new FrameQuality(errors.get(index), ssims.get(index)));
        }
        return frames;
    }

    /** Peak signal-to-noise ratio of these frames together, in dB: of their mean error, as ffmpeg's own average is. */
    static double psnr(List<FrameQuality> frames) {
        double error = frames.stream()
                .mapToDouble(FrameQuality::meanSquaredError)
                .average()
                .orElseThrow();
        return 10 * Math.log10(255 * 255 / Math.max(LEAST_ERROR, error));
    }

    /** Mean SSIM of these frames. */
    static double ssim(List<FrameQuality> frames) {
        return frames.stream().mapToDouble(FrameQuality::ssim).average().orElseThrow();
    }

    private static List<Double> values(Path file, Pattern pattern) throws IOException {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            Matcher matcher = pattern.matcher(line);
            assertThat(matcher.find()).as(line).isTrue();
            values.add(Double.parseDouble(matcher.group(1)));
        }
        return values;
    }
}
