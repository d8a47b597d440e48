package dev.claimcheck.pipeline;

import static java.util.Map.entry;

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
        ProductKeys keys = new ProductKeys(processes.tool());
        TranscodeStep transcode = new TranscodeStep(processes);
        return Map.ofEntries(
                entry(PipelinePlanner.METADATA, new MetadataStep(probe, planner, profiles, keys)),
                entry(PipelinePlanner.FINGERPRINT, new FingerprintStep()),
                entry(PipelinePlanner.INDEX, new IndexStep(planner, profiles, keys)),
                entry(PipelinePlanner.TRANSCODE, transcode),
                entry(PipelinePlanner.AUDIO, transcode),
                entry(PipelinePlanner.OTHER_AUDIO, new OtherAudioStep(processes)),
                entry(PictureSteps.THUMBNAIL, new ThumbnailStep(processes.hurried())),
                entry(PictureSteps.STORYBOARD, new StoryboardStep(processes)),
                entry(PictureSteps.STORYBOARD_SHEET, new StoryboardSheetStep(processes)),
                entry(PictureSteps.WAVEFORM, new WaveformStep(processes)),
                entry(PictureSteps.SUBTITLES, new SubtitlesStep(processes)),
                entry(PipelinePlanner.PACKAGE, new PackageStep(processes)),
                entry(PipelinePlanner.FINISH, new FinishStep()));
    }
}
