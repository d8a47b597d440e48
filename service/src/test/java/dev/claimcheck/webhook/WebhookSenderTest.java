package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests against real servers on loopback, which these tests' policy allows where they say so. */
class WebhookSenderTest {
    private static final InetAddress LOOPBACK = InetAddress.ofLiteral("127.0.0.1");

    @TempDir
    Path folder;

    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final List<HttpServer> servers = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void anAnswerIsTakenWithItsBeginning() throws Exception {
        HttpServer server = plain(exchange -> answer(exchange, 503, "x".repeat(100_000), Map.of("Retry-After", "7")));

        AttemptResult result = send(server, AddressPolicy.PUBLIC_AND_PRIVATE, Duration.ofSeconds(10));

        assertThat(result).isInstanceOfSatisfying(AttemptResult.Answered.class, answer -> {
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.body()).hasSize(2_048);
            assertThat(answer.retryAfter()).isPresent();
            assertThat(answer.isSuccess()).isFalse();
        });
        assertThat(requests)
                .singleElement()
                .asString()
                .contains("POST /hook", "webhook-id: 41", "{\"type\":\"x\"}", "Claimcheck-Webhooks");
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        HttpServer target = plain(exchange -> answer(exchange, 200, "secret", Map.of()));
        HttpServer server = plain(exchange -> answer(
                exchange,
                307,
                "",
                Map.of("Location", "http://127.0.0.1:" + target.getAddress().getPort() + "/metadata")));

        AttemptResult result = send(server, AddressPolicy.PUBLIC_AND_PRIVATE, Duration.ofSeconds(10));

