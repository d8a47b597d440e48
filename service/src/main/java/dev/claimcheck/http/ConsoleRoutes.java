package dev.claimcheck.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The console's files, from the class path. Names of assets carry a hash of their content, so browsers may keep them for ever. */
final class ConsoleRoutes {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "txt", "text/plain; charset=utf-8",
            "woff2", "font/woff2");

    /** The console's own addresses: the page is the same, and shows what its address says. `/webhooks` is the API's, so the console has them at `/hooks`. */
    private static final List<String> PAGES =
            List.of("/", "/jobs", "/jobs/{job_id}", "/operations", "/hooks", "/hooks/{endpoint_id}", "/keys");

    private final Map<String, Answer.InMemory> read = new ConcurrentHashMap<>();

    void addTo(Router router) {
        PAGES.forEach(page -> router.on("GET", page, Router.Access.OPEN, _ -> file("index.html", "no-cache")));
        router.on("GET", "/{file}", Router.Access.OPEN, exchange -> file(exchange.path("file"), "no-cache"))
                .on("GET", "/assets/{file}", Router.Access.OPEN, exchange -> asset(exchange.path("file")));
    }

    private Answer asset(String name) {
        requireName(name);
        return file("assets/" + name, "public, max-age=31536000, immutable");
    }

    private Answer file(String path, String caching) {
        if (!path.startsWith("assets/")) {
            requireName(path);
        }
        return read.computeIfAbsent(path, _ -> load(path, caching));
    }

    private static Answer.InMemory load(String path, String caching) {
        try (InputStream in = ConsoleRoutes.class.getResourceAsStream("/console/" + path)) {
            if (in == null) {
                throw nothing();
            }
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            return new Answer.InMemory(
                    200,
                    Map.of("Content-Type", type, "Cache-Control", caching),
                    ByteBuffer.wrap(in.readAllBytes()).asReadOnlyBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw nothing();
        }
    }

    private static ApiException nothing() {
        return new ApiException(ErrorCode.NOT_FOUND, "There is nothing at this path. The console is at /.");
    }
}
