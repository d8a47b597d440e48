package dev.claimcheck.http;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** What an endpoint gives back. */
public sealed interface Answer {
    /** An answer in memory; the body is only ever read through duplicates. */
    record InMemory(int status, Map<String, String> headers, ByteBuffer body) implements Answer {}

    /** The endpoint has written the response itself. */
    record Written() implements Answer {}

    /** A JSON answer. */
    static InMemory json(int status, JsonNode body) {
        return json(status, body, Map.of());
    }

    /** A JSON answer with further headers. */
    static InMemory json(int status, JsonNode body, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put("Content-Type", "application/json");
        all.putIfAbsent("Cache-Control", "no-store");
        return new InMemory(status, all, utf8(body.toString()));
    }

    /** An answer without a body. */
    static InMemory empty(int status) {
        return new InMemory(status, Map.of(), ByteBuffer.allocate(0));
    }

    /** A plain text. */
    static InMemory text(int status, String text) {
        return new InMemory(status, Map.of("Content-Type", "text/plain; charset=utf-8"), utf8(text));
    }

    /** The text's bytes. */
    static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)).asReadOnlyBuffer();
    }
}
