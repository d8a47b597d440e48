package dev.claimcheck.e2e;

import java.util.List;
import tools.jackson.databind.JsonNode;

/** What is asked of JSON again and again. */
final class Json {
    private Json() {}

    /** That member of each of the array's objects, in their order. */
    static List<String> texts(JsonNode array, String member) {
        return array.valueStream().map(one -> one.path(member).asString("")).toList();
    }

    /** The first of the array's objects whose member has that value; there must be one. */
    static JsonNode find(JsonNode array, String member, String value) {
        return array.valueStream()
                .filter(one -> one.path(member).asString("").equals(value))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + member + " is " + value + " in " + array));
    }
}
