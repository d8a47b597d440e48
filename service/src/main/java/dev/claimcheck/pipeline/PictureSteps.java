package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.Storyboard;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans what a job offers beside the video itself: poster, storyboard, waveform and subtitles. All are optional: where one fails the job completes with a warning.
 * Costs are compute-seconds as measured on two cores. Pure.
 *
 * @param waveform whether jobs with sound get one
 */
public record PictureSteps(boolean waveform) {
    static final String THUMBNAIL = "thumbnail";
    static final String STORYBOARD = "storyboard";
    static final String STORYBOARD_SHEET = "storyboard_sheet";
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
     * @param sheets those that {@link #sheets} has planned
     */
    List<PlannedStep> fromSegments(
            SourceInfo source, boolean picture, JsonNode spec, List<String> made, List<PlannedStep> sheets) {
        List<PlannedStep> steps = new ArrayList<>(sheets);
        double seconds = source.durationSeconds();
        if (picture) {
            List<String> needs = new ArrayList<>(made);
            sheets.forEach(sheet -> needs.add(sheet.name()));
            double cost = LIGHT + (sheets.isEmpty() ? seconds * STORYBOARD_PER_SECOND : 0);
            steps.add(step(STORYBOARD, needs, cost, spec));
        }
        if (waveform && source.audio().isPresent()) {
            steps.add(step(WAVEFORM, made, LIGHT + seconds * WAVEFORM_PER_SECOND, spec));
        }
        return List.copyOf(steps);
    }

    /**
     * The sheets of the storyboard, each made as soon as the picture of its stretch is there; none where there is but one.
     *
     * @param chunks those of which the picture is made in its lowest size, by the step that makes it
     */
    List<PlannedStep> sheets(SourceInfo source, JsonNode spec, Map<String, Chunk> chunks) {
        Storyboard storyboard = Storyboard.of(source.video().orElseThrow(), source.durationSeconds());
        if (storyboard.sheets().size() == 1) {
            return List.of();
        }
        List<PlannedStep> steps = new ArrayList<>();
        for (Storyboard.Sheet sheet : storyboard.sheets()) {
            double start = storyboard.start(sheet);
            double end = storyboard.end(sheet);
            List<String> needs = chunks.entrySet().stream()
                    .filter(chunk -> chunk.getValue().startSeconds() < end
                            && chunk.getValue().endSeconds() > start)
                    .map(Map.Entry::getKey)
                    .toList();
            if (!needs.isEmpty()) { // Else the picture ends before: the last step makes that sheet.
                ObjectNode which = ((ObjectNode) spec.deepCopy()).put(StoryboardSheetStep.SHEET, sheet.number());
                steps.add(new PlannedStep(
                        String.format(Locale.ROOT, "%s/%03d", STORYBOARD, sheet.number()),
                        STORYBOARD_SHEET,
                        QueueName.THUMBNAILS,
                        false,
                        needs,
                        LIGHT + (end - start) * STORYBOARD_PER_SECOND,
                        which));
            }
        }
        return List.copyOf(steps);
    }

    private static PlannedStep step(String name, List<String> needs, double cost, JsonNode spec) {
        return new PlannedStep(name, name, QueueName.THUMBNAILS, false, needs, cost, spec);
    }
}
