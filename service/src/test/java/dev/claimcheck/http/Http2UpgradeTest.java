package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's own client asks for HTTP/2 on each new connection, whatever it sends. */
@Timeout(30)
class Http2UpgradeTest {
    private static final byte[] BODY = new byte[300_000];

    private HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();

    static {
        new Random(1).nextBytes(BODY);
    }

    /** Answers with the body that came. */
    private static final class Echo extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws IOException {
            ByteBuffer body = Content.Source.asByteBuffer(request);
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.remaining());
            response.write(true, body, callback);
            return true;
        }
    }

    @BeforeEach
    void listen() throws IOException {
        server =
                new HttpServer("127.0.0.1", 0, Duration.ofSeconds(10), new Echo(), new PlainErrors(new Cors(Set.of())));
    }

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void aRequestWithoutABodyGoesOverToHttp2() throws Exception {
        HttpResponse<byte[]> answer = send("GET", BodyPublishers.noBody());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(send("PUT", inChunks()).body()).isEqualTo(BODY);
    }

    @Test
    void aBodyInChunksArrivesAlsoWhereHttp2WasAskedFor() throws Exception {
        for (int request = 0; request < 3; request++) {
            HttpResponse<byte[]> answer = send("PUT", inChunks());

            assertThat(answer.body()).isEqualTo(BODY);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        }
        assertThat(send("GET", BodyPublishers.noBody()).version()).isEqualTo(HttpClient.Version.HTTP_2);
    }

    @Test
    void aBodyOfKnownLengthArrivesToo() throws Exception {
        assertThat(send("POST", BodyPublishers.ofByteArray(BODY)).body()).isEqualTo(BODY);
        assertThat(send("POST", BodyPublishers.ofByteArray(BODY)).body()).isEqualTo(BODY);
    }

    private HttpResponse<byte[]> send(String method, BodyPublisher body) throws Exception {
        return client.send(
                HttpRequest.newBuilder(server.address()).method(method, body).build(), BodyHandlers.ofByteArray());
    }

    private static BodyPublisher inChunks() {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY));
    }
}
