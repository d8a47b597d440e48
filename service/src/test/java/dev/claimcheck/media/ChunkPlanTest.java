package dev.claimcheck.media;

import static dev.claimcheck.media.UsualSource.timeline;
import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.media.ChunkPlan.Whole;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** When a source is cut, and where. */
class ChunkPlanTest {
    @Test
    void shortChunksComeFirstAndLast() {
        List<Chunk> chunks = ChunkPlan.chunks(timeline(140, 50), VideoCodec.H264);

        assertThat(chunks)
                .extracting(chunk -> chunk.segments().size())
                .containsExactly(1, 2, 2, 3, 4, 5, 6, 4, 3, 2, 1, 1, 1);
        assertThat(chunks).extracting(Chunk::firstSegment).startsWith(1, 2, 4, 6, 9, 13, 18, 24, 28);
        assertThat(chunks.stream().mapToInt(Chunk::frames).sum()).isEqualTo(3500);
    }

    /** Many workers share an hour: the last ones to finish hold little then. */
    @Test
    void theLongerASourceTheEarlierItsChunksGetShorter() {
        List<Chunk> chunks = ChunkPlan.chunks(timeline(3600, 50), VideoCodec.H264);

        List<Chunk> tail = chunks.subList(ChunkPlan.tail(chunks), chunks.size());
        assertThat(chunks).hasSize(167);
        assertThat(tail.stream().mapToInt(chunk -> chunk.segments().size()).sum())
                .isEqualTo(128);
        assertThat(tail).extracting(chunk -> chunk.segments().size()).isSortedAccordingTo(Comparator.reverseOrder());
    }

    /** Of a long source the first chunks are made before anything else of it has been looked at. */
    @Test
    void theIntroIsTheSameHoweverMuchFollows() {
        for (int seconds : new int[] {13, 16, 30, 300}) {
            assertThat(ChunkPlan.chunks(timeline(seconds, 50), VideoCodec.H264).subList(0, ChunkPlan.INTRO_CHUNKS))
                    .as("of %d s", seconds)
                    .extracting(Chunk::frames)
                    .containsExactly(100, 200);
        }
    }

    @Test
    void decodingStartsAKeyframeEarlierThanItMust() {
        List<Chunk> chunks = ChunkPlan.chunks(timeline(30, 50), VideoCodec.H264);

        // Keyframes every 2 s: the chunk from 12 s on starts at the one of 10 s, for that of 12 s is the last before
        // its first frame.
        assertThat(chunks.get(2).segments().getFirst().start()).isEqualTo(12);
        assertThat(chunks.get(2).seekSeconds()).isEqualTo(10);
        assertThat(chunks.getFirst().seekSeconds()).isNegative();
    }

    @Test
    void framesInFrontOfAChunkWarmItsEncoderUp() {
        List<Chunk> chunks = ChunkPlan.chunks(timeline(30, 50), VideoCodec.H264);

        assertThat(chunks.getFirst().warmUpTick()).isEmpty();
        assertThat(chunks.get(1).warmUpTick()).hasValue(92);
        assertThat(chunks.get(2).warmUpTick()).hasValue(292);
        assertThat(chunks.get(2).seekSeconds()).as("as without").isEqualTo(10);
    }

    /** Reading starts earlier for them where that costs little: here by half a second. */
    @Test
    void keyframesMayBeCloserTogether() {
        Chunk all = ChunkPlan.chunks(timeline(30, 1), VideoCodec.H264).get(2);
        Chunk everyFifth = ChunkPlan.chunks(timeline(30, 5), VideoCodec.H264).get(2);
        Chunk everySecondSlow = ChunkPlan.chunks(slow(60), VideoCodec.H264).get(2);

        assertThat(all.warmUpTick()).hasValue(292);
        assertThat(all.seekSeconds()).isEqualTo(291 / 25.0);
        assertThat(everyFifth.warmUpTick()).hasValue(292);
        assertThat(everyFifth.seekSeconds()).isEqualTo(285 / 25.0);
        assertThat(everySecondSlow.seekSeconds())
                .as("eight seconds would be too many")
                .isEqualTo(11);
        assertThat(everySecondSlow.warmUpTick()).hasValue(11);
    }

    @Test
    void anAv1EncoderBeginsAsItGoesOn() {
        assertThat(ChunkPlan.chunks(timeline(30, 50), VideoCodec.AV1))
                .extracting(Chunk::warmUpTick)
                .containsOnly(OptionalLong.empty());
    }

