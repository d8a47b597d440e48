package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * An address that the service calls.
 *
 * @param events the types it is told of
 * @param status {@code enabled} or {@code disabled}
 * @param disabledReason why the service has disabled it, where it has
 * @param json everything the service said
 */
public record WebhookEndpoint(
        String id,
        String url,
        String description,
        List<String> events,
        String status,
        Optional<String> disabledReason,
        JsonNode json) {
    static WebhookEndpoint of(JsonNode json) {
        JsonNode shown = json instanceof tools.jackson.databind.node.ObjectNode object
                ? object.deepCopy().without("secret")
                : json;
        return new WebhookEndpoint(
                json.path("endpoint_id").asString(""),
                json.path("url").asString(""),
                json.path("description").asString(""),
                Json.list(json, "events", JsonNode::asString),
                json.path("status").asString(""),
                Json.text(json, "disabled_reason"),
                shown);
    }
}
