package dev.claimcheck.media;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The shown frames of a video stream, by the source's own clock. Ticks are what cutting goes by: seconds round, and a rounded cut loses a frame or shows it twice.
 * Immutable.
 */
public final class Timeline {
    /** Times that people write are rounded: 3.9999 s is the frame at 4 s. */
    private static final double HAIR = 0.0005;

    private final int numerator;
    private final int denominator;
    private final long[] frames;
    private final long[] keyframes;
    private final long end;
    private final double formatStartSeconds;
    private final Optional<Flaw> flaw;
    private final boolean cutBefore;
    private final boolean cutBehind;

    /**
     * A timeline.
     *
     * @param numerator of the time base: a tick lasts numerator ÷ denominator seconds
     * @param frames presentation times in ticks, ascending
     * @param keyframes presentation times in ticks of the frames that decoding can start at, ascending; also of some that are decoded but not shown
     * @param end where the last frame ends, in ticks
     * @param formatStartSeconds what the container counts seeking from
     * @param flaw why the source cannot be cut by these times, where it cannot
     */
    public Timeline(
            int numerator,
            int denominator,
            long[] frames,
            long[] keyframes,
            long end,
            double formatStartSeconds,
            Optional<Flaw> flaw) {
        this(numerator, denominator, frames, keyframes, end, formatStartSeconds, flaw, false, false);
    }

    private Timeline(
            int numerator,
            int denominator,
            long[] frames,
            long[] keyframes,
            long end,
            double formatStartSeconds,
            Optional<Flaw> flaw,
            boolean cutBefore,
            boolean cutBehind) {
        this.numerator = numerator;
        this.denominator = denominator;
        this.frames = frames.clone();
        this.keyframes = keyframes.clone();
        this.end = end;
        this.formatStartSeconds = formatStartSeconds;
        this.flaw = flaw;
        this.cutBefore = cutBefore;
        this.cutBehind = cutBehind;
    }

    /** What makes cutting unsafe. */
    public enum Flaw {
        /** Frames without a time of their own. */
        TIMES_MISSING,
        /** Frames that claim the same time. */
        TIMES_REPEATED,
        /** No frame at all. */
        NO_FRAMES
    }

    /** When the video starts to be shown, in ticks. */
    public long origin() {
        return frames[0];
    }

    /** The same, in seconds on the source's clock. */
    public double originSeconds() {
        return (double) origin() * numerator / denominator;
    }

    /** Where the last frame ends, in ticks. */
    public long end() {
        return end;
    }

    /** How many frames are shown. */
    public int frames() {
        return frames.length;
    }

    /** When a frame is shown, in ticks. */
    public long frame(int index) {
        return frames[index];
    }

    /** Why the source cannot be cut by these times, where it cannot. */
    public Optional<Flaw> flaw() {
        return flaw;
    }

    /** Seconds from the start of the video to {@code tick}. */
    public double seconds(long tick) {
        return (double) (tick - origin()) * numerator / denominator;
    }

    /** Microseconds from the start of the video to {@code tick}, rounded down. */
    public long micros(long tick) {
        return Math.floorDiv(Math.multiplyExact(tick - origin(), 1_000_000L * numerator), denominator);
    }

    /** The frames from {@code startSeconds} on and before {@code endSeconds}, counted from the start of the video; without any it has the flaw that says so. */
    public Timeline clipped(double startSeconds, double endSeconds) {
        if (flaw.isPresent()) {
            return this;
        }
        int from = 0;
        while (from < frames.length && seconds(frames[from]) < startSeconds - HAIR) {
            from++;
        }
        int to = from;
        while (to < frames.length && seconds(frames[to]) < endSeconds - HAIR) {
            to++;
        }
        return new Timeline(
                numerator,
                denominator,
                Arrays.copyOfRange(frames, from, to),
                keyframes,
                to < frames.length ? frames[to] : end,
                formatStartSeconds,
                from == to ? Optional.of(Flaw.NO_FRAMES) : Optional.empty(),
                from > 0 || cutBefore,
                to < frames.length || cutBehind);
    }

    /** Whether the source has frames before the first of these. */
    public boolean isCutBefore() {
        return cutBefore;
    }

    /** Whether the source has frames behind the last of these. */
    public boolean isCutBehind() {
        return cutBehind;
    }

    /**
     * The frames that are kept where there may be at most {@code perSecond} of them: of those that fall into the same slot the first. {@link VideoFilters} chooses by the same rule.
     */
    public Timeline capped(double perSecond) {
        if (frames.length < 2 || flaw.isPresent()) {
            return this;
        }
        long[] kept = new long[frames.length];
        int count = 0;
        double before = -1;
        for (long frame : frames) {
            double slot = Math.floor((frame - origin()) * ((double) numerator / denominator) * perSecond + 0.01);
            if (slot > before) {
                kept[count++] = frame;
                before = slot;
            }
        }
        return new Timeline(
                numerator,
                denominator,
                Arrays.copyOf(kept, count),
                keyframes,
                end,
                formatStartSeconds,
                flaw,
                cutBefore,
                cutBehind);
    }

    /** Where {@code tick} is on the container's clock, in seconds; what an input is sought by. */
    public double seekSeconds(long tick) {
        return (double) tick * numerator / denominator - formatStartSeconds;
    }

    /**
     * The keyframe that reading has to start at so that all from {@code tick} on comes out right: the one before the last at or before it. The frames right behind a keyframe may lean on what
     * was before (open GOPs). Empty where it is the beginning.
     */
    public OptionalLong safeStart(long tick) {
        int found = Arrays.binarySearch(keyframes, tick);
        int last = found >= 0 ? found : -found - 2;
        return last < 1 ? OptionalLong.empty() : OptionalLong.of(keyframes[last - 1]);
    }

    /** The longest stretch that has to be decoded for its last frame, in seconds. */
    public double longestKeyframeGap() {
        long longest = 0;
        long before = keyframes.length > 0 ? keyframes[0] : origin();
        for (long keyframe : keyframes) {
            longest = Math.max(longest, keyframe - before);
            before = keyframe;
        }
        return (double) Math.max(longest, end - before) * numerator / denominator;
    }

    @Override
    public String toString() {
        return "Timeline[" + frames.length + " frames, " + keyframes.length + " keyframes, flaw=" + flaw + "]";
    }
}
