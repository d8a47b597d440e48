package dev.claimcheck.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Sends interim responses (RFC 9110 §15.2) with header fields. Jetty's own leave the fields out on HTTP/1.1. */
final class InterimResponses {
    private InterimResponses() {}

    /** Sends one, before the response itself; the client may have gone, which the request's body will tell. */
    static void send(Request request, Response response, int status, String reason, Map<String, String> fields)
            throws InterruptedException, IOException {
        try {
            if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
                StringBuilder text = new StringBuilder("HTTP/1.1 " + status + " " + reason + "\r\n");
                fields.forEach((name, value) ->
                        text.append(name).append(": ").append(value).append("\r\n"));
                text.append("\r\n");
                EndPoint endPoint =
                        request.getConnectionMetaData().getConnection().getEndPoint();
                Callback.Completable written = new Callback.Completable();
                endPoint.write(written, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII)));
                written.get();
            } else if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2) {
                HttpFields.Mutable headers = HttpFields.build();
                fields.forEach(headers::put);
                CompletableFuture<Void> written = response.writeInterim(status, headers);
                written.get();
            }
        } catch (ExecutionException e) {
            throw new IOException("an interim response could not be sent", e.getCause());
        }
    }
}
