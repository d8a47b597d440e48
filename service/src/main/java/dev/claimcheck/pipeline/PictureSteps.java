package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Plans what a job offers beside the video itself: poster, storyboard, waveform and subtitles. All are optional: where one fails the job completes with a warning.
 * Costs are compute-seconds as measured on two cores. Pure.
 *
 * @param waveform whether jobs with sound get one
 */
public record PictureSteps(boolean waveform) {
    static final String THUMBNAIL = "thumbnail";
    static final String STORYBOARD = "storyboard";
    static final String WAVEFORM = "waveform";
    static final String SUBTITLES = "subtitles";

    /** In a step's specification: the second of the video whose frame is to be the poster. */
    static final String THUMBNAIL_TIME = "thumbnail_time";

    private static final double LIGHT = 0.2;
    private static final double POSTER = 0.6;
    private static final double STORYBOARD_PER_SECOND = 0.005;
    private static final double WAVEFORM_PER_SECOND = 0.002;
    private static final double SUBTITLES_PER_SECOND = 0.001;

    /**
     * Those that need the source alone.
     *
     * @param spec what every one of them is given
     * @param probed the step that looked at the source
     */
    List<PlannedStep> fromSource(SourceInfo source, JsonNode spec, String probed) {
        List<PlannedStep> steps = new ArrayList<>();
        if (source.video().or(source::cover).isPresent()) {
            steps.add(step(THUMBNAIL, List.of(probed), POSTER, spec));
        }
        if (source.subtitles().stream().anyMatch(SubtitleStream::isText)) {
            double cost = LIGHT + source.durationSeconds() * SUBTITLES_PER_SECOND;
            steps.add(step(SUBTITLES, List.of(probed), cost, spec));
        }
        return List.copyOf(steps);
    }

    /**
     * Those that need what was made of it.
     *
     * @param picture whether there is a picture in that
     * @param made the steps after which every segment is there
     */
    List<PlannedStep> fromSegments(SourceInfo source, boolean picture, JsonNode spec, List<String> made) {
        List<PlannedStep> steps = new ArrayList<>();
        double seconds = source.durationSeconds();
        if (picture) {
            steps.add(step(STORYBOARD, made, LIGHT + seconds * STORYBOARD_PER_SECOND, spec));
        }
        if (waveform && source.audio().isPresent()) {
            steps.add(step(WAVEFORM, made, LIGHT + seconds * WAVEFORM_PER_SECOND, spec));
        }
        return List.copyOf(steps);
    }

    private static PlannedStep step(String name, List<String> needs, double cost, JsonNode spec) {
        return new PlannedStep(name, name, QueueName.THUMBNAILS, false, needs, cost, spec);
    }
}
