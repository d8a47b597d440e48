package dev.claimcheck.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The whole job.
 *
 * @param status where it stands, with the links to what it has made
 * @param startedAt when its first step began
 * @param profile that it was made with
 * @param priority {@code high}, {@code normal} or {@code low}
 * @param size of the file that was uploaded, in bytes
 * @param attempt 1, and one more for each retry of the whole job
 * @param metadata empty until the file was looked at
 * @param warnings of steps that the job did not need and that failed
 * @param outputs what a person would fetch; not every segment
 * @param json everything the service said
 */
public record Job(
        JobStatus status,
        Optional<Instant> startedAt,
        String profile,
        String priority,
        long size,
        int attempt,
        Optional<Metadata> metadata,
        List<JobError> warnings,
        List<JobStep> steps,
        List<Output> outputs,
        JsonNode json) {
    /**
     * A result.
     *
     * @param url a path of the service or a whole address ({@link ClaimcheckClient#resolve}); it expires
     * @param size in bytes
     */
    public record Output(String path, String url, String contentType, long size) {
        static Output of(JsonNode json) {
            return new Output(
                    json.path("path").asString(""),
                    json.path("url").asString(""),
                    json.path("content_type").asString(""),
                    json.path("size").asLong(0));
        }
    }

    static Job of(JsonNode json) {
        return new Job(
                JobStatus.of(json),
                Json.time(json, "started_at"),
                json.path("profile").asString(""),
                json.path("priority").asString(""),
                json.path("size").asLong(0),
                json.path("attempt").asInt(0),
                Json.object(json, "metadata", Metadata::of),
                Json.list(json, "warnings", JobError::of),
                Json.list(json, "steps", JobStep::of),
                Json.list(json, "outputs", Output::of),
                json);
    }

    /** The job's id. */
    public String id() {
        return status.jobId();
    }
}