        assertThat(result)
                .isInstanceOfSatisfying(
                        AttemptResult.Answered.class,
                        answer -> assertThat(answer.status()).isEqualTo(307));
        assertThat(requests).hasSize(1);
    }

    @Test
    void anAddressThatIsNotAllowedIsNeverConnectedTo() throws Exception {
        HttpServer server = plain(exchange -> answer(exchange, 200, "", Map.of()));

        AttemptResult result = send(server, AddressPolicy.PUBLIC, Duration.ofSeconds(10));

        assertThat(result)
                .isInstanceOfSatisfying(
                        AttemptResult.Failed.class,
                        failed -> assertThat(failed.error())
                                .contains("not on the public internet")
                                .doesNotContain("127.0.0.1"));
        assertThat(requests).isEmpty();
    }

    /** An address that is written into the URL goes the same way as a name. */
    @Test
    void alsoNotWhenItStandsInTheUrl() throws Exception {
        HttpServer server = plain(exchange -> answer(exchange, 200, "", Map.of()));
        try (WebhookSender sender = new WebhookSender(
                new CheckedResolver(InetAddress::getAllByName, AddressPolicy.PUBLIC),
                SSLContext.getDefault(),
                Duration.ofSeconds(5),
                InstantSource.system())) {
            for (String host : List.of(
                    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "localhost", "[::1]", "[::ffff:127.0.0.1]")) {
                AttemptResult result =
                        sender.send("http://" + host + ":" + server.getAddress().getPort() + "/hook", Map.of(), "{}");

                assertThat(result).as(host).isInstanceOf(AttemptResult.Failed.class);
            }
        }
        assertThat(requests).isEmpty();
    }

    @Test
    void aReceiverThatDripsIsLeftWhenTheTimeIsOver() throws Exception {
        HttpServer server = plain(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                for (int drop = 0; drop < 100; drop++) {
                    out.write('.');
                    out.flush();
                    Thread.sleep(50);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        long began = System.nanoTime();

        AttemptResult result = send(server, AddressPolicy.PUBLIC_AND_PRIVATE, Duration.ofMillis(500));

        assertThat(result)
                .isInstanceOfSatisfying(
                        AttemptResult.Failed.class,
                        failed -> assertThat(failed.error()).contains("0.5 s"));
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void anEndlessAnswerIsGivenUp() throws Exception {
        AtomicInteger written = new AtomicInteger();
        HttpServer server = plain(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (written.addAndGet(1 << 16) < 500 << 20) {
                    out.write(new byte[1 << 16]);
                }
            }
        });

        AttemptResult result = send(server, AddressPolicy.PUBLIC_AND_PRIVATE, Duration.ofSeconds(20));

        assertThat(result).isInstanceOf(AttemptResult.Answered.class);
        assertThat(written.get()).isLessThan(100 << 20);
    }

    /** The address was checked; what is asked for and proven there is still the name. */
    @Test
    void hostSniAndCertificateAreThoseOfTheName() throws Exception {
        KeyStore store = certificateOf("receiver.test");
        List<String> names = new CopyOnWriteArrayList<>();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(store)));
        server.createContext("/", exchange -> {
            ExtendedSSLSession session =
                    (ExtendedSSLSession) ((com.sun.net.httpserver.HttpsExchange) exchange).getSSLSession();
            session.getRequestedServerNames().forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            names.add(exchange.getRequestHeaders().getFirst("Host"));
            answer(exchange, 204, "", Map.of());
        });
        start(server);
        int port = server.getAddress().getPort();
        CheckedResolver resolver =
                new CheckedResolver(_ -> new InetAddress[] {LOOPBACK}, AddressPolicy.PUBLIC_AND_PRIVATE);
        try (WebhookSender sender =
                new WebhookSender(resolver, context(store), Duration.ofSeconds(10), InstantSource.system())) {
            AttemptResult right = sender.send("https://receiver.test:" + port + "/hook", Map.of(), "{}");
            AttemptResult wrong = sender.send("https://other.test:" + port + "/hook", Map.of(), "{}");

            assertThat(right)
                    .isInstanceOfSatisfying(
                            AttemptResult.Answered.class,
                            answer -> assertThat(answer.isSuccess()).isTrue());
            assertThat(names).containsExactly("receiver.test", "receiver.test:" + port);
            assertThat(wrong)
                    .isInstanceOfSatisfying(
                            AttemptResult.Failed.class,
                            failed -> assertThat(failed.error()).contains("TLS"));
        }
        try (WebhookSender sender =
                new WebhookSender(resolver, SSLContext.getDefault(), Duration.ofSeconds(10), InstantSource.system())) {
            assertThat(sender.send("https://receiver.test:" + port + "/hook", Map.of(), "{}"))
                    .as("a certificate that nobody vouches for")
                    .isInstanceOf(AttemptResult.Failed.class);
        }
    }

    private AttemptResult send(HttpServer server, AddressPolicy policy, Duration timeout) throws Exception {
        CheckedResolver resolver = new CheckedResolver(_ -> new InetAddress[] {LOOPBACK}, policy);
        try (WebhookSender sender =
                new WebhookSender(resolver, SSLContext.getDefault(), timeout, InstantSource.system())) {
            return sender.send(
                    "http://receiver.test:" + server.getAddress().getPort() + "/hook",
                    Map.of("webhook-id", "41"),
                    "{\"type\":\"x\"}");
        }
    }

    /** What a server does with a request. */
    @FunctionalInterface
    private interface Behaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    private HttpServer plain(Behaviour behaviour) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(LOOPBACK, 0), 0);
        server.createContext("/", exchange -> {
            StringBuilder text = new StringBuilder(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            exchange.getRequestHeaders()
                    .forEach((name, values) -> text.append('\n')
                            .append(name.toLowerCase(java.util.Locale.ROOT))
                            .append(": ")
                            .append(String.join(",", values)));
            try (InputStream body = exchange.getRequestBody()) {
                text.append('\n').append(new String(body.readAllBytes(), StandardCharsets.UTF_8));
            }
            requests.add(text.toString());
            behaviour.answer(exchange);
        });
        return start(server);
    }

    private <S extends HttpServer> S start(S server) {
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        servers.add(server);
        return server;
    }

    private static void answer(HttpExchange exchange, int status, String body, Map<String, String> headers)
            throws IOException {
        headers.forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
        exchange.close();
    }

    private KeyStore certificateOf(String name) throws Exception {
        Path file = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "receiver",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-ext",
                        "san=dns:" + name,
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        "changeit",
                        "-keystore",
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, "changeit".toCharArray());
        }
        KeyStore both = KeyStore.getInstance("PKCS12");
        both.load(null, null);
        both.setEntry(
                "receiver",
                store.getEntry("receiver", new KeyStore.PasswordProtection("changeit".toCharArray())),
                new KeyStore.PasswordProtection("changeit".toCharArray()));
        both.setCertificateEntry("trusted", store.getCertificate("receiver"));
        return both;
    }

    private static SSLContext context(KeyStore store) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "changeit".toCharArray());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
