package dev.claimcheck.media;

import java.util.Arrays;
import java.util.Optional;

/** Builds a {@link Timeline} from the lines of {@code ffprobe -of compact} over packets, stream and format. Not thread-safe. */
final class TimelineReader {
    private long[] frames = new long[1024];
    private int frameCount;
    private long[] keyframes = new long[64];
    private int keyframeCount;
    private long end = Long.MIN_VALUE;
    private int numerator = 1;
    private int denominator = 1_000_000;
    private double formatStart;
    private boolean timesMissing;

    /** Takes a line. */
    void line(String line) {
        if (line.startsWith("packet|")) {
            packet(line);
        } else if (line.startsWith("stream|")) {
            String base = value(line, "time_base=");
            int slash = base.indexOf('/');
            if (slash > 0 && base.matches("\\d{1,9}/[1-9]\\d{0,8}")) {
                numerator = Integer.parseInt(base.substring(0, slash));
                denominator = Integer.parseInt(base.substring(slash + 1));
            }
        } else if (line.startsWith("format|")) {
            String start = value(line, "start_time=");
            formatStart = start.matches("-?\\d{1,12}(\\.\\d+)?") ? Double.parseDouble(start) : 0;
        }
    }

    /** What the lines told. */
    Timeline timeline() {
        long[] shown = Arrays.copyOf(frames, frameCount);
        long[] keys = Arrays.copyOf(keyframes, keyframeCount);
        Arrays.sort(shown);
        Arrays.sort(keys);
        return new Timeline(numerator, denominator, shown, keys, end, formatStart, flaw(shown));
    }

    private Optional<Timeline.Flaw> flaw(long[] shown) {
        if (shown.length == 0) {
            return Optional.of(Timeline.Flaw.NO_FRAMES);
        }
        if (timesMissing) {
            return Optional.of(Timeline.Flaw.TIMES_MISSING);
        }
        for (int index = 1; index < shown.length; index++) {
            if (shown[index] == shown[index - 1]) {
                return Optional.of(Timeline.Flaw.TIMES_REPEATED);
            }
        }
        return Optional.empty();
    }

    private void packet(String line) {
        String flags = value(line, "flags=");
        boolean dropped = flags.length() > 1 && flags.charAt(1) == 'D';
        String pts = value(line, "pts=");
        if (!isNumber(pts)) {
            timesMissing |= !dropped;
            return;
        }
        long time = Long.parseLong(pts);
        if (flags.startsWith("K")) {
            keyframes = grown(keyframes, keyframeCount);
            keyframes[keyframeCount++] = time;
        }
        if (!dropped) {
            frames = grown(frames, frameCount);
            frames[frameCount++] = time;
            String duration = value(line, "duration=");
            end = Math.max(end, time + (isNumber(duration) ? Math.max(1, Long.parseLong(duration)) : 1));
        }
    }

    private static long[] grown(long[] array, int used) {
        return used < array.length ? array : Arrays.copyOf(array, array.length * 2);
    }

    private static boolean isNumber(String text) {
        int digits = text.startsWith("-") ? text.length() - 1 : text.length();
        return digits > 0
                && digits <= 15
                && text.chars().skip(text.length() - digits).allMatch(c -> c >= '0' && c <= '9');
    }

    /** The value after {@code |name=}, up to the next bar. */
    private static String value(String line, String name) {
        int at = line.indexOf("|" + name);
        if (at < 0) {
            return "";
        }
        int from = at + 1 + name.length();
        int to = line.indexOf('|', from);
        return to < 0 ? line.substring(from) : line.substring(from, to);
    }
}
