package dev.claimcheck.http;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Errors that Jetty finds before a route is reached (broken HTTP, headers too large), as problems too, which pages may read as any other. */
final class PlainErrors extends ErrorHandler {
    private final Cors cors;

    PlainErrors(Cors cors) {
        this.cors = cors;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String body = """
                {"type":"about:blank#invalid_request","title":"The request is not valid","status":%d,\
                "detail":"The request is not valid HTTP. Check its headers and its path.","code":"invalid_request"}""".formatted(status);
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
