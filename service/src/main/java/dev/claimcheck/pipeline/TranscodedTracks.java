package dev.claimcheck.pipeline;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Which finished tracks a job has, as the transcode recorded them: for steps that work from what was made instead of decoding the source again. */
final class TranscodedTracks {
    private TranscodedTracks() {}

    /**
     * A track of CMAF segments.
     *
     * @param folder below the job's link, such as {@code hls/360p}
     * @param segments how many
     */
    record Track(String folder, int segments) {
        /** Puts it together as one MP4 in the scratch folder. */
        void join(StepWorkspace workspace, String file) throws InterruptedException {
            TrackFile.join(workspace, folder, segments, file);
        }
    }

    /** The smallest picture; empty for sound alone. */
    static Optional<Track> smallestPicture(StepWorkspace workspace) {
        JsonNode renditions =
                workspace.resultOf(PipelinePlanner.TRANSCODE_NAME).orElseThrow().path("renditions");
        JsonNode last = renditions.path(renditions.size() - 1);
        return last.isObject()
                ? Optional.of(new Track(
                        "hls/" + last.path("name").asString(),
                        last.path("segments").asInt()))
                : Optional.empty();
    }

    /** The sound; empty without. */
    static Optional<Track> sound(StepWorkspace workspace) {
        int segments = workspace
                .resultOf(PipelinePlanner.TRANSCODE_NAME)
                .orElseThrow()
                .path("audio_segments")
                .asInt(0);
        return segments > 0 ? Optional.of(new Track("hls/audio", segments)) : Optional.empty();
    }
}
