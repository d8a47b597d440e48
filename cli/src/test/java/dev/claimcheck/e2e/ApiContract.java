package dev.claimcheck.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds every answer that a test gets against the OpenAPI document: route, status, headers, content type, body. Thread-safe. */
final class ApiContract {
    private static final ApiDocument DOCUMENT = ApiDocument.read();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private static final Map<JsonNode, Schema> COMPILED = new ConcurrentHashMap<>();
    /** Polls bring the same body again and again. */
    private static final Set<String> SEEN = ConcurrentHashMap.newKeySet();

    private ApiContract() {}

    /** @param body null where it was not read */
    static void check(HttpRequest request, int status, HttpHeaders headers, @Nullable String body) {
        boolean preflight = request.method().equals("OPTIONS")
                && request.headers().firstValue("Access-Control-Request-Method").isPresent();
        String path = request.uri().getRawPath();
        boolean ours = "127.0.0.1".equals(request.uri().getHost())
                || "localhost".equals(request.uri().getHost());
        if (!preflight && ours && path.startsWith("/")) {
            String method = path.startsWith("/videos/tus")
                    ? request.headers()
                            .firstValue("X-HTTP-Method-Override")
                            .orElse(request.method())
                            .toUpperCase(Locale.ROOT)
                    : request.method();
            check(method, path, status, headers, body);
        }
    }

    static void check(String method, String path, int status, HttpHeaders headers, @Nullable String body) {
        String what = method + " " + path + " → " + status;
        Optional<ApiDocument.Operation> operation = DOCUMENT.find(method, path);
        JsonNode response = operation
                .map(found -> DOCUMENT.resolved(found.node().path("responses").path(Integer.toString(status))))
                .filter(found -> !found.isMissingNode())
                .orElse(null);
        if (response == null) {
            requireOutside(what, operation, status, body);
            return;
        }
        requireHeaders(what, response, headers);
        requireBody(what, method, response, headers, body);
    }

    /** What a stream of events tells under that name. */
    static void checkEvent(String name, JsonNode data) {
        JsonNode schema = DOCUMENT.root()
                .path("components")
                .path("schemas")
                .path(name.equals("progress") ? "JobStatus" : "Event");
        assertThat(faults(schema, data))
                .as(() -> "event " + name + " is as openapi.yaml says: " + data)
                .isEmpty();
    }

    /** What a document's schema finds wrong with a value; nothing where it is right. */
    static List<String> faults(JsonNode schema, JsonNode value) {
        return COMPILED
                .computeIfAbsent(schema, found -> SCHEMAS.getSchema(DOCUMENT.schema(found)))
                .validate(value)
                .stream()
                .map(fault -> fault.getInstanceLocation() + ": " + fault.getMessage())
                .toList();
    }

    /** What is said before a route is looked for. */
    private static final Set<String> ANYWHERE = Set.of("invalid_request", "headers_too_large");

    /** Besides its routes the service says only that there is none, or that a request is no valid HTTP, or its head too large. */
    private static void requireOutside(
            String what, Optional<ApiDocument.Operation> operation, int status, @Nullable String body) {
        boolean refused = status >= 400 && status < 500;
        String said = refused && body != null && body.startsWith("{")
                ? JsonMapper.shared().readTree(body).path("code").asString("")
                : "";
        boolean unread = refused && body == null;
        for (JsonNode reference : DOCUMENT.root().path("x-outside-of-routes")) {
            JsonNode codes =
                    DOCUMENT.resolved(reference).at("/content/application~1problem+json/schema/properties/code/enum");
            boolean anywhere =
                    operation.isEmpty() || ANYWHERE.contains(codes.path(0).asString());
            if (anywhere
                    && (unread
                            || codes.valueStream()
                                    .anyMatch(code -> code.asString().equals(said)))) {
                return;
            }
        }
        fail(
                "%s is not in openapi.yaml%s; the answer was %s",
                what, operation.map(found -> " at " + found.pointer()).orElse(""), body);
    }

    private static void requireHeaders(String what, JsonNode response, HttpHeaders headers) {
        response.path("headers").properties().forEach(named -> {
            JsonNode header = DOCUMENT.resolved(named.getValue());
            Optional<String> value = headers.firstValue(named.getKey());
            if (header.path("required").asBoolean(false)) {
                assertThat(value).as(what + " has the header " + named.getKey()).isPresent();
            }
            value.ifPresent(text -> {
                boolean number = header.path("schema").path("type").asString("").equals("integer");
                JsonNode typed = number && text.matches("\\d{1,18}")
                        ? JsonMapper.shared().getNodeFactory().numberNode(Long.parseLong(text))
                        : JsonMapper.shared().getNodeFactory().stringNode(text);
                assertThat(faults(header.path("schema"), typed))
                        .as(what + ", header " + named.getKey() + ": " + text)
                        .isEmpty();
            });
        });
    }

    private static void requireBody(
            String what, String method, JsonNode response, HttpHeaders headers, @Nullable String body) {
        String type = headers.firstValue("Content-Type")
                .orElse("")
                .replaceAll(";.*", "")
                .strip();
        JsonNode content = response.path("content");
        if (content.isMissingNode()) {
            assertThat(body == null ? "" : body).as(what + " has no body").isEmpty();
            return;
        }
        JsonNode media = content.has(type) ? content.path(type) : content.path("*/*");
        assertThat(media.isMissingNode())
                .as("%s has the content type %s, which openapi.yaml does not name", what, type)
                .isFalse();
        boolean json = type.endsWith("json") && !method.equals("HEAD");
        if (!json || body == null || !SEEN.add(what + body.length() + "/" + body.hashCode())) {
            return;
        }
        assertThat(faults(media.path("schema"), JsonMapper.shared().readTree(body)))
                .as(() -> what + " is as openapi.yaml says: " + body)
                .isEmpty();
    }
}
