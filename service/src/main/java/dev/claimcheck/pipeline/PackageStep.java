package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.PackageCommand;
import dev.claimcheck.media.ProcessResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes the download from the segments of the best rendition and the sound: a fast-start MP4, without encoding anything again. */
public final class PackageStep implements StepHandler {
    private final MediaProcesses processes;

    public PackageStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.05, "Packaging the download");
        JsonNode transcoded = workspace.resultOf(PipelinePlanner.TRANSCODE_NAME).orElseThrow();
        List<String> tracks = new ArrayList<>();
        JsonNode best = transcoded.path("renditions").path(0);
        if (best.isObject()) {
            TrackFile.join(
                    workspace,
                    "hls/" + best.path("name").asString(),
                    best.path("segments").asInt(),
                    "v.mp4");
            tracks.add("v.mp4");
        }
        if (transcoded.path("audio_segments").asInt(0) > 0) {
            TrackFile.join(
                    workspace, "hls/audio", transcoded.path("audio_segments").asInt(), "a.mp4");
            tracks.add("a.mp4");
        }
        workspace.progress(0.5, "Packaging the download");
        ProcessResult result = processes.ffmpeg(
                PackageCommand.arguments(tracks, "download.mp4"), List.of(), workspace.scratch(), _ -> {});
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "packaging the download");
        }
        Path file = workspace.scratch().resolve("download.mp4");
        Output output = best.isObject()
                ? workspace.publish("download.mp4", file, "video/mp4")
                : workspace.publish("download.m4a", file, "audio/mp4");
        return new StepOutcome.Succeeded(
                JsonMapper.shared().createObjectNode(), List.of(output), List.of(), Optional.empty());
    }
}
