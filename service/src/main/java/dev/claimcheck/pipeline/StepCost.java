package dev.claimcheck.pipeline;

import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo.VideoStream;
import dev.claimcheck.media.TranscodeTask;

/** Predicted compute-seconds of steps, as measured on two cores. Pure. */
final class StepCost {
    /** Of a step that only looks or copies. */
    static final double LIGHT = 0.2;

    /** CPU-seconds per million pixels decoded, and encoded with x264's veryfast. */
    private static final double DECODE = 0.0083;

    private static final double ENCODE = 0.0375;
    private static final double AUDIO_PER_SECOND = 0.01;
    private static final double USUAL_FRAME_RATE = 30;
    private static final int MOST_FRAME_RATE = 60;

    private StepCost() {}

    /** Of a transcode of so many seconds of the source. */
    static double ofTranscode(TranscodeTask task, double seconds) {
        double picture = task.source()
                .video()
                .filter(_ -> !task.renditions().isEmpty())
                .map(video -> picture(task, video, seconds))
                .orElse(0.0);
        double sound = switch (task.sound()) {
            case WHOLE -> seconds * AUDIO_PER_SECOND;
            case BEGINNING -> AudioCommand.beginningSeconds(seconds) * AUDIO_PER_SECOND;
            case INTRO, NONE -> 0;
        };
        return Math.max(LIGHT, picture + sound);
    }

    private static double picture(TranscodeTask task, VideoStream video, double seconds) {
        double rate = video.frameRate() <= 0 ? USUAL_FRAME_RATE : Math.clamp(video.frameRate(), 1, MOST_FRAME_RATE);
        double decoded = (double) video.codedWidth() * video.codedHeight() / 1e6;
        double encoded =
                task.renditions().stream().mapToDouble(StepCost::megapixels).sum();
        return seconds * rate * (decoded * DECODE + encoded * ENCODE);
    }

    private static double megapixels(Rendition rendition) {
        return (double) rendition.width() * rendition.height() / 1e6;
    }
}
