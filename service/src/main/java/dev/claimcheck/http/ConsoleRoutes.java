package dev.claimcheck.http;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The console's files, from the class path, compressed for whoever takes that. Names of assets carry a hash of their content, so browsers may keep them for ever. */
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

    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_EACH_TIME = "no-cache";

    private final Map<String, StaticContent> read = new ConcurrentHashMap<>();

    void addTo(Router router) {
        PAGES.forEach(page -> router.on(
                "GET", page, Router.Access.OPEN, exchange -> file("index.html").answer(exchange, ASK_EACH_TIME)));
        router.on(
                        "GET",
                        "/{file}",
                        Router.Access.OPEN,
                        exchange -> file(exchange.path("file")).answer(exchange, ASK_EACH_TIME))
                .on(
                        "GET",
                        "/assets/{file}",
                        Router.Access.OPEN,
                        exchange -> asset(exchange.path("file")).answer(exchange, FOR_EVER));
    }

    private StaticContent asset(String name) {
        requireName(name);
        return content("assets/" + name);
    }

    private StaticContent file(String name) {
        requireName(name);
        return content(name);
    }

    private StaticContent content(String path) {
        return Optional.ofNullable(read.get(path)).orElseGet(() -> {
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            StaticContent found =
                    StaticContent.ofResource("/console/" + path, type).orElseThrow(ConsoleRoutes::nothing);
            read.put(path, found);
            return found;
        });
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
