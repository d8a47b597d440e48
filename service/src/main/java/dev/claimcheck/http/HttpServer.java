package dev.claimcheck.http;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Jetty, in the shape that measured best: few threads for connections, virtual threads for what may wait. */
public final class HttpServer implements AutoCloseable {
    /** The most that a request's line and headers may be, in bytes. */
    static final int MAX_HEAD = 16 << 10;

    /** Over HTTP/2 the decoder takes more, so that it is answered with 431 ({@link RootHandler}); at its own limit it can only end the connection, with all other requests on it. */
    private static final int MAX_DECODED_HEAD = 128 << 10;

    private static final int BUFFER = 256 << 10;

    private final Server server;
    private final ServerConnector connector;

    /** Listens and answers from here on; port 0 is any free one. */
    HttpServer(String host, int port, Duration idleTimeout, Handler handler, PlainErrors errors) throws IOException {
        QueuedThreadPool threads = new QueuedThreadPool(64, 8);
        threads.setName("http");
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.setSendDateHeader(true);
        http.setRequestHeaderSize(MAX_HEAD);
        http.setOutputBufferSize(32 << 10);
        // A table of 100 KB for each connection: with ten thousand slow uploads more than the heap.
        http.setHeaderCacheSize(0);
        http.setIdleTimeout(idleTimeout.toMillis());
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        http1.setInputBufferSize(BUFFER);
        HttpConfiguration roomy = new HttpConfiguration(http);
        roomy.setRequestHeaderSize(MAX_DECODED_HEAD);
        Http2Upgrade http2 = new Http2Upgrade(roomy);
        connector = new ServerConnector(server, 1, 2, http1, http2);
        connector.setHost(host);
        connector.setPort(port);
        connector.setAcceptQueueSize(1024);
        connector.setIdleTimeout(idleTimeout.toMillis());
        connector.setShutdownIdleTimeout(1_000);
        server.addConnector(connector);
        server.setHandler(new GracefulHandler(handler));
        server.setErrorHandler(errors);
        server.setStopTimeout(5_000);
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw new IOException(
                    "cannot listen on " + host + ":" + port + " (" + e.getMessage()
                            + "); is another service there? Choose another --port",
                    e);
        }
    }

    /** Where the server listens. */
    public URI address() {
        String host = connector.getHost() == null || connector.getHost().equals("0.0.0.0")
                ? "127.0.0.1"
                : connector.getHost();
        return URI.create("http://" + host + ":" + connector.getLocalPort());
    }

    /** Takes no new requests, lets running ones end, at most 5 s. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the HTTP server does not stop", e);
        }
    }
}
