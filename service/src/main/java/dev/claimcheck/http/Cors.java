package dev.claimcheck.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * Lets pages of other origins use the API (Fetch standard, "CORS protocol"). There are no cookies: who has no key gets nowhere, whatever page asks. What is
 * behind a signed link is open to any page, as it is to anybody who has the link. Errors carry the same headers as successes, so that a page can say what is
 * wrong. Thread-safe.
 */
final class Cors {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String EXPOSED = String.join(
            ", ",
            "Location",
            "Retry-After",
            "ETag",
            "Allow",
            "Accept-Patch",
            "Accept-Ranges",
            "Content-Disposition",
            "Content-Length",
            "Content-Range",
            "WWW-Authenticate",
            "Claimcheck-Job-Id",
            "Claimcheck-Status-Url",
            "Idempotency-Replayed",
            "Tus-Resumable",
            "Tus-Version",
            "Tus-Extension",
            "Tus-Max-Size",
            "Tus-Checksum-Algorithm",
            "Upload-Offset",
            "Upload-Length",
            "Upload-Defer-Length",
            "Upload-Metadata",
            "Upload-Expires",
            "Upload-Concat",
            "Upload-Complete",
            "Upload-Limit",
            "Upload-Draft-Interop-Version");
    /**
     * The names are for old browsers; {@code *} is for what tracing libraries and the like add to every request of a page, which would be refused before it
     * is sent. It never covers Authorization.
     */
    private static final String REQUESTABLE = String.join(
            ", ",
            "Authorization",
            "Content-Type",
            "Content-Digest",
            "Repr-Digest",
            "Content-Disposition",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "If-Range",
            "Last-Event-ID",
            "Prefer",
            "Range",
            "X-HTTP-Method-Override",
            "X-Requested-With",
            "X-Request-ID",
            "X-Checksum-Sha256",
            "Tus-Resumable",
            "Upload-Offset",
            "Upload-Length",
            "Upload-Defer-Length",
            "Upload-Metadata",
            "Upload-Concat",
            "Upload-Checksum",
            "Upload-Complete",
            "Upload-Draft-Interop-Version",
            "*");
    /** In seconds; a day, which browsers cut to what they keep at most. */
    private static final String PREFLIGHT_VALID = "86400";

    private final Set<String> origins;
    private final boolean any;

    /** @param origins that may ask; {@code *} is any, none is none */
    Cors(Set<String> origins) {
        this.origins = Set.copyOf(origins);
        this.any = origins.contains("*");
    }

    /** Adds what a browser needs to let its page see the answer, whatever the answer will be. */
    void allow(Request request, String path, Response response) {
        boolean open = isOpen(path);
        if (!open && !isApi(path)) {
            return;
        }
        HttpFields.Mutable headers = response.getHeaders();
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        @Nullable String allowed;
        if (open || any) {
            allowed = "*"; // Also where no page asks: a cache may give the answer to one later.
        } else {
            headers.add("Vary", "Origin"); // Also where no page asks: a cache must not give that answer to one.
            allowed = origin != null && origins.contains(origin) ? origin : null;
        }
        if (allowed != null) {
            headers.put("Access-Control-Allow-Origin", allowed);
            headers.put("Access-Control-Expose-Headers", EXPOSED);
        }
    }

    /** Whether a browser asks what it may ask. */
    boolean isPreflight(Request request, String path) {
        return request.getMethod().equals("OPTIONS")
                && (isApi(path) || isOpen(path))
                && request.getHeaders().contains(HttpHeader.ORIGIN)
                && request.getHeaders().contains("Access-Control-Request-Method");
    }

    /** What a page may ask; where its origin may not, the browser finds nothing here that lets it. */
    Answer.InMemory preflight(Request request, String path) {
        Map<String, String> headers = new TreeMap<>();
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && (isOpen(path) || mayAsk(origin))) {
            headers.put("Access-Control-Allow-Methods", isOpen(path) ? "GET, HEAD" : METHODS);
            headers.put("Access-Control-Allow-Headers", REQUESTABLE);
            headers.put("Access-Control-Max-Age", PREFLIGHT_VALID);
        }
        return new Answer.InMemory(204, headers, ByteBuffer.allocate(0));
    }

    /** "null", which sandboxed frames and local files send, is no origin that could be listed: only {@code *} lets it in. */
    private boolean mayAsk(String origin) {
        return any || origins.contains(origin);
    }

    private static boolean isApi(String path) {
        return path.startsWith("/videos/");
    }

    /** Results behind signed links, and the description of the interface, which tools on other pages read. */
    private static boolean isOpen(String path) {
        return path.startsWith("/media/") || path.startsWith("/openapi.");
    }
}
