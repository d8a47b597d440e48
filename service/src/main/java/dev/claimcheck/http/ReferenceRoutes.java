package dev.claimcheck.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The interface's own description: OpenAPI 3.1 as YAML and as JSON, and a page that shows it. Open to everybody. */
final class ReferenceRoutes {
    private static final String DOCUMENT = "/openapi.yaml";
    private static final Pattern NAME = Pattern.compile("[a-z-]+\\.(js|css|svg)");
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml");

    /** Read at the first request, so that a start does not wait for it. */
    private final Map<String, StaticContent> read = new ConcurrentHashMap<>();

    void addTo(Router router) {
        router.on(
                        "GET",
                        DOCUMENT,
                        Router.Access.OPEN,
                        exchange -> content(DOCUMENT, "application/yaml").answer(exchange))
                .on(
                        "GET",
                        "/openapi.json",
                        Router.Access.OPEN,
                        exchange -> read.computeIfAbsent("json", _ -> json()).answer(exchange))
                .on(
                        "GET",
                        "/docs",
                        Router.Access.OPEN,
                        exchange -> content("/reference/index.html", "text/html; charset=utf-8")
                                .answer(exchange))
                .on(
                        "GET",
                        "/docs/{file}",
                        Router.Access.OPEN,
                        exchange -> file(exchange.path("file")).answer(exchange));
    }

    private StaticContent file(String name) {
        if (!NAME.matcher(name).matches()) {
            throw nothing();
        }
        return content("/reference/" + name, TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), ""));
    }

    private StaticContent content(String path, String type) {
        return Optional.ofNullable(read.get(path)).orElseGet(() -> {
            StaticContent found = StaticContent.ofResource(path, type).orElseThrow(ReferenceRoutes::nothing);
            read.put(path, found);
            return found;
        });
    }

    private static StaticContent json() {
        try (InputStream in = ReferenceRoutes.class.getResourceAsStream(DOCUMENT)) {
            return StaticContent.of(
                    JsonMapper.shared().writeValueAsBytes(new YAMLMapper().readTree(in)), "application/json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ApiException nothing() {
        return new ApiException(ErrorCode.NOT_FOUND, "There is nothing at this path. The reference is at /docs.");
    }
}
