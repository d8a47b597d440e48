package dev.claimcheck.e2e;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes schemas strict. The published document leaves objects open, since members are added over time; a test that sees a member which the document does not tell of
 * has found a fault of the document.
 */
final class ClosedSchemas {
    private static final List<String> ALTERNATIVES = List.of("anyOf", "oneOf");
    private static final List<String> PARTS = List.of("allOf", "if", "then", "else");
    private static final List<String> TELLING = List.of("$ref", "properties", "allOf");

    private ClosedSchemas() {}

    /** @param whole whether the schema stands for a value by itself, and is no part that others are added to */
    static void close(ObjectNode schema, boolean whole) {
        schema.path("properties").forEach(property -> closeValue(property, true));
        for (String items : List.of("items", "additionalProperties")) {
            closeValue(schema.path(items), true);
        }
        ALTERNATIVES.forEach(name -> schema.path(name).forEach(branch -> closeValue(branch, true)));
        for (String name : PARTS) {
            JsonNode part = schema.path(name);
            if (part.isArray()) {
                part.forEach(branch -> closeValue(branch, false));
            } else {
                closeValue(part, false);
            }
        }
        boolean open = schema.has("additionalProperties") || schema.has("unevaluatedProperties");
        if (whole && !open && TELLING.stream().anyMatch(schema::has)) {
            schema.put("unevaluatedProperties", false);
        }
    }

    private static void closeValue(JsonNode schema, boolean whole) {
        if (schema instanceof ObjectNode object) {
            close(object, whole);
        }
    }
}
