package dev.claimcheck.client;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/**
 * A job's status as the service told it.
 *
 * @param jobId names the job for good
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
                Json.text(json, "message"),
                Json.text(json, "estimated_completion"),
                Json.text(json, "estimated_completion_p90"),
                Json.integer(json, "queue_position"),
                Json.text(json, "video_url"),
                Json.text(json, "download_url"),
                Json.text(json, "thumbnail_url"),
                json.path("error").isObject()
                        ? Optional.of(new Failure(
                                json.path("error").path("code").asString(""),
                                json.path("error").path("message").asString(""),
                                json.path("retry_allowed").asBoolean(false)))
                        : Optional.empty(),
                json);
    }

    /** The steps, while the job goes on and where it failed. */
    public List<JobStep> steps() {
        return Json.list(json, "steps", JobStep::of);
    }

    /** What was found in the file; of a completed job. */
    public Optional<Metadata> metadata() {
        return Json.object(json, "metadata", Metadata::of);
    }

    /** Steps that the job did not need and that failed; of a completed job. */
    public List<JobError> warnings() {
        return Json.list(json, "warnings", JobError::of);
    }

    /** The subtitles that the job offers, as WebVTT. */
    public List<Subtitles> subtitles() {
        return Json.list(json, "subtitles", Subtitles::of);
    }

    /** DASH, of the same segments as {@code videoUrl}. */
    public Optional<String> dashUrl() {
        return Json.text(json, "dash_url");
    }

    /** Small pictures for a player's time bar, as WebVTT. */
    public Optional<String> storyboardUrl() {
        return Json.text(json, "storyboard_url");
    }

    /** When the job was made. */
    public Optional<Instant> createdAt() {
        return Json.time(json, "created_at");
    }

    /** When it ended. */
    public Optional<Instant> finishedAt() {
        return Json.time(json, "finished_at");
    }

    /**
     * Subtitles of a video.
     *
     * @param language an RFC 5646 tag, {@code und} where unknown
     * @param url a path of the service or a whole address ({@link ClaimcheckClient#resolve}); it expires
     */
    public record Subtitles(String language, String name, boolean forced, String url) {
        static Subtitles of(JsonNode json) {
            return new Subtitles(
                    json.path("language").asString("und"),
                    json.path("name").asString(""),
                    json.path("forced").asBoolean(false),
                    json.path("url").asString(""));
        }
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
}
