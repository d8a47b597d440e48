package dev.claimcheck.pipeline;

import dev.claimcheck.media.MediaProbe;
import dev.claimcheck.media.MediaProcesses;
import java.util.Map;

/** Which handler does which kind of step. */
public final class StepHandlers {
    private StepHandlers() {}

    /** Every handler by the kind of step that it does. */
    public static Map<String, StepHandler> all(MediaProcesses processes, MediaProbe probe) {
        return Map.of(
                PipelinePlanner.METADATA, new MetadataStep(probe),
                PipelinePlanner.TRANSCODE, new TranscodeStep(processes),
                PipelinePlanner.THUMBNAIL, new ThumbnailStep(processes),
                PipelinePlanner.PACKAGE, new PackageStep(processes),
                PipelinePlanner.FINISH, new FinishStep());
    }
}
