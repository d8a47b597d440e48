package dev.claimcheck.media;

import java.util.List;
import java.util.OptionalLong;

/**
 * A stretch of a video that one step makes alone: whole segments, cut by the source's own ticks.
 *
 * @param firstSegment number of its first segment in the whole video, from 1
 * @param origin when the video starts to be shown, in ticks
 * @param warmUpTick of the first frame that the encoder is shown, where that is before the chunk's own: those frames get it into its stride and are thrown away again
 * @param seekSeconds where reading starts, on the container's clock; below 0 for the very beginning
 * @param opens whether it holds the first frame: nothing is cut off before it
 * @param closes whether it holds the last frame: nothing is cut off behind it
 */
public record Chunk(
        int firstSegment,
        List<Segment> segments,
        long origin,
        OptionalLong warmUpTick,
        long endTick,
        double seekSeconds,
        boolean opens,
        boolean closes) {
    public Chunk {
        segments = List.copyOf(segments);
        if (segments.isEmpty()) {
            throw new IllegalArgumentException("a chunk has a segment");
        }
    }

    /**
     * A segment: from its first frame until the next one's, or until the end of the video.
     *
     * @param tick of its first frame
     * @param micros the same, from the start of the video, rounded down
     * @param start the same, in seconds
     * @param seconds it lasts
     * @param frames it shows
     */
    public record Segment(long tick, long micros, double start, double seconds, int frames) {}

    /** Ticks of the first frame. */
    public long startTick() {
        return segments.getFirst().tick();
    }

    /** When its first frame is shown, in seconds from the start of the video. */
    public double startSeconds() {
        return segments.getFirst().start();
    }

    /** When its last frame has been shown, in seconds from the start of the video. */
    public double endSeconds() {
        return segments.getLast().start() + segments.getLast().seconds();
    }

    /** Seconds of video. */
    public double seconds() {
        return segments.stream().mapToDouble(Segment::seconds).sum();
    }

    /** Frames that must come out. */
    public int frames() {
        return segments.stream().mapToInt(Segment::frames).sum();
    }

    /** The same chunk, read from the beginning of the source: slow, and right where seeking is not. */
    public Chunk readFromStart() {
        return new Chunk(firstSegment, segments, origin, warmUpTick, endTick, -1, opens, closes);
    }
}
