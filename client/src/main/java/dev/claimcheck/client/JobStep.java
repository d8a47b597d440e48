package dev.claimcheck.client;

import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A step of a job.
 *
 * @param name such as {@code transcode/003}
 * @param queue that it waits in, such as {@code video_processing}
 * @param status such as {@code RUNNING}; a newer service may say words that this library does not know
 * @param required whether the job needs it; a job whose other steps fail completes with a warning
 * @param attempt from 1 on; 0 while it has not run
 * @param progress 0 to 100
 * @param retryAt when it is tried again, where it is to be
 * @param error why it did not succeed the last time
 */
public record JobStep(
        String name,
        String queue,
        String status,
        boolean required,
        int attempt,
        double progress,
        Optional<String> message,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        Optional<Instant> retryAt,
        Optional<JobError> error) {
    static JobStep of(JsonNode json) {
        return new JobStep(
                json.path("name").asString(""),
                json.path("queue").asString(""),
                json.path("status").asString(""),
                json.path("required").asBoolean(true),
                json.path("attempt").asInt(0),
                json.path("progress").asDouble(0),
                Json.text(json, "message"),
                Json.time(json, "started_at"),
                Json.time(json, "finished_at"),
                Json.time(json, "retry_at"),
                Json.object(json, "error", JobError::of));
    }
}
