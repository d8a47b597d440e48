package dev.claimcheck.client;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Why a job or a step failed.
 *
 * @param code stable, such as {@code truncated}; the guide on errors lists them
 * @param message what happened and what to do, for people
 * @param detail for operators, where there is more to say
 * @param step which step it was, where a job or a warning tells
 */
public record JobError(String code, String message, Optional<String> detail, Optional<String> step) {
    static JobError of(JsonNode json) {
        return new JobError(
                json.path("code").asString(""),
                json.path("message").asString(""),
                Json.text(json, "detail"),
                Json.text(json, "step"));
    }
}
