package dev.claimcheck.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;

/**
 * What a {@code moof} says of its one track. Times are those of showing: with frames that are shown in another order than they are decoded in, decoding times may run ahead.
 *
 * @param start when its first sample is shown, in ticks
 * @param length until its last sample has been shown, in ticks
 * @param samples frames of a picture, or packets of sound
 */
public record Fragment(long start, long length, int samples) {
    /** Its samples, in the order in which they are decoded; times in ticks. The arrays are the caller's. */
    static final class Samples {
        private final long decodeTime;
        private final long[] durations;
        private final long[] shown;

        private Samples(long decodeTime, long[] durations, long[] shown) {
            this.decodeTime = decodeTime;
            this.durations = durations;
            this.shown = shown;
        }

        /** When the first is decoded. */
        long decodeTime() {
            return decodeTime;
        }

        /** What each lasts, by the clock of decoding. */
        long[] durations() {
            return durations;
        }

        /** When each is shown. */
        long[] shown() {
            return shown;
        }

        long start() {
            return Arrays.stream(shown).min().orElseThrow();
        }

        /** When the last one has been shown. Where both clocks begin together that is when all have been decoded; else the length of another sample than the last one shown may span a gap. */
        long end() {
            if (decodeTime == start()) {
                return decodeTime + Arrays.stream(durations).sum();
            }
            int last = 0;
            for (int sample = 1; sample < shown.length; sample++) {
                last = shown[sample] >= shown[last] ? sample : last;
            }
            return shown[last] + durations[last];
        }
    }

    private static final int DEFAULT_DURATION = 0x8;
    private static final int DURATION = 0x100;
    private static final int OFFSET = 0x800;

    /**
     * Reads the head of a segment, wherever that is stored; its media data are not looked at.
     *
     * @throws MediaTroubleException when it is not what our own ffmpeg writes, or is cut off
     */
    public static Fragment read(SeekableByteChannel segment) throws IOException {
        Mp4Boxes.Box moof = Mp4Boxes.list(segment).stream()
                .filter(box -> box.type().equals("moof"))
                .findFirst()
                .orElseThrow(() -> Mp4Boxes.broken("has no moof"));
        return read(Mp4Boxes.bytes(segment, moof));
    }

    static Fragment read(ByteBuffer moof) {
        Samples samples = samples(moof);
        long start = samples.start();
        return new Fragment(start, samples.end() - start, samples.shown().length);
    }

    static Samples samples(ByteBuffer moof) {
        int trun = Mp4Boxes.find(moof, "trun");
        int flags = moof.getInt(trun + 4) & 0xffffff;
        int samples = moof.getInt(trun + 8);
        int at = entries(trun, flags);
        int step = step(flags);
        if (samples < 1 || (long) at + (long) step * samples > moof.limit()) {
            throw Mp4Boxes.broken("has a trun that does not fit its moof");
        }
        long usual = (flags & DURATION) != 0 ? 0 : defaultDuration(moof);
        long first = decodeTime(moof);
        long decoded = first;
        long[] durations = new long[samples];
        long[] shown = new long[samples];
        for (int sample = 0; sample < samples; sample++, at += step) {
            durations[sample] = (flags & DURATION) != 0 ? Integer.toUnsignedLong(moof.getInt(at)) : usual;
            shown[sample] = decoded + ((flags & OFFSET) != 0 ? moof.getInt(at + step - 4) : 0);
            decoded += durations[sample];
        }
        return new Samples(first, durations, shown);
    }

    /** Where a {@code trun}'s samples start. */
    static int entries(int trun, int flags) {
        return trun + 12 + ((flags & 0x1) != 0 ? 4 : 0) + ((flags & 0x4) != 0 ? 4 : 0);
    }

    /** Bytes for each of them. */
    static int step(int flags) {
        return 4 * Integer.bitCount(flags & 0xf00);
    }

    private static long defaultDuration(ByteBuffer moof) {
        int tfhd = Mp4Boxes.find(moof, "tfhd");
        int flags = moof.getInt(tfhd + 4) & 0xffffff;
        int at = tfhd + 12 + ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0);
        if ((flags & DEFAULT_DURATION) == 0) {
            throw Mp4Boxes.broken("does not say how long its samples last");
        }
        return Integer.toUnsignedLong(moof.getInt(at));
    }

    private static long decodeTime(ByteBuffer moof) {
        int tfdt = Mp4Boxes.find(moof, "tfdt");
        return moof.get(tfdt + 4) == 1 ? moof.getLong(tfdt + 8) : Integer.toUnsignedLong(moof.getInt(tfdt + 8));
    }
}
