package dev.claimcheck.client;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Endpoints that events are sent to, and what was sent: {@link ClaimcheckClient#webhooks()}. Thread-safe. What arrives there is verified by {@link WebhookVerifier}.
 * What has no type of its own here is the service's JSON.
 */
public final class Webhooks {
    private static final String WEBHOOKS = "/webhooks";

    private final JsonCalls calls;

    Webhooks(HttpCalls calls) {
        this.calls = new JsonCalls(calls);
    }

    /**
     * What an endpoint is changed to; what is empty stays as it is.
     *
     * @param events types, also with a star: {@code job.*}
     * @param status {@code enabled} or {@code disabled}
     */
    public record Change(
            Optional<String> url,
            Optional<List<String>> events,
            Optional<String> description,
            Optional<String> status) {
        ObjectNode toJson() {
            ObjectNode json = JsonMapper.shared().createObjectNode();
            url.ifPresent(text -> json.put("url", text));
            events.ifPresent(types -> types.forEach(json.putArray("events")::add));
            description.ifPresent(text -> json.put("description", text));
            status.ifPresent(text -> json.put("status", text));
            return json;
        }
    }

    /**
     * An endpoint and its secret, which is told this once.
     *
     * @param secret for {@link WebhookVerifier#of}
     */
    public record Created(WebhookEndpoint endpoint, String secret) {
        /** Without the secret, so that it does not get into logs. */
        @Override
        public String toString() {
            return "Created[endpoint=" + endpoint + "]";
        }
    }

    /**
     * Has the service call that address.
     *
     * @param events types such as {@code job.completed}, also with a star: {@code job.*}; all where none is named
     */
    public Created register(URI url, List<String> events) throws InterruptedException {
        JsonNode answer = create(url.toString(), events, Optional.empty());
        return new Created(WebhookEndpoint.of(answer), answer.path("secret").asString(""));
    }

    /** All endpoints. */
    public List<WebhookEndpoint> endpoints() throws InterruptedException {
        return Json.list(list(), "webhooks", WebhookEndpoint::of);
    }

    /** All endpoints as the service's JSON: {@code webhooks}. */
    public JsonNode list() throws InterruptedException {
        return calls.get(WEBHOOKS);
    }

    /**
     * Makes an endpoint; its {@code secret} is told this once.
     *
     * @param events types, also with a star; all where none is named
     */
    public JsonNode create(String url, List<String> events, Optional<String> description) throws InterruptedException {
        Optional<List<String>> named = events.isEmpty() ? Optional.empty() : Optional.of(events);
        return calls.post(WEBHOOKS, new Change(Optional.of(url), named, description, Optional.empty()).toJson());
    }

    /** One endpoint. */
    public JsonNode get(String endpointId) throws InterruptedException {
        return calls.get(path(endpointId));
    }

    /** Changes an endpoint and gives it as it is then. */
    public JsonNode update(String endpointId, Change change) throws InterruptedException {
        return calls.patch(path(endpointId), change.toJson());
    }

    /** Removes an endpoint. */
    public void delete(String endpointId) throws InterruptedException {
        calls.delete(path(endpointId));
    }

    /**
     * Makes a new secret: {@code secret}, told this once, and {@code previous_expires_at}.
     *
     * @param overlap how long the old one signs too, such as {@code 24h}; the service's usual where empty
     */
    public JsonNode rotateSecret(String endpointId, Optional<String> overlap) throws InterruptedException {
        ObjectNode body = JsonMapper.shared().createObjectNode();
        overlap.ifPresent(text -> body.put("overlap", text));
        return calls.post(path(endpointId) + "/rotate-secret", body);
    }

    /** Sends a {@code webhook.test} event and gives its delivery. */
    public JsonNode test(String endpointId) throws InterruptedException {
        return calls.post(path(endpointId) + "/test");
    }

    /** What was sent or waits to be, newest first: {@code deliveries} and {@code next_cursor}. */
    public JsonNode deliveries(String endpointId, Optional<String> status, int limit, Optional<String> cursor)
            throws InterruptedException {
        return calls.get(new JsonCalls.Path(path(endpointId) + "/deliveries")
                .with("limit", Integer.toString(limit))
                .with("status", status)
                .with("cursor", cursor)
                .toString());
    }

    /** One delivery with its attempts, each with request and answer. */
    public JsonNode delivery(String endpointId, String deliveryId) throws InterruptedException {
        return calls.get(path(endpointId) + "/deliveries/" + HttpCalls.encode(deliveryId));
    }

    /** Sends one delivery again. */
    public JsonNode replay(String endpointId, String deliveryId) throws InterruptedException {
        return calls.post(path(endpointId) + "/deliveries/" + HttpCalls.encode(deliveryId) + "/replay");
    }

    /**
     * Sends again what happened in that time: {@code deliveries} says how many.
     *
     * @param events only these types; those of the endpoint where none is named
     */
    public JsonNode replay(String endpointId, Instant from, Instant to, List<String> events)
            throws InterruptedException {
        ObjectNode body = JsonMapper.shared()
                .createObjectNode()
                .put("from", from.toString())
                .put("to", to.toString());
        if (!events.isEmpty()) {
            events.forEach(body.putArray("events")::add);
        }
        return calls.post(path(endpointId) + "/replay", body);
    }

    private static String path(String endpointId) {
        return WEBHOOKS + "/" + HttpCalls.encode(endpointId);
    }
}
