package dev.claimcheck.client;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Requests that are answered with JSON. What only reads or deletes is tried again for a while ({@link HttpCalls#ask}); what changes something is sent once. Thread-safe. */
record JsonCalls(HttpCalls calls) {
    JsonNode get(String path) throws InterruptedException {
        return calls.ask(calls.request(path).GET().build());
    }

    JsonNode post(String path) throws InterruptedException {
        return HttpCalls.body(
                calls.send(calls.request(path).POST(BodyPublishers.noBody()).build()));
    }

    /** With an idempotency key of its own. */
    JsonNode post(String path, JsonNode body) throws InterruptedException {
        return HttpCalls.body(calls.send(calls.post(path, body, HttpCalls.newIdempotencyKey())));
    }

    JsonNode patch(String path, JsonNode body) throws InterruptedException {
        return HttpCalls.body(calls.send(calls.request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body.toString()))
                .build()));
    }

    void delete(String path) throws InterruptedException {
        calls.delete(path);
    }

    /** Puts paths with a query together. */
    static final class Path {
        private final StringBuilder text;
        private char next = '?';

        Path(String path) {
            text = new StringBuilder(path);
        }

        Path with(String name, String value) {
            if (!value.isEmpty()) {
                text.append(next).append(name).append('=').append(HttpCalls.encode(value));
                next = '&';
            }
            return this;
        }

        Path with(String name, Optional<String> value) {
            return with(name, value.orElse(""));
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }
}
