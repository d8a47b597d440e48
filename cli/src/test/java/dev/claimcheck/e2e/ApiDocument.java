package dev.claimcheck.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI document that the service carries, as tests look things up in it. Immutable. */
final class ApiDocument {
    private static final List<String> METHODS = List.of("get", "head", "post", "put", "patch", "delete", "options");

    /** What a parameter that takes several segments looks like here. */
    private static final String WIDE = "{…}";

    private final JsonNode root;
    private final List<Operation> operations;

    /**
     * One method of one path.
     *
     * @param pattern the path's segments
     * @param pointer where it stands in the document, for people
     */
    record Operation(String method, List<String> pattern, JsonNode node, String pointer) {
        /** Literal segments win over parameters, as in OpenAPI 3.1 §4.8.8.2. */
        private int parameters() {
            return (int) pattern.stream().filter(part -> part.startsWith("{")).count();
        }

        /** One parameter at most takes several segments. */
        private boolean matches(List<String> segments) {
            int more = segments.size() - pattern.size();
            int wide = pattern.indexOf(WIDE);
            if (more < 0 || (more > 0 && wide < 0)) {
                return false;
            }
            for (int index = 0; index < pattern.size(); index++) {
                String part = pattern.get(index);
                int at = wide >= 0 && index > wide ? index + more : index;
                if (!part.startsWith("{") && !part.equals(segments.get(at))) {
                    return false;
                }
            }
            return true;
        }
    }

    private ApiDocument(JsonNode root) {
        this.root = root;
        this.operations = root.path("paths").properties().stream()
                .flatMap(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .map(method -> new Operation(
                                method.getKey().toUpperCase(java.util.Locale.ROOT),
                                pattern(path.getKey(), path.getValue(), method.getValue()),
                                method.getValue(),
                                method.getKey() + " " + path.getKey())))
                .sorted(Comparator.comparingInt(Operation::parameters))
                .toList();
    }

    static ApiDocument read() {
        try (InputStream in = ApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            if (in == null) {
                throw new IllegalStateException("the service carries no openapi.yaml");
            }
            return new ApiDocument(new YAMLMapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    List<Operation> operations() {
        return operations;
    }

    /** The operation that answers this request; HEAD is GET without a body where it is not told apart. */
    Optional<Operation> find(String method, String path) {
        List<String> segments = segments(path);
        return operations.stream()
                .filter(operation -> operation.method().equals(method) && operation.matches(segments))
                .findFirst()
                .or(() -> method.equals("HEAD") ? find("GET", path) : Optional.empty());
    }

    /** The node, or what it refers to. */
    JsonNode resolved(JsonNode node) {
        String reference = node.path("$ref").asString("");
        return reference.isEmpty() ? node : resolved(root.at(reference.substring(1)));
    }

    /** That schema with all it refers to, in one piece. Objects in it are closed: what the document does not tell of is a fault. */
    ObjectNode schema(JsonNode schema) {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        whole.putArray("allOf").add(rewritten(schema));
        ObjectNode definitions = whole.putObject("$defs");
        for (Map.Entry<String, JsonNode> named :
                root.path("components").path("schemas").properties()) {
            definitions.set(named.getKey(), rewritten(named.getValue()));
        }
        ClosedSchemas.close((ObjectNode) whole.path("allOf").path(0), true);
        definitions.properties().forEach(named -> ClosedSchemas.close((ObjectNode) named.getValue(), false));
        return whole;
    }

    private JsonNode rewritten(JsonNode node) {
        return new YAMLMapper()
                .readTree(node.toString().replace("\"#/components/schemas/", "\"#/$defs/"))
                .deepCopy();
    }

    private static List<String> pattern(String path, JsonNode item, JsonNode operation) {
        String marked = path;
        for (JsonNode parameters : List.of(item.path("parameters"), operation.path("parameters"))) {
            for (JsonNode parameter : parameters) {
                if (parameter.path("x-several-segments").asBoolean(false)) {
                    marked = marked.replace("{" + parameter.path("name").asString() + "}", WIDE);
                }
            }
        }
        return segments(marked);
    }

    static List<String> segments(String path) {
        return Arrays.asList(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
    }
}
