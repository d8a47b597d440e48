package dev.claimcheck.e2e;

import java.util.Arrays;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An endpoint that webhooks are sent to, as its owner sees it. */
record WebhookEndpoint(Api api, String id, String secret) {
    /** Adds one that the receiver answers, for events of these types. */
    static WebhookEndpoint add(Api api, Receiver receiver, String... events) {
        ObjectNode json = JsonMapper.shared().createObjectNode().put("url", receiver.url());
        Arrays.stream(events).forEach(json.putArray("events")::add);
        Api.Answer made = api.post("/webhooks", json.toString()).expect(201);
        return new WebhookEndpoint(api, made.text("endpoint_id"), made.text("secret"));
    }

    String path() {
        return "/webhooks/" + id;
    }

    Api.Answer look() {
        return api.get(path());
    }

    /** Has a test sent to it. */
    Api.Answer test() {
        return api.post(path() + "/test");
    }

    /** What was sent to it, of that query. */
    JsonNode deliveries(String query) {
        return api.get(path() + "/deliveries" + query).body().path("deliveries");
    }
}
