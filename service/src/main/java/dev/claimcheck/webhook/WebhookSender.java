package dev.claimcheck.webhook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.Closer;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends requests to endpoints: only to addresses that were checked ({@link CheckedResolver}), with the certificate checked against the name, through no proxy, following no redirect, keeping no cookies, and taking no more of an
 * answer than a few kilobytes. The whole takes no longer than its timeout, however slowly a receiver drips. Thread-safe; calls block.
 */
final class WebhookSender implements AutoCloseable {
    static final String USER_AGENT = "Claimcheck-Webhooks/1";

    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST_ANSWER = 64 << 10;
    private static final int EXCERPT = 2_048;
    private static final int MOST_HEADERS = 20;
    private static final int MOST_HEADER = 300;
    private static final int MOST_CONNECTIONS = 1_000;
    private static final int MOST_PER_ENDPOINT = 100;

    private final CloseableHttpClient http;
    private final Duration timeout;
    private final InstantSource clock;
    private final ScheduledExecutorService deadlines;

    /** @param timeout of one request, from the look-up of the name to the end of the answer */
    WebhookSender(CheckedResolver resolver, SSLContext tls, Duration timeout, InstantSource clock) {
        this.timeout = timeout;
        this.clock = clock;
        this.deadlines = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("webhook-deadlines").factory());
        Timeout connect = Timeout.of(CONNECT.compareTo(timeout) < 0 ? CONNECT : timeout);
        Timeout answer = Timeout.of(timeout);
        var connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(resolver)
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(Http1Config.custom()
                                .setMaxHeaderCount(200)
                                .setMaxLineLength(16 << 10)
                                .build())
                        .build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(connect)
                        .setSocketTimeout(answer)
                        .setValidateAfterInactivity(TimeValue.ofMilliseconds(200))
                        .setTimeToLive(TimeValue.ofMinutes(1)) // so that a changed name is noticed
                        .build())
                .setMaxConnTotal(MOST_CONNECTIONS)
                .setMaxConnPerRoute(MOST_PER_ENDPOINT)
                .build();
        this.http = HttpClientBuilder.create()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setResponseTimeout(answer)
                        .setConnectionRequestTimeout(answer)
                        .setRedirectsEnabled(false)
                        .setAuthenticationEnabled(false)
                        .setProtocolUpgradeEnabled(false)
                        .setContentCompressionEnabled(false)
                        .build())
                .setUserAgent(USER_AGENT)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .evictExpiredConnections()
                .build();
    }

    /** Posts it. Whatever goes wrong is a result. */
    AttemptResult send(String url, Map<String, String> headers, String body) {
        HttpPost request = new HttpPost(URI.create(url));
        headers.forEach(request::setHeader);
        request.setEntity(
                new ByteArrayEntity(body.getBytes(StandardCharsets.UTF_8), ContentType.create("application/json")));
        Future<?> deadline = deadlines.schedule(request::cancel, timeout.toMillis(), TimeUnit.MILLISECONDS);
        try {
            ClassicHttpResponse response = http.executeOpen(RoutingSupport.determineHost(request), request, null);
            try {
                return answered(request, response);
            } finally {
                Closer.closeQuietly(response); // What could still go wrong changes nothing of the answer.
            }
        } catch (HttpException _) {
            return new AttemptResult.Failed("the answer was not valid HTTP");
        } catch (IOException e) {
            return new AttemptResult.Failed(request.isCancelled() ? tooSlow() : words(e));
        } finally {
            deadline.cancel(false);
        }
    }

    @Override
    public void close() {
        deadlines.shutdownNow();
        try {
            http.close();
        } catch (IOException e) {
            throw new IllegalStateException("connections to webhook endpoints do not close", e);
        }
    }

    private AttemptResult answered(HttpPost request, ClassicHttpResponse response) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : response.getHeaders()) {
            if (headers.size() < MOST_HEADERS) {
                headers.putIfAbsent(shortened(header.getName()), shortened(header.getValue()));
            }
        }
        return new AttemptResult.Answered(
                response.getCode(), headers, beginning(request, response), retryAfter(response));
    }

    /** Of a longer answer the connection is given up, as the rest would have to be read first. */
    private static String beginning(HttpPost request, ClassicHttpResponse response) throws IOException {
        HttpEntity entity = response.getEntity();
        if (entity == null) {
            return "";
        }
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        InputStream in = entity.getContent();
        byte[] buffer = new byte[4 << 10];
        int seen = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            read.write(buffer, 0, Math.min(count, EXCERPT - read.size()));
            seen += count;
            if (seen > MOST_ANSWER) {
                request.cancel();
                break;
            }
        }
        return clean(read.toString(StandardCharsets.UTF_8));
    }

    /** As text that the database takes. */
    private static String clean(String text) {
        return text.replace('\0', '\uFFFD');
    }

    private static String shortened(String text) {
        String all = clean(String.valueOf(text));
        return all.length() <= MOST_HEADER ? all : all.substring(0, MOST_HEADER) + "…";
    }

    private Optional<Instant> retryAfter(ClassicHttpResponse response) {
        Header header = response.getFirstHeader("Retry-After");
        return header == null ? Optional.empty() : retryAfter(String.valueOf(header.getValue()), clock.instant());
    }

    /** Seconds or a date (RFC 9110 §10.2.3); what is neither says nothing. */
    static Optional<Instant> retryAfter(String text, Instant now) {
        if (text.matches("\\d{1,9}")) {
            return Optional.of(now.plusSeconds(Long.parseLong(text)));
        }
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    private String tooSlow() {
        return "no complete answer within " + timeout.toMillis() / 1000.0 + " s";
    }

    /** For the endpoint's owner, who is told nothing of this network but that it does not work. */
    private String words(IOException e) {
        return switch (e) {
            case CheckedResolver.AddressRefusedException refused ->
                refused.getMessage() + "; requests go to public addresses alone";
            case UnknownHostException _ -> "the host's name is not known, or its name server does not answer";
            case SSLException tls -> "no safe connection (TLS): " + shortened(String.valueOf(tls.getMessage()));
            case SocketTimeoutException _ -> tooSlow();
            default -> "no connection, or it broke: " + e.getClass().getSimpleName();
        };
    }
}