    @Test
    void aClipsFirstChunkHasNoFramesInFront() {
        List<Chunk> chunks = ChunkPlan.chunks(timeline(60, 50).clipped(10, 40), VideoCodec.H264);

        assertThat(chunks.getFirst().warmUpTick()).isEmpty();
        assertThat(chunks.get(1).warmUpTick()).hasValue(342);
    }

    @Test
    void aSegmentStartsAtTheFirstFrameOfItsTime() {
        // 29.97 frames per second: no frame is at 4 s sharp.
        long[] frames = LongStream.range(0, 600).map(n -> n * 1001).toArray();
        Timeline timeline = new Timeline(
                1, 30_000, frames, new long[] {0, 60_060, 120_120, 300_300}, 600 * 1001, 0, Optional.empty());

        List<Chunk.Segment> segments = ChunkPlan.chunks(timeline, VideoCodec.H264).stream()
                .flatMap(chunk -> chunk.segments().stream())
                .toList();

        assertThat(segments.get(1).tick()).isEqualTo(120 * 1001);
        assertThat(segments.get(1).micros()).isEqualTo(4_004_000);
        assertThat(segments.getFirst().seconds()).isEqualTo(4.004);
    }

    @Test
    void whatIsNotCutHasAReason() {
        assertThat(ChunkPlan.reasonForOneGo(source("mov", 9.9, "progressive"))).contains(Whole.SHORT);
        assertThat(ChunkPlan.reasonForOneGo(source("avi", 60, "progressive"))).contains(Whole.CONTAINER);
        assertThat(ChunkPlan.reasonForOneGo(source("mpegts", 60, "tt"))).contains(Whole.INTERLACED);
        assertThat(ChunkPlan.reasonForOneGo(source("mov", 60, "progressive"))).isEmpty();
        assertThat(ChunkPlan.reasonForOneGo(timeline(60, 16 * 25))).contains(Whole.KEYFRAMES);
        assertThat(ChunkPlan.reasonForOneGo(timeline(60, 14 * 25))).isEmpty();
        assertThat(ChunkPlan.reasonForOneGo(timeline(5, 25))).contains(Whole.SHORT);
        assertThat(ChunkPlan.reasonForOneGo(read("packet|pts=0|duration=1|flags=K__", "packet|pts=N/A|flags=___")))
                .contains(Whole.TIMES);
        assertThat(ChunkPlan.reasonForOneGo(read("packet|pts=0|flags=K__", "packet|pts=0|flags=___")))
                .contains(Whole.TIMES);
        assertThat(ChunkPlan.reasonForOneGo(read("stream|time_base=1/25"))).contains(Whole.TIMES);
    }

    @Test
    void framesThatAreDecodedButNotShownDoNotCount() {
        Timeline timeline = read(
                "packet|pts=-512|duration=512|flags=KD_",
                "packet|pts=512|duration=512|flags=___",
                "packet|pts=0|duration=512|flags=___",
                "stream|time_base=1/15360",
                "format|start_time=0.000000");

        assertThat(timeline.frames()).isEqualTo(2);
        assertThat(timeline.origin()).isZero();
        assertThat(timeline.seconds(timeline.end())).isEqualTo(1024 / 15360.0);
    }

    @Test
    void aClipIsCutOutByItsFrames() {
        Timeline clip = timeline(60, 50).clipped(10, 30.5);

        assertThat(clip.originSeconds()).isEqualTo(10);
        assertThat(clip.frames()).isEqualTo(513);
        List<Chunk> chunks = ChunkPlan.chunks(clip, VideoCodec.H264);
        assertThat(chunks.getFirst().opens()).isFalse();
        assertThat(chunks.getFirst().seekSeconds()).isEqualTo(8);
        assertThat(chunks.getLast().closes()).isFalse();
        assertThat(timeline(60, 50).clipped(70, 80).flaw()).contains(Timeline.Flaw.NO_FRAMES);
    }

    /** One frame per second, each a keyframe. */
    private static Timeline slow(int seconds) {
        long[] frames = LongStream.range(0, seconds).toArray();
        return new Timeline(1, 1, frames, frames, seconds, 0, Optional.empty());
    }

    private static Timeline read(String... lines) {
        TimelineReader reader = new TimelineReader();
        List.of(lines).forEach(reader::line);
        return reader.timeline();
    }

    private static SourceInfo source(String demuxer, double seconds, String fieldOrder) {
        VideoStream video =
                new VideoStream(0, "h264", 640, 360, 640, 360, 0, 25, 0, "yuv420p", fieldOrder, "", "", "", "", 0);
        return new SourceInfo(
                demuxer, demuxer, seconds, 1, 1, Optional.of(video), List.of(), 0, List.of(), Optional.empty());
    }
}
