package dev.claimcheck.media;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * Gives the samples of a fragment the decoding times that fit when they are shown (ISO/IEC 14496-12, 8.8.8 and 8.8.12): the sample that is decoded as the n-th is decoded when the n-th is shown. So a fragment starts, by both
 * clocks, when its first sample is shown, and lasts until the next one starts. Pure.
 *
 * <p>Encoders run the decoding clock a few frames behind. That is no matter while frames come at an even rate; behind a picture that stands still for seconds it makes a fragment begin seconds before it is shown, and players that go by
 * that clock (hls.js) put it there.
 */
final class FragmentClock {
    private static final int DURATION = 0x100;
    private static final int OFFSET = 0x800;

    /** In seconds: times are rounded on their way. */
    private static final double ROUNDING = 0.004;

    private FragmentClock() {}

    /**
     * The head of that fragment, with both clocks together.
     *
     * @param moof is not changed
     * @param end when what comes next is shown first, in ticks; empty where that is not known
     * @return {@code moof} itself where nothing is to be done: so it is at an even frame rate; and where 32 bits do not hold the new times: behind a picture that stood still for hours
     */
    static ByteBuffer aligned(ByteBuffer moof, OptionalLong end, long timescale) {
        Fragment.Samples now = Fragment.samples(moof);
        long[] order = now.shown().clone();
        Arrays.sort(order);
        long[] durations = new long[order.length];
        for (int sample = 0; sample + 1 < order.length; sample++) {
            durations[sample] = Math.max(1, order[sample + 1] - order[sample]);
        }
        long last = order[order.length - 1];
        durations[order.length - 1] = Math.max(1, end.orElse(now.end()) - last);
        return isClose(now, order, durations, ROUNDING * timescale) || !fits(now.shown(), order[0], durations)
                ? moof
                : written(moof, now.shown(), order[0], durations);
    }

    private static boolean fits(long[] shown, long start, long[] durations) {
        long decoded = start;
        for (int sample = 0; sample < shown.length; sample++) {
            long offset = shown[sample] - decoded;
            if (offset != (int) offset || durations[sample] >>> Integer.SIZE != 0) {
                return false;
            }
            decoded += durations[sample];
        }
        return true;
    }

    private static boolean isClose(Fragment.Samples now, long[] order, long[] durations, double tolerance) {
        long decoded = now.decodeTime();
        for (int sample = 0; sample < order.length; sample++) {
            if (Math.abs(decoded - order[sample]) > tolerance) {
                return false;
            }
            decoded += now.durations()[sample];
        }
        return Math.abs(decoded - order[order.length - 1] - durations[order.length - 1]) <= tolerance;
    }

    private static ByteBuffer written(ByteBuffer moof, long[] shown, long start, long[] durations) {
        int trun = Mp4Boxes.find(moof, "trun");
        int flags = moof.getInt(trun + 4) & 0xffffff;
        int from = Fragment.entries(trun, flags);
        int step = Fragment.step(flags);
        int added = (flags & DURATION) != 0 ? 0 : 4;
        int longer = added * shown.length;
        ByteBuffer to = ByteBuffer.allocate(moof.limit() + longer);
        to.put(0, moof, 0, from);
        long decoded = start;
        for (int sample = 0; sample < shown.length; sample++) {
            int at = from + sample * (step + added);
            to.put(at + added, moof, from + sample * step, step);
            to.putInt(at, (int) durations[sample]); // The first of a sample's fields; the offset is the last.
            if ((flags & OFFSET) != 0) {
                to.putInt(at + step + added - 4, (int) (shown[sample] - decoded));
            }
            decoded += durations[sample];
        }
        int rest = from + shown.length * step;
        to.put(rest + longer, moof, rest, moof.limit() - rest);
        to.putInt(trun + 4, 1 << 24 | flags | DURATION); // Version 1: offsets may be below 0.
        for (String box : new String[] {"moof", "traf", "trun"}) {
            int size = Mp4Boxes.find(moof, box) - 4;
            to.putInt(size, moof.getInt(size) + longer);
        }
        if ((flags & 0x1) != 0) { // Where the data are, counted from the start of the moof.
            to.putInt(trun + 12, moof.getInt(trun + 12) + longer);
        }
        int tfdt = Mp4Boxes.find(to, "tfdt");
        if (to.get(tfdt + 4) == 1) {
            to.putLong(tfdt + 8, start);
        } else {
            to.putInt(tfdt + 8, Math.toIntExact(start));
        }
        return to;
    }
}
