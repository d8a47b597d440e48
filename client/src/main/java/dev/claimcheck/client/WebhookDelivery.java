package dev.claimcheck.client;

import java.time.Instant;
import tools.jackson.databind.JsonNode;

/**
 * A webhook that was verified.
 *
 * @param id the same however often it is delivered: what you have seen, you need not do again
 * @param sentAt when this delivery was signed
 * @param payload what it says
 */
public record WebhookDelivery(String id, Instant sentAt, JsonNode payload) {
    /** The event's type, such as {@code job.completed}. */
    public String type() {
        return payload.path("type").asString("");
    }
}
