package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.InputStream;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document by itself: well-formed, without loose ends, its examples as its schemas say. */
class ApiDocumentTest {
    private static final ApiDocument DOCUMENT = ApiDocument.read();

    /** The schema is the OpenAPI Initiative's own (spec.openapis.org/oas/3.1/schema, Apache-2.0). */
    @Test
    void isWellFormed() throws Exception {
        try (InputStream in = ApiDocumentTest.class.getResourceAsStream("/openapi-3.1.schema.json")) {
            assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                            .getSchema(in)
                            .validate(DOCUMENT.root()))
                    .isEmpty();
        }
    }

    @Test
    void everySchemaIsOne() throws Exception {
        var dialect = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(com.networknt.schema.SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
        Map<String, JsonNode> schemas = new HashMap<>();
        collect(DOCUMENT.root(), "#", schemas);

        assertThat(schemas).hasSizeGreaterThan(100);
        assertThat(schemas)
                .allSatisfy((where, schema) ->
                        assertThat(dialect.validate(schema)).as(where).isEmpty());
    }

    @Test
    void hasNoLooseEnds() {
        Set<String> used = new HashSet<>();
        references(DOCUMENT.root(), used);
        Set<String> defined = new TreeSet<>();
        DOCUMENT.root()
                .path("components")
                .properties()
                .forEach(kind -> kind.getValue()
                        .propertyNames()
                        .forEach(name -> defined.add("#/components/" + kind.getKey() + "/" + name)));
        defined.removeIf(name -> name.startsWith("#/components/securitySchemes/"));

        assertThat(used).as("what is used").isEqualTo(defined);
    }

    @Test
    void everyOperationSaysWhatItIs() {
        Set<String> tags = new HashSet<>();
        DOCUMENT.root().path("tags").forEach(tag -> tags.add(tag.path("name").asString()));
        Set<String> ids = new HashSet<>();

        assertThat(DOCUMENT.operations()).allSatisfy(operation -> {
            assertThat(operation.node().path("summary").asString(""))
                    .as(operation.pointer())
                    .isNotBlank();
            assertThat(ids.add(operation.node().path("operationId").asString("")))
                    .as(operation.pointer())
                    .isTrue();
            assertThat(tags).contains(operation.node().path("tags").path(0).asString(""));
            boolean open = operation.node().path("security").isArray();
            assertThat(operation.node().path("responses").has("401"))
                    .as(operation.pointer() + " tells of 401 where it needs a key")
                    .isEqualTo(!open || operation.pointer().contains("console-session"));
        });
    }

    /** Also those of requests. */
    @Test
    void everyExampleIsAsItsSchemaSays() {
        List<String> faults = new ArrayList<>();
        int[] examples = {0};
        media(DOCUMENT.root(), "#", (where, media) -> {
            JsonNode schema = media.path("schema");
            media.path("examples").properties().forEach(named -> {
                examples[0]++;
                JsonNode value = DOCUMENT.resolved(named.getValue()).path("value");
                ApiContract.faults(schema, value)
                        .forEach(fault -> faults.add(where + "/" + named.getKey() + " " + fault));
            });
        });

        assertThat(faults).isEmpty();
        assertThat(examples[0]).isGreaterThan(80);
    }

    @Test
    void everyJsonAnswerHasAnExample() {
        assertThat(DOCUMENT.operations())
                .allSatisfy(operation -> operation
                        .node()
                        .path("responses")
                        .properties()
                        .forEach(response -> {
                            JsonNode json = DOCUMENT.resolved(response.getValue())
                                    .path("content")
                                    .path("application/json");
                            boolean told = json.isMissingNode()
                                    || json.has("examples")
                                    || operation.pointer().contains("/media/")
                                    || operation.pointer().contains("/openapi");
                            assertThat(told)
                                    .as(operation.pointer() + " " + response.getKey())
                                    .isTrue();
                        }));
    }

    @Test
    void theCheckFindsWhatTheDocumentDoesNotTell() {
        HttpHeaders json = HttpHeaders.of(
                Map.of("Content-Type", List.of("application/json"), "Cache-Control", List.of("no-store")),
                (_, _) -> true);
        HttpHeaders problem =
                HttpHeaders.of(Map.of("Content-Type", List.of("application/problem+json")), (_, _) -> true);
        String page = "{\"jobs\": [], \"next_cursor\": null}";
        ApiContract.check("GET", "/videos/jobs", 200, json, page);

        refuses("GET", "/videos/jobs", 200, json, "{\"jobs\": []}");
        refuses("GET", "/videos/jobs", 200, json, "{\"jobs\": [], \"next_cursor\": null, \"more\": 1}");
        refuses("GET", "/videos/jobs", 200, json, "{\"jobs\": [{}], \"next_cursor\": null}");
        refuses("GET", "/videos/jobs", 201, json, page);
        refuses("GET", "/videos/films", 200, json, page);
        refuses("PATCH", "/videos/jobs", 200, json, page);
        refuses("GET", "/videos/jobs", 200, problem, page);
        refuses(
                "GET",
                "/videos/jobs",
                200,
                HttpHeaders.of(Map.of("Content-Type", List.of("application/json")), (_, _) -> true),
                page);
        refuses("GET", "/videos/jobs", 401, problem, problem("forbidden", 401));
        refuses("DELETE", "/watermarks/x", 204, json, "{}");
    }

    private static String problem(String code, int status) {
        return "{\"type\": \"about:blank#" + code + "\", \"title\": \"No\", \"status\": " + status
                + ", \"detail\": \"This is what is wrong here.\", \"code\": \"" + code + "\"}";
    }

    private static void refuses(String method, String path, int status, HttpHeaders headers, String body) {
        Assertions.assertThatThrownBy(() -> ApiContract.check(method, path, status, headers, body))
                .isInstanceOf(AssertionError.class);
    }

    private static void collect(JsonNode node, String where, Map<String, JsonNode> schemas) {
        node.properties().forEach(member -> {
            String here = where + "/" + member.getKey();
            if (member.getKey().equals("schema")) {
                schemas.put(here, member.getValue());
            } else if (here.equals("#/components/schemas")) {
                member.getValue()
                        .properties()
                        .forEach(named -> schemas.put(here + "/" + named.getKey(), named.getValue()));
            } else if (!member.getKey().equals("examples")) {
                collect(member.getValue(), here, schemas);
            }
        });
        if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                collect(node.path(index), where + "/" + index, schemas);
            }
        }
    }

    private static void references(JsonNode node, Set<String> used) {
        if (node.path("$ref").isString()) {
            used.add(node.path("$ref").asString());
        }
        node.forEach(child -> references(child, used));
    }

    private static void media(JsonNode node, String where, java.util.function.BiConsumer<String, JsonNode> visitor) {
        node.properties().forEach(member -> {
            String here = where + "/" + member.getKey();
            if (member.getKey().equals("content") && member.getValue().isObject()) {
                member.getValue()
                        .properties()
                        .forEach(type -> visitor.accept(here + "/" + type.getKey(), type.getValue()));
            }
            media(member.getValue(), here, visitor);
        });
        if (node.isArray()) {
            for (int index = 0; index < node.size(); index++) {
                media(node.path(index), where + "/" + index, visitor);
            }
        }
    }
}
