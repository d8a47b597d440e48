package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Cuts a timeline into segments and chunks. Pure.
 *
 * <p>A segment starts at the first frame at or after each multiple of {@link TranscodeCommand#SEGMENT_SECONDS}, whether that is a keyframe of the source or not: decoding starts
 * one keyframe earlier than it must, because the frames right behind a keyframe may lean on what was before it (open GOPs).
 */
public final class ChunkPlan {
    /** Segments of the chunks, in order; the last number goes on. The first two are made at the lowest size alone, so that the video can be played at once. */
    private static final int[] SIZES = {1, 2, 2, 3, 4, 5, 6, 7};

    /** Of what is left, a chunk is at most one in so many parts. */
    private static final int LEAST_SHARES = 3;

    /** In as many segments a source has another such part: the longer it is the more workers share it, and the less its many short chunks weigh. */
    private static final int SEGMENTS_PER_SHARE = 40;

    /** Segments that the first two chunks hold. */
    public static final int INTRO_SEGMENTS = 3;

    /** Chunks that make up the intro. */
    public static final int INTRO_CHUNKS = 2;

    /** As far as {@link TimelineScan#beginning} must see for the intro to be planned. */
    public static final double INTRO_SECONDS = INTRO_SEGMENTS * TranscodeCommand.SEGMENT_SECONDS;

    /** Sources shorter than this are made in one go. */
    private static final double SHORTEST = 10;
    /** Each chunk decodes up to two such gaps in vain. */
    private static final double LONGEST_KEYFRAME_GAP = 15;

    /** Seconds that reading starts earlier for the warm-up, at most; where keyframes are further apart, as many frames warm up as are read. */
    private static final double WARM_UP_READING = 1;

    /** Containers whose seeking was seen to be right. */
    private static final Set<String> SEEKABLE = Set.of("mov", "matroska", "mpegts", "flv");

    private ChunkPlan() {}

    /** Why a source is better made in one go. */
    public enum Whole {
        /** Cutting would cost more than it gives. */
        SHORT,
        /** A container without an index to seek by. */
        CONTAINER,
        /** Its frames have no times, or the same ones. */
        TIMES,
        /** Fields of neighbouring frames belong together, also over a cut. */
        INTERLACED,
        /** So few keyframes that each chunk would decode a good part of the others. */
        KEYFRAMES
    }

    /** Whether something that is known before the timeline speaks against cutting. */
    public static Optional<Whole> reasonForOneGo(SourceInfo source) {
        SourceInfo.VideoStream video = source.video().orElseThrow();
        if (source.durationSeconds() < SHORTEST) {
            return Optional.of(Whole.SHORT);
        }
        if (!SEEKABLE.contains(source.demuxer())) {
            return Optional.of(Whole.CONTAINER);
        }
        return video.isInterlaced() ? Optional.of(Whole.INTERLACED) : Optional.empty();
    }

    /** Whether the timeline speaks against cutting; of a beginning alone the answer is for that beginning. */
    public static Optional<Whole> reasonForOneGo(Timeline timeline) {
        if (timeline.flaw().isPresent()) {
            return Optional.of(Whole.TIMES);
        }
        if (timeline.longestKeyframeGap() > LONGEST_KEYFRAME_GAP) {
            return Optional.of(Whole.KEYFRAMES);
        }
        return timeline.seconds(timeline.end()) < SHORTEST ? Optional.of(Whole.SHORT) : Optional.empty();
    }

    /** All chunks, in order, for an encoder of that codec. */
    public static List<Chunk> chunks(Timeline timeline, VideoCodec codec) {
        List<Chunk.Segment> segments = segments(timeline);
        int shares = Math.max(LEAST_SHARES, segments.size() / SEGMENTS_PER_SHARE);
        List<Chunk> chunks = new ArrayList<>();
        for (int from = 0; from < segments.size(); ) {
            int to = Math.min(from + size(chunks.size(), segments.size() - from, shares), segments.size());
            chunks.add(chunk(timeline, codec, segments, from, to));
            from = to;
        }
        return List.copyOf(chunks);
    }

    /** Towards the end chunks get shorter again, so that the last worker to finish is not long behind the others (guided self-scheduling: Polychronopoulos and Kuck, 1987). */
    private static int size(int number, int left, int shares) {
        int usual = SIZES[Math.min(number, SIZES.length - 1)];
        return number < INTRO_CHUNKS ? usual : Math.min(usual, Math.ceilDiv(left, shares));
    }

    /** The number, from 0, of the first chunk of those that get shorter towards the end; behind the last one where none does. */
    public static int tail(List<Chunk> chunks) {
        for (int number = INTRO_CHUNKS + 1; number < chunks.size(); number++) {
            if (chunks.get(number).segments().size()
                    < chunks.get(number - 1).segments().size()) {
                return number;
            }
        }
        return chunks.size();
    }

    /** All segments in one chunk. */
    public static Chunk single(Timeline timeline) {
        List<Chunk.Segment> segments = segments(timeline);
        return chunk(timeline, VideoCodec.NONE, segments, 0, segments.size());
    }

    private static Chunk chunk(Timeline timeline, VideoCodec codec, List<Chunk.Segment> segments, int from, int to) {
        boolean opens = from == 0 && !timeline.isCutBefore();
        boolean closes = to == segments.size();
        long start = segments.get(from).tick();
        int before = segments.subList(0, from).stream()
                .mapToInt(Chunk.Segment::frames)
                .sum();
        int wished = Math.max(0, before - codec.warmUpFrames());
        OptionalLong keyframe = opens ? OptionalLong.empty() : keyframe(timeline, before, wished);
        long warmUp = firstFrom(timeline, wished, keyframe);
        return new Chunk(
                from + 1,
                segments.subList(from, to),
                timeline.origin(),
                warmUp < start ? OptionalLong.of(warmUp) : OptionalLong.empty(),
                closes ? timeline.end() : segments.get(to).tick(),
                seek(timeline, keyframe),
                opens,
                closes && !timeline.isCutBehind());
    }

    /** The keyframe that reading starts at so that all from that frame on comes out right, and what is wished in front of it as well where that is near; empty for the very beginning. */
    private static OptionalLong keyframe(Timeline timeline, int first, int wished) {
        OptionalLong needed = timeline.safeStart(timeline.frame(first));
        OptionalLong earlier = timeline.safeStart(timeline.frame(wished));
        double more = seconds(timeline, needed) - seconds(timeline, earlier);
        return more <= WARM_UP_READING ? earlier : needed;
    }

    private static double seconds(Timeline timeline, OptionalLong tick) {
        return tick.isPresent() ? timeline.seconds(tick.getAsLong()) : 0;
    }

    /** When the first frame from that one on is shown that is read. */
    private static long firstFrom(Timeline timeline, int index, OptionalLong keyframe) {
        int read = index;
        while (keyframe.isPresent() && timeline.frame(read) < keyframe.getAsLong()) {
            read++;
        }
        return timeline.frame(read);
    }

    /** Where reading starts, on the container's clock, in seconds; below 0 for the very beginning. */
    private static double seek(Timeline timeline, OptionalLong keyframe) {
        if (keyframe.isEmpty()) {
            return -1;
        }
        double seconds = timeline.seekSeconds(keyframe.getAsLong());
        return seconds <= 0 ? -1 : Math.floor(seconds * 1e6) / 1e6;
    }

    private static List<Chunk.Segment> segments(Timeline timeline) {
        List<Integer> starts = new ArrayList<>();
        long next = 0;
        for (int index = 0; index < timeline.frames(); index++) {
            double seconds = timeline.seconds(timeline.frame(index));
            // A hair's breadth of tolerance: 3.9999999 s is the frame at 4 s.
            if (seconds + 1e-6 >= next) {
                starts.add(index);
                long slot = (long) Math.floor((seconds + 1e-6) / TranscodeCommand.SEGMENT_SECONDS);
                next = (slot + 1) * TranscodeCommand.SEGMENT_SECONDS;
            }
        }
        List<Chunk.Segment> segments = new ArrayList<>();
        for (int number = 0; number < starts.size(); number++) {
            int first = starts.get(number);
            boolean last = number + 1 == starts.size();
            int behind = last ? timeline.frames() : starts.get(number + 1);
            long tick = timeline.frame(first);
            long end = last ? timeline.end() : timeline.frame(behind);
            segments.add(new Chunk.Segment(
                    tick,
                    timeline.micros(tick),
                    timeline.seconds(tick),
                    timeline.seconds(end) - timeline.seconds(tick),
                    behind - first));
        }
        return List.copyOf(segments);
    }
}
