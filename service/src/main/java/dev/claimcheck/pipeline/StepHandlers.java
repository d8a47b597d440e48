package dev.claimcheck.pipeline;

import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.Profiles;
import dev.claimcheck.media.TimelineScan;
import java.util.Map;

/** Which handler does which kind of step. */
public final class StepHandlers {
    private StepHandlers() {}

    /** Every handler by the kind of step that it does. */
    public static Map<String, StepHandler> all(
            MediaProcesses processes, MediaProbe probe, Profiles profiles, PictureSteps pictures) {
        VideoPlanner planner = new VideoPlanner(new TimelineScan(processes), pictures);
        TranscodeStep transcode = new TranscodeStep(processes);
        return Map.of(
                PipelinePlanner.METADATA, new MetadataStep(probe, planner, profiles),
                PipelinePlanner.INDEX, new IndexStep(planner, profiles),
                PipelinePlanner.TRANSCODE, transcode,
                PipelinePlanner.AUDIO, transcode,
                PictureSteps.THUMBNAIL, new ThumbnailStep(processes),
                PictureSteps.STORYBOARD, new StoryboardStep(processes),
                PictureSteps.WAVEFORM, new WaveformStep(processes),
                PictureSteps.SUBTITLES, new SubtitlesStep(processes),
                PipelinePlanner.PACKAGE, new PackageStep(processes),
                PipelinePlanner.FINISH, new FinishStep());
    }
}
