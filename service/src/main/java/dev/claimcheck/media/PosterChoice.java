package dev.claimcheck.media;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which of some frames that follow each other makes the best poster, and whether it makes a good one. Pure.
 *
 * <p>The rule: a good frame is neither (nearly) black nor white, its lightest and darkest parts differ, and it is not in the middle of a fade. In a fade
 * or cross-fade every pixel goes one way, step by step, so the way from the first frame to the last is as long as all steps together; where things move, pixels
 * go to and fro, and it is much shorter; and a cut is one step alone. Among frames that are equally good the sharpest is taken.
 *
 * @param frame its number, from 0
 * @param good whether there is no need to look elsewhere
 * @param score higher is better, to choose among those that are not good
 */
public record PosterChoice(int frame, boolean good, double score) {
    /** Width of the grey frames that are measured. */
    public static final int WIDTH = 160;

    /** Height of the grey frames that are measured. */
    public static final int HEIGHT = 90;

    private static final int PIXELS = WIDTH * HEIGHT;
    /** Of 0 (black) to 255 (white). */
    private static final double TOO_DARK = 20;

    private static final double TOO_BRIGHT = 235;
    private static final int LEAST_CONTRAST = 40;
    /** Below it nobody sees a change. */
    private static final double LEAST_CHANGE = 3;

    private static final double ONE_WAY = 0.85;
    private static final double CUT = 0.5;

    /**
     * The choice among these frames.
     *
     * @param frames grey, full range, one behind the other; at least one
     */
    public static PosterChoice among(byte[] frames) {
        int count = frames.length / PIXELS;
        if (count == 0) {
            throw new IllegalArgumentException("there is no frame to choose from");
        }
        boolean fading = fading(frames, count);
        return IntStream.range(0, count)
                .mapToObj(frame -> measured(frames, frame, fading))
                .max(Comparator.comparing(PosterChoice::good)
                        .thenComparingDouble(
                                choice -> choice.good() ? sharpness(frames, choice.frame()) : choice.score()))
                .orElseThrow();
    }

    private static PosterChoice measured(byte[] frames, int frame, boolean fading) {
        int[] histogram = new int[256];
        long sum = 0;
        for (int at = frame * PIXELS; at < (frame + 1) * PIXELS; at++) {
            int light = Byte.toUnsignedInt(frames[at]);
            histogram[light]++;
            sum += light;
        }
        double mean = (double) sum / PIXELS;
        int contrast = percentile(histogram, 0.95) - percentile(histogram, 0.05);
        boolean seen = mean > TOO_DARK && mean < TOO_BRIGHT && contrast >= LEAST_CONTRAST;
        // Of two in a fade the one with more contrast is nearer to its end.
        double score = contrast + (fading ? 0 : 300) + (mean > TOO_DARK && mean < TOO_BRIGHT ? 600 : 0);
        return new PosterChoice(frame, seen && !fading, score);
    }

    private static boolean fading(byte[] frames, int count) {
        double steps = 0;
        double longest = 0;
        for (int frame = 1; frame < count; frame++) {
            double step = difference(frames, frame - 1, frame);
            steps += step;
            longest = Math.max(longest, step);
        }
        double whole = difference(frames, 0, count - 1);
        return whole >= LEAST_CHANGE && whole >= ONE_WAY * steps && longest < CUT * steps;
    }

    private static double difference(byte[] frames, int one, int other) {
        long sum = 0;
        for (int at = 0; at < PIXELS; at++) {
            sum += Math.abs(
                    Byte.toUnsignedInt(frames[one * PIXELS + at]) - Byte.toUnsignedInt(frames[other * PIXELS + at]));
        }
        return (double) sum / PIXELS;
    }

    /** How much pixels differ from the mean of their neighbours. */
    private static double sharpness(byte[] frames, int frame) {
        long sum = 0;
        for (int y = 1; y < HEIGHT - 1; y++) {
            for (int x = 1; x < WIDTH - 1; x++) {
                int at = frame * PIXELS + y * WIDTH + x;
                sum += Math.abs(4 * Byte.toUnsignedInt(frames[at])
                        - Byte.toUnsignedInt(frames[at - 1])
                        - Byte.toUnsignedInt(frames[at + 1])
                        - Byte.toUnsignedInt(frames[at - WIDTH])
                        - Byte.toUnsignedInt(frames[at + WIDTH]));
            }
        }
        return (double) sum / PIXELS;
    }

    private static int percentile(int[] histogram, double part) {
        long left = Math.round(PIXELS * part);
        for (int light = 0; light < histogram.length; light++) {
            left -= histogram[light];
            if (left <= 0) {
                return light;
            }
        }
        return histogram.length - 1;
    }
}
