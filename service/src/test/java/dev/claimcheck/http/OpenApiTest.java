package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.Application;
import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The OpenAPI document against the service as it is put together: every route, every code, and how it is served. */
class OpenApiTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "patch", "delete", "options");

    @TempDir
    static Path data;

    private static Application application;
    private static JsonNode document;

    @BeforeAll
    static void start() throws Exception {
        PostgresAddress database = TestDatabase.fresh();
        Map<String, String> settings =
                Map.of("data", data.toString(), "port", "0", "roles", "api", "database.url", url(database));
        application = Application.start(ServiceConfig.load(settings, Map.of(), Optional.empty()));
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/openapi.yaml")) {
            document = new YAMLMapper().readTree(in);
        }
    }

    @AfterAll
    static void stop() {
        application.close();
    }

    @Test
    void everyRouteIsInTheDocumentAndEveryOperationIsARoute() {
        Set<String> routes = new TreeSet<>(application.routes());
        Set<String> operations = new TreeSet<>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().propertyNames().stream()
                        .filter(METHODS::contains)
                        .forEach(method -> operations.add(method.toUpperCase(Locale.ROOT) + " "
                                + asRouted(path.getKey(), path.getValue(), method))));

        assertThat(operations).isEqualTo(routes);
    }

    @Test
    void everyErrorCodeIsSaidByAnOperationWithItsStatus() {
        Map<String, Set<String>> statuses = new LinkedHashMap<>();
        document.path("paths")
                .forEach(path -> path.properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method -> method.getValue()
                                .path("responses")
                                .properties()
                                .forEach(response -> codes(response.getValue())
                                        .forEach(code -> statuses.computeIfAbsent(code, _ -> new TreeSet<>())
                                                .add(response.getKey())))));
        document.path("x-outside-of-routes")
                .forEach(response ->
                        codes(response).forEach(code -> statuses.computeIfAbsent(code, _ -> new TreeSet<>())));

        assertThat(statuses.keySet())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(ErrorCode.values()).map(ErrorCode::code).toList());
        assertThat(ErrorCode.values())
                .allSatisfy(code -> assertThat(statuses.get(code.code()))
                        .as(code.code())
                        .isSubsetOf(Integer.toString(code.status())));
    }

    @Test
    void everyProblemsExampleIsInTheServicesWords() {
        assertThat(ErrorCode.values()).allSatisfy(code -> {
            JsonNode example = document.at("/components/examples/" + code.code() + "/value");
            assertThat(example.path("title").asString("")).isEqualTo(code.title());
            assertThat(example.path("status").asInt()).isEqualTo(code.status());
        });
    }

    @Test
    void theDocumentIsServedWithoutAKeyAndKeptByCaches() throws Exception {
        HttpResponse<String> yaml = get("/openapi.yaml");
        HttpResponse<String> json = get("/openapi.json");

        assertThat(yaml.statusCode()).isEqualTo(200);
        assertThat(yaml.headers().firstValue("Content-Type")).contains("application/yaml");
        assertThat(new YAMLMapper().readTree(yaml.body())).isEqualTo(document);
        assertThat(JsonMapper.shared().readTree(json.body())).isEqualTo(document);
        for (HttpResponse<String> answer : List.of(yaml, json)) {
            String etag = answer.headers().firstValue("ETag").orElseThrow();
            assertThat(get(answer.uri().getPath(), "If-None-Match", etag).statusCode())
                    .isEqualTo(304);
            assertThat(get(answer.uri().getPath(), "If-None-Match", "\"other\"").statusCode())
                    .isEqualTo(200);
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .contains("*");
        }
    }

    @Test
    void theDocumentIsSentCompressedToWhoeverTakesThat() throws Exception {
        HttpResponse<String> plain = get("/openapi.yaml");
        HttpResponse<String> small = get("/openapi.yaml", "Accept-Encoding", "br, gzip");

        assertThat(small.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(small.headers().firstValueAsLong("Content-Length").orElseThrow())
                .isLessThan(plain.headers().firstValueAsLong("Content-Length").orElseThrow() / 3);
        assertThat(small.headers().firstValue("ETag"))
                .isNotEqualTo(plain.headers().firstValue("ETag"));
        assertThat(get("/openapi.yaml", "Accept-Encoding", "gzip;q=0").headers().firstValue("Content-Encoding"))
                .isEmpty();
    }

    @Test
    void thePageAtDocsConsistsOfFilesOfItsOwn() throws Exception {
        HttpResponse<String> page = get("/docs");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.body()).doesNotContain("http:", "https:", "<style", "style=");
        for (String file :
                List.of("swagger-ui-bundle.js", "swagger-ui.css", "reference.js", "reference.css", "ticket.svg")) {
            assertThat(page.body()).contains("/docs/" + file);
            assertThat(get("/docs/" + file).statusCode()).as(file).isEqualTo(200);
        }
        assertThat(get("/docs/other.js").statusCode()).isEqualTo(404);
        assertThat(get("/docs/..%2fopenapi.yaml").statusCode()).isIn(400, 404);
    }

    /** A parameter that takes several segments is {@code {name...}} to the router. */
    private static String asRouted(String path, JsonNode item, String method) {
        return Stream.of(item.path("parameters"), item.path(method).path("parameters"))
                .flatMap(JsonNode::valueStream)
                .filter(parameter -> parameter.path("x-several-segments").asBoolean(false))
                .map(parameter -> parameter.path("name").asString())
                .reduce(path, (found, name) -> found.replace("{" + name + "}", "{" + name + "...}"));
    }

    private static List<String> codes(JsonNode response) {
        String reference = response.path("$ref").asString("");
        JsonNode found = reference.isEmpty() ? response : document.at(reference.substring(1));
        return found.at("/content/application~1problem+json/schema/properties/code/enum")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(application.address().resolve(path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return HTTP.send(request.build(), BodyHandlers.ofString());
    }

    private static String url(PostgresAddress address) {
        return address.jdbcUrl()
                .replace(
                        "jdbc:postgresql://",
                        "postgresql://" + address.user().orElseThrow() + ":"
                                + address.password().orElseThrow() + "@");
    }
}
