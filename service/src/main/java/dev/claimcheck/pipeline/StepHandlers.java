package dev.claimcheck.pipeline;

import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.MediaProcesses;
import java.util.Map;

/** Which handler does which kind of step. */
public final class StepHandlers {
    private StepHandlers() {}

    /** Every handler by the kind of step that it does. */
    public static Map<String, StepHandler> all(MediaProcesses processes, MediaProbe probe, PictureSteps pictures) {
        return Map.of(
                PipelinePlanner.METADATA, new MetadataStep(probe, pictures),
                PipelinePlanner.TRANSCODE, new TranscodeStep(processes),
                PictureSteps.THUMBNAIL, new ThumbnailStep(processes),
                PictureSteps.STORYBOARD, new StoryboardStep(processes),
                PictureSteps.WAVEFORM, new WaveformStep(processes),
                PictureSteps.SUBTITLES, new SubtitlesStep(processes),
                PipelinePlanner.PACKAGE, new PackageStep(processes),
                PipelinePlanner.FINISH, new FinishStep());
    }
}
