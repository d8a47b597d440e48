package dev.claimcheck.client;

import tools.jackson.databind.JsonNode;

/**
 * Something that happened.
 *
 * @param id tells it apart for good, also where it comes twice; the place to go on from
 * @param type such as {@code job.completed}; a newer service may say words that this library does not know
 * @param jobId whose; empty of what is no job's, such as {@code webhook.disabled}
 * @param at ISO-8601
 * @param data what belongs to the type
 * @param json everything the service said
 */
public record Event(String id, String type, String jobId, String at, JsonNode data, JsonNode json) {
    /** Whether a job has ended with it, well or not. */
    public boolean isEndOfJob() {
        return switch (type) {
            case "job.completed", "job.failed", "job.cancelled", "job.expired", "job.merged", "job.deleted" -> true;
            default -> false;
        };
    }

    static Event of(JsonNode json) {
        return new Event(
                json.path("id").asString(""),
                json.path("type").asString(""),
                json.path("job_id").asString(""),
                json.path("at").asString(""),
                json.path("data"),
                json);
    }
}
