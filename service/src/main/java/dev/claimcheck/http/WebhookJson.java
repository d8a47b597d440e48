package dev.claimcheck.http;

import dev.claimcheck.webhook.WebhookDelivery;
import dev.claimcheck.webhook.WebhookEndpoint;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Endpoints and deliveries as clients read them. */
final class WebhookJson {
    private WebhookJson() {}

    static ObjectNode endpoint(WebhookEndpoint endpoint) {
        ObjectNode json = JsonMapper.shared()
                .createObjectNode()
                .put("endpoint_id", endpoint.id().toString())
                .put("url", endpoint.url().text())
                .put("description", endpoint.description());
        ArrayNode events = json.putArray("events");
        endpoint.filter().patterns().forEach(events::add);
        json.put("status", endpoint.enabled() ? "enabled" : "disabled")
                .put("disabled_reason", endpoint.disabledReason().orElse(null))
                .put("circuit", lower(endpoint.circuit()))
                .put("created_at", JobJson.text(endpoint.createdAt()))
                .put("updated_at", JobJson.text(endpoint.updatedAt()))
                .put("last_delivery_at", text(endpoint.lastDeliveryAt()))
                .put("last_status_code", boxed(endpoint.lastStatusCode()))
                .put("delivered_24h", endpoint.delivered())
                .put("failed_24h", endpoint.failed())
                .put("waiting", endpoint.waiting());
        ArrayNode secrets = json.putArray("secrets");
        endpoint.secrets()
                .forEach(secret -> secrets.addObject()
                        .put("created_at", JobJson.text(secret.createdAt()))
                        .put("expires_at", text(secret.expiresAt())));
        return json;
    }

    static ObjectNode delivery(WebhookDelivery delivery) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("delivery_id", Long.toString(delivery.id()))
                .put("endpoint_id", delivery.endpoint().toString())
                .put("event_id", delivery.messageId())
                .put("type", delivery.type())
                .put("job_id", delivery.job().map(Object::toString).orElse(null))
                .put("status", lower(delivery.status()))
                .put("attempts", delivery.attempts())
                .put("created_at", JobJson.text(delivery.createdAt()))
                .put("next_attempt_at", text(delivery.nextAttemptAt()))
                .put("finished_at", text(delivery.finishedAt()))
                .put("last_status_code", boxed(delivery.lastStatusCode()))
                .put("last_error", delivery.lastError().orElse(null));
    }

    static ObjectNode detail(WebhookDelivery.Detail detail) {
        ObjectNode json = delivery(detail.delivery());
        ArrayNode log = json.putArray("attempts_log");
        for (WebhookDelivery.Attempt attempt : detail.attempts()) {
            ObjectNode entry = log.addObject()
                    .put("attempt", attempt.number())
                    .put("at", JobJson.text(attempt.at()))
                    .put("duration_ms", attempt.duration().toMillis());
            ObjectNode request = entry.putObject("request").put("url", attempt.url());
            request.set("headers", headers(attempt.requestHeaders()));
            request.put("body", detail.requestBody());
            entry.putNull("response");
            attempt.response()
                    .ifPresent(response -> entry.putObject("response")
                            .put("status_code", response.statusCode())
                            .put("body", response.body())
                            .set("headers", headers(response.headers())));
            entry.put("error", attempt.error().orElse(null));
        }
        return json;
    }

    private static ObjectNode headers(Map<String, String> headers) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        headers.forEach(json::put);
        return json;
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable String text(Optional<Instant> at) {
        return at.map(JobJson::text).orElse(null);
    }

    private static @Nullable Integer boxed(OptionalInt value) {
        return value.isPresent() ? value.getAsInt() : null;
    }
}
