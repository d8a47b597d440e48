package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.Optional;
import java.util.stream.LongStream;

/** Sources as most of them are, for tests that look at one thing of them; no files. */
public final class UsualSource {
    private UsualSource() {}

    /** H.264 with square pixels, as large as it is shown. */
    public static VideoStream video(int width, int height) {
        return new VideoStream(
                0, "h264", width, height, width, height, 0, 30, 0, "yuv420p", "progressive", "", "", "", "", 0);
    }

    /** 25 frames per second, in ticks of a 25th, one of so many a keyframe. */
    public static Timeline timeline(int seconds, int keyframeEvery) {
        long[] frames = LongStream.range(0, seconds * 25L).toArray();
        long[] keyframes = LongStream.of(frames)
                .filter(frame -> frame % keyframeEvery == 0)
                .toArray();
        return new Timeline(1, 25, frames, keyframes, seconds * 25L, 0, Optional.empty());
    }
}
