package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.playback.EarlyPlayback;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The last look before the job is called complete: what its status will promise must be there. */
public final class FinishStep implements StepHandler {
    @Override
    public StepOutcome run(StepWorkspace workspace) {
        workspace.progress(0.5, "Finishing");
        boolean picture =
                !EarlyPlayback.read(workspace.results().stream()).renditions().isEmpty();
        // Each throws storage trouble where the object is gone: better a retry than a broken promise.
        workspace.output("hls/master.m3u8");
        workspace.output(picture ? "download.mp4" : "download.m4a");
        return new StepOutcome.Succeeded(
                JsonMapper.shared().createObjectNode(), List.of(), List.of(), Optional.empty());
    }
}
