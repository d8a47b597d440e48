package dev.claimcheck.http;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;

/**
 * Lets pages of other origins use the API (Fetch standard, "CORS protocol"). There are no cookies: who has no key gets nowhere, whatever page asks. Thread-safe.
 */
final class Cors {
    private static final String METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private static final String EXPOSED = String.join(
            ", ",
            "Location",
            "Retry-After",
            "ETag",
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
    private static final String REQUESTABLE = String.join(
            ", ",
            "Authorization",
            "Content-Type",
            "Content-Digest",
            "Repr-Digest",
            "Content-Disposition",
            "Idempotency-Key",
            "If-None-Match",
            "Prefer",
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
            "Upload-Draft-Interop-Version");

    private final Set<String> origins;

    /** @param origins that may ask; {@code *} is any, none is none */
    Cors(Set<String> origins) {
        this.origins = Set.copyOf(origins);
    }

    /** Adds what a browser needs to let its page see the answer. */
    void allow(Request request, String path, Response response) {
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin == null || !applies(path) || !mayAsk(origin)) {
            return;
        }
        HttpFields.Mutable headers = response.getHeaders();
        headers.put("Access-Control-Allow-Origin", origins.contains("*") ? "*" : origin);
        headers.put("Access-Control-Expose-Headers", EXPOSED);
        if (!origins.contains("*")) {
            headers.add("Vary", "Origin");
        }
    }

    /** Whether a browser asks what it may ask. */
    boolean isPreflight(Request request, String path) {
        return request.getMethod().equals("OPTIONS")
                && applies(path)
                && request.getHeaders().contains("Access-Control-Request-Method");
    }

    Answer.InMemory preflight(Request request) {
        Map<String, String> headers = new TreeMap<>();
        String origin = request.getHeaders().get(HttpHeader.ORIGIN);
        if (origin != null && mayAsk(origin)) {
            headers.put("Access-Control-Allow-Methods", METHODS);
            headers.put("Access-Control-Allow-Headers", REQUESTABLE);
            headers.put("Access-Control-Max-Age", "86400");
        }
        return new Answer.InMemory(204, headers, ByteBuffer.allocate(0));
    }

    private boolean mayAsk(String origin) {
        return origins.contains("*") || origins.contains(origin);
    }

    private static boolean applies(String path) {
        return path.startsWith("/videos/");
    }
}
