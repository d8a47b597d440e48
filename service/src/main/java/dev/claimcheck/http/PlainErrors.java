package dev.claimcheck.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds before a route is reached (broken HTTP, headers too large), as problems too, which pages may read as any other. */
final class PlainErrors extends ErrorHandler {
    static final String HEADERS_TOO_LARGE =
            "The path and headers of a request may be 16 KB together. Send fewer or shorter ones; what describes an upload also fits into a JSON body.";

    private final Cors cors;

    PlainErrors(Cors cors) {
        this.cors = cors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        boolean tooLarge = status == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431;
        String body = """
                {"type":"about:blank#%2$s","title":"%3$s","status":%1$d,"detail":"%4$s","code":"%2$s"}""".formatted(
                status,
                tooLarge ? "headers_too_large" : "invalid_request",
                tooLarge ? "The headers are too large" : "The request is not valid",
                tooLarge ? HEADERS_TOO_LARGE : "The request is not valid HTTP. Check its headers and its path.");
        String path = request.getHttpURI().getPath();
        if (path != null) {
            cors.allow(request, path, response);
        }
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        if (request.getConnectionMetaData().getHttpVersion().getVersion() < 20) {
            response.getHeaders()
                    .put(HttpHeader.CONNECTION, "close"); // Jetty closes it; a client must not use it again.
        }
        Content.Sink.write(response, true, body, callback);
        return true;
    }
}
