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
        return Map.ofEntries(
                Map.entry(PipelinePlanner.METADATA, new MetadataStep(probe, planner, profiles)),
                Map.entry(PipelinePlanner.INDEX, new IndexStep(planner, profiles)),
                Map.entry(PipelinePlanner.TRANSCODE, transcode),
                Map.entry(PipelinePlanner.AUDIO, transcode),
                Map.entry(PipelinePlanner.OTHER_AUDIO, new OtherAudioStep(processes)),
                Map.entry(PictureSteps.THUMBNAIL, new ThumbnailStep(processes)),
                Map.entry(PictureSteps.STORYBOARD, new StoryboardStep(processes)),
                Map.entry(PictureSteps.WAVEFORM, new WaveformStep(processes)),
                Map.entry(PictureSteps.SUBTITLES, new SubtitlesStep(processes)),
                Map.entry(PipelinePlanner.PACKAGE, new PackageStep(processes)),
                Map.entry(PipelinePlanner.FINISH, new FinishStep()));
    }
}
