package dev.claimcheck.client;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Reads members of answers. What is missing, null or of another type is empty: a newer service may say things otherwise. */
final class Json {
    private Json() {}

    static Optional<String> text(JsonNode json, String member) {
        return json.path(member).isString() ? Optional.of(json.path(member).asString()) : Optional.empty();
    }

    static Optional<Instant> time(JsonNode json, String member) {
        return text(json, member).flatMap(text -> {
            try {
                return Optional.of(Instant.parse(text));
            } catch (DateTimeException _) {
                return Optional.empty();
            }
        });
    }

    static OptionalInt integer(JsonNode json, String member) {
        return json.path(member).isInt() ? OptionalInt.of(json.path(member).asInt()) : OptionalInt.empty();
    }

    static <T> Optional<T> object(JsonNode json, String member, Function<JsonNode, T> reader) {
        return json.path(member).isObject() ? Optional.of(reader.apply(json.path(member))) : Optional.empty();
    }

    static <T> List<T> list(JsonNode json, String member, Function<JsonNode, T> reader) {
        return json.path(member).valueStream().map(reader).toList();
    }
}
