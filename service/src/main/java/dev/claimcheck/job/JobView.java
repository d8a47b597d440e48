package dev.claimcheck.job;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A job as it stood at one moment: one consistent read.
 *
 * @param attempt 1 for the first processing, one more for each retry of the whole job
 * @param warnings JSON array of errors of optional steps
 * @param outputs what a person would fetch: those on the top level of the job's link, its master playlists, storyboard and subtitles; not every segment
 * @param subtitles JSON array of the tracks that the job offers, as the step that made them lists them
 * @param verification proof that what was made piece by piece is one video; empty before that was looked at
 */
public record JobView(
        JobId id,
        OwnerId owner,
        JobStatus status,
        String filename,
        Optional<String> contentType,
        Processing processing,
        Priority priority,
        long size,
        int attempt,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<JsonNode> metadata,
        Optional<JsonNode> error,
        boolean retryAllowed,
        JsonNode warnings,
        List<StepView> steps,
        List<Output> outputs,
        JsonNode subtitles,
        Optional<JsonNode> verification) {
    public JobView {
        steps = List.copyOf(steps);
        outputs = List.copyOf(outputs);
    }

    /** Whether the job offers something under that path. */
    public boolean offers(String path) {
        return outputs.stream().anyMatch(output -> output.path().equals(path));
    }
}
