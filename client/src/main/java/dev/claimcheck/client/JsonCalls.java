package dev.claimcheck.client;

import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Requests that are answered with JSON, each tried again for a while where trouble passes ({@link HttpCalls#ask}): what reads, deletes or sets may come twice, and every POST carries an idempotency key of its own, under which
 * the service does it once and gives the same answer again. Thread-safe.
 */
record JsonCalls(HttpCalls calls) {
    JsonNode get(String path) throws InterruptedException {
        return calls.ask(calls.request(path).GET().build());
    }

    JsonNode post(String path) throws InterruptedException {
        return post(path, BodyPublishers.noBody());
    }

    JsonNode post(String path, JsonNode body) throws InterruptedException {
        return calls.ask(calls.post(path, body, HttpCalls.newIdempotencyKey()));
    }

    /** @param body read anew for each try */
    JsonNode post(String path, BodyPublisher body) throws InterruptedException {
        return calls.ask(calls.request(path)
                .header("Idempotency-Key", HttpCalls.newIdempotencyKey())
                .POST(body)
                .build());
    }

    /** Sets members to values: again, they are as they are. */
    JsonNode patch(String path, JsonNode body) throws InterruptedException {
        return calls.ask(calls.request(path)
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString(body.toString()))
                .build());
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
