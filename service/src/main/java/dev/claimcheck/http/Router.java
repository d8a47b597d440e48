package dev.claimcheck.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Finds the route of a request. Paths are matched segment by segment; {@code {name}} takes one, {@code {name...}} all but what the pattern has behind it. */
final class Router {
    /** Answers a request; may block. */
    @FunctionalInterface
    interface Endpoint {
        Answer answer(Exchange exchange) throws Exception;
    }

    /** Answers a request from memory, or gives null where that is not possible. Never blocks. */
    @FunctionalInterface
    interface InlineEndpoint {
        Answer.@org.jspecify.annotations.Nullable InMemory tryAnswer(Exchange exchange);
    }

    /** Whether a route needs a key. */
    enum Access {
        KEY,
        OPEN
    }

    /** One route. */
    record Route(String method, List<String> pattern, Access access, InlineEndpoint inline, Endpoint endpoint) {}

    /** A route and what its path's parameters are. */
    record Match(Route route, Map<String, String> parameters) {}

    private static final InlineEndpoint NOT_IN_MEMORY = _ -> null;

    private final List<Route> routes = new ArrayList<>();

    Router on(String method, String path, Access access, Endpoint endpoint) {
        return on(method, path, access, NOT_IN_MEMORY, endpoint);
    }

    Router on(String method, String path, Access access, InlineEndpoint inline, Endpoint endpoint) {
        routes.add(new Route(method, segments(path), access, inline, endpoint));
        return this;
    }

    /**
     * The route for this request; HEAD takes that of GET where it has none of its own.
     *
     * @throws ApiException 404 or 405 where there is none
     */
    Match find(String method, String path) {
        List<String> segments = segments(path);
        TreeSet<String> allowed = new TreeSet<>();
        for (Route route : routes) {
            Map<String, String> parameters = match(route.pattern(), segments);
            if (parameters != null) {
                if (route.method().equals(method)) {
                    return new Match(route, parameters);
                }
                allowed.add(route.method());
            }
        }
        if (method.equals("HEAD") && allowed.contains("GET")) {
            return find("GET", path);
        }
        if (allowed.isEmpty()) {
            throw new ApiException(
                    ErrorCode.NOT_FOUND, "There is nothing at this path. The routes are listed in the documentation.");
        }
        String list = String.join(", ", allowed);
        throw new ApiException(ErrorCode.METHOD_NOT_ALLOWED, "This path takes " + list + " only.", "Allow", list);
    }

    private static @org.jspecify.annotations.Nullable Map<String, String> match(
            List<String> pattern, List<String> segments) {
        Map<String, String> parameters = new HashMap<>();
        int at = 0;
        for (int index = 0; index < pattern.size(); index++) {
            String part = pattern.get(index);
            boolean many = part.endsWith("...}");
            int end = many ? segments.size() - (pattern.size() - index - 1) : at + 1;
            if (end <= at || end > segments.size()) {
                return null;
            }
            if (part.startsWith("{")) {
                parameters.put(
                        part.substring(1, part.length() - (many ? 4 : 1)), String.join("/", segments.subList(at, end)));
            } else if (!part.equals(segments.get(at))) {
                return null;
            }
            at = end;
        }
        return at == segments.size() ? parameters : null;
    }

    private static List<String> segments(String path) {
        String trimmed = path.startsWith("/") ? path.substring(1) : path;
        return List.of(trimmed.split("/", -1));
    }
}
