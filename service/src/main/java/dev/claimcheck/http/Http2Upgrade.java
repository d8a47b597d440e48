package dev.claimcheck.http;

import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.MetaData;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 without TLS, by prior knowledge or by {@code Upgrade: h2c}. A request that brings a body is answered in HTTP/1.1, as a server may (RFC 9110, section 7.8): its body comes in HTTP/1.1 even where the answer is to go out in
 * HTTP/2 (RFC 7540, section 3.2), and Jetty, which knows of bodies by their length alone, would take one in chunks for frames.
 */
final class Http2Upgrade extends HTTP2CServerConnectionFactory {
    Http2Upgrade(HttpConfiguration configuration) {
        super(configuration);
    }

    @Override
    public @Nullable Connection upgradeConnection(
            Connector connector, EndPoint endPoint, MetaData.Request request, HttpFields.Mutable response) {
        boolean hasBody =
                request.getContentLength() > 0 || request.getHttpFields().contains(HttpHeader.TRANSFER_ENCODING);
        return hasBody ? null : super.upgradeConnection(connector, endPoint, request, response);
    }
}
