package dev.claimcheck.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds before a route is reached (broken HTTP, headers too large, a server that stops), as problems too, which pages may read as any other. */
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
        ErrorCode code = switch (status) {
            case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 -> ErrorCode.HEADERS_TOO_LARGE;
            case HttpStatus.SERVICE_UNAVAILABLE_503 -> ErrorCode.UNAVAILABLE;
            default -> ErrorCode.INVALID_REQUEST;
        };
        String detail = switch (code) {
            case HEADERS_TOO_LARGE -> HEADERS_TOO_LARGE;
            case UNAVAILABLE -> "The service is stopping. Send the request again in a few seconds.";
            default -> "The request is not valid HTTP. Check its headers and its path.";
        };
        String body = """
                {"type":"about:blank#%2$s","title":"%3$s","status":%1$d,"detail":"%4$s","code":"%2$s"}""".formatted(status, code.code(), code.title(), detail);
        if (code == ErrorCode.UNAVAILABLE) {
            response.getHeaders().put(HttpHeader.RETRY_AFTER, 5);
        }
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
