package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.Waveform;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** Draws the waveform of the sound as it is heard: from the finished track, whose time is the video's. */
public final class WaveformStep implements StepHandler {
    private static final String TRACK = "sound.mp4";
    private static final String RESULT = "waveform.json";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public WaveformStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        String message = "Drawing the waveform";
        workspace.progress(0.05, message);
        double seconds = SourceSpec.read(workspace).durationSeconds();
        Waveform waveform = Waveform.of(seconds);
        List<Output> segments = TranscodedTracks.sound(workspace).orElseThrow().objects(workspace);
        ProductKey key = keys.waveform(waveform, segments);
        Optional<StepOutcome> reused = key.reused(workspace);
        if (reused.isPresent()) {
            return reused.get();
        }
        TrackFile.join(workspace, segments, TRACK);
        ProcessResult result = processes.ffmpeg(
                waveform.arguments(TRACK),
                List.of(),
                workspace.scratch(),
                progress -> workspace.progress(0.2 + 0.7 * progress.outTime().toMillis() / 1000 / seconds, message));
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "drawing the waveform");
        }
        Path file = workspace.scratch().resolve(RESULT);
        int points = waveform.write(workspace.scratch(), file);
        return key.succeeded(
                JsonMapper.shared().createObjectNode().put("points", points),
                List.of(workspace.publish(RESULT, file, "application/json")));
    }
}
