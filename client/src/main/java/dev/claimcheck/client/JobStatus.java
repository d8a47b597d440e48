package dev.claimcheck.client;

import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A job's status as the service told it.
 *
 * @param status such as {@code IN_PROGRESS}; a newer service may say words that this library does not know
 * @param progress 0 to 100
 * @param estimatedCompletion when the job will be done, as likely before as after; ISO-8601, empty where nobody can say
 * @param estimatedCompletionP90 the same, nine times in ten before
 * @param queuePosition where nothing of the job runs: 1 when it is the next one
 * @param json everything the service said
 */
public record JobStatus(
        String jobId,
        String status,
        String filename,
        double progress,
        Optional<String> message,
        Optional<String> estimatedCompletion,
        Optional<String> estimatedCompletionP90,
        OptionalInt queuePosition,
        Optional<String> videoUrl,
        Optional<String> downloadUrl,
        Optional<String> thumbnailUrl,
        Optional<Failure> failure,
        JsonNode json) {

    /** Why a job failed, and whether a retry is allowed. */
    public record Failure(String code, String message, boolean retryAllowed) {}

    static JobStatus of(JsonNode json) {
        return new JobStatus(
                json.path("job_id").asString(""),
                json.path("status").asString(""),
                json.path("filename").asString(""),
                json.path("progress").asDouble(0),
                text(json, "message"),
                text(json, "estimated_completion"),
                text(json, "estimated_completion_p90"),
                json.path("queue_position").isInt()
                        ? OptionalInt.of(json.path("queue_position").asInt())
                        : OptionalInt.empty(),
                text(json, "video_url"),
                text(json, "download_url"),
                text(json, "thumbnail_url"),
                json.path("error").isObject()
                        ? Optional.of(new Failure(
                                json.path("error").path("code").asString(""),
                                json.path("error").path("message").asString(""),
                                json.path("retry_allowed").asBoolean(false)))
                        : Optional.empty(),
                json);
    }

    /** Whether the job has ended, well or not. */
    public boolean hasEnded() {
        return switch (status) {
            case "COMPLETED", "FAILED", "CANCELLED", "EXPIRED" -> true;
            default -> false;
        };
    }

    /** Whether it ended well. */
    public boolean isCompleted() {
        return status.equals("COMPLETED");
    }

    private static Optional<String> text(JsonNode json, String member) {
        return json.path(member).isString() ? Optional.of(json.path(member).asString()) : Optional.empty();
    }
}
