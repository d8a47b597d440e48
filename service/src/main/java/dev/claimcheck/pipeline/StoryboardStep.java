package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Storyboard;
import dev.claimcheck.media.WebVtt;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.json.JsonMapper;

/** Makes the storyboard from the smallest rendition, whose decoding costs a hundredth of the source's. */
public final class StoryboardStep implements StepHandler {
    private static final String TRACK = "track.mp4";
    private static final String INDEX = "storyboard.vtt";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public StoryboardStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.05, "Making the storyboard");
        SourceInfo source = SourceSpec.read(workspace);
        Storyboard storyboard = Storyboard.of(source.video().orElseThrow(), source.durationSeconds());
        List<Output> segments =
                TranscodedTracks.smallestPicture(workspace).orElseThrow().objects(workspace);
        ProductKey key = keys.storyboard(storyboard, segments);
        Optional<StepOutcome> reused = key.reused(workspace);
        if (reused.isPresent()) {
            return reused.get();
        }
        TrackFile.join(workspace, segments, TRACK);
        workspace.progress(0.3, "Making the storyboard");
        ProcessResult result = processes.ffmpeg(storyboard.arguments(TRACK), List.of(), workspace.scratch(), _ -> {});
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "making the storyboard");
        }
        List<Callable<Output>> uploads = new ArrayList<>();
        for (String sheet : storyboard.sheets()) {
            Path file = workspace.scratch().resolve(sheet);
            uploads.add(() -> workspace.publish("storyboard/" + sheet, file, "image/jpeg"));
        }
        Path index = ScratchFiles.write(workspace, INDEX, storyboard.webVtt());
        uploads.add(() -> workspace.publish("storyboard/" + INDEX, index, WebVtt.CONTENT_TYPE));
        return key.succeeded(
                JsonMapper.shared()
                        .createObjectNode()
                        .put("interval", storyboard.interval())
                        .put("tiles", storyboard.tiles())
                        .put("tile_width", storyboard.width())
                        .put("tile_height", storyboard.height()),
                SideBySide.run(uploads, "the storyboard cannot be stored"));
    }
}
