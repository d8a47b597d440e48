package dev.claimcheck.client;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests to one service, each sent once, and what their answers mean. Thread-safe. */
final class HttpCalls implements AutoCloseable {
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(60);
    private static final Duration ASK_FOR = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final int MOST_WORDS = 300;

    private final URI base;
    private final String key;
    private final Patience patience;
    private final HttpClient http;
    private volatile boolean reached;
    private volatile boolean closed;

    HttpCalls(URI base, String key, Patience patience) {
        this.base = base;
        this.key = key;
        this.patience = patience;
        this.http = HttpClient.newBuilder()
                .connectTimeout(CONNECT_LIMIT)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    URI base() {
        return base;
    }

    Patience patience() {
        return patience;
    }

    /** Whether the service was there at least once. */
    boolean reached() {
        return reached;
    }

    /** Breaks off what is under way, and waits for the client's own thread: a virtual machine that ends with one in a system call waits 300 ms for it. */
    @Override
    public void close() {
        closed = true;
        http.shutdownNow();
        try {
            boolean _ = http.awaitTermination(CLOSE_LIMIT);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** A request that asks and is answered soon. */
    HttpRequest.Builder request(String path) {
        return transferRequest(path).timeout(ANSWER_LIMIT);
    }

    /** A request that brings a body, for {@link #transfer}: it takes as long as the bytes take. */
    HttpRequest.Builder transferRequest(String path) {
        return HttpRequest.newBuilder(base.resolve(path)).header("Authorization", "Bearer " + key);
    }

    /** A POST of JSON; the same {@code idempotencyKey} again gets the same answer. */
    HttpRequest post(String path, JsonNode body, String idempotencyKey) {
        return request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(BodyPublishers.ofString(body.toString()))
                .build();
    }

    /** A key for one thing to be done once, however often it is asked for. */
    static String newIdempotencyKey() {
        return UUID.randomUUID().toString();
    }

    /** @throws ClaimcheckException UNREACHABLE where there is no answer; an answer of any status is given back */
    HttpResponse<String> send(HttpRequest request) throws InterruptedException {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            reached = true;
            return response;
        } catch (IOException e) {
            throw broken(request, e);
        }
    }

    /**
     * The answer to what may be asked again without harm: trouble that passes is waited out for half a minute, with back-off and jitter and never sooner than {@code Retry-After} asks, unless the service was never reached.
     *
     * @throws ClaimcheckException where it refuses, or does not answer for so long
     */
    JsonNode ask(HttpRequest request) throws InterruptedException {
        return repeated(() -> body(send(request)));
    }

    /** Deletes. What is not there is told, unless an earlier try of this call may have deleted it. */
    void delete(String path) throws InterruptedException {
        AtomicInteger tries = new AtomicInteger();
        repeated(() -> {
            int before = tries.getAndIncrement();
            HttpResponse<String> response = send(request(path).DELETE().build());
            if (before == 0 || response.statusCode() != 404) {
                require(response);
            }
            return response.statusCode();
        });
    }

    private <T> T repeated(Attempts.Try<T> call) throws InterruptedException {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        long began = System.nanoTime();
        while (true) {
            try {
                return call.call();
            } catch (ClaimcheckException e) {
                Duration pause = schedule.afterError(e.retryAfter());
                Duration passed = Duration.ofNanos(System.nanoTime() - began);
                if (!e.isPassing() || !reached || passed.plus(pause).compareTo(ASK_FOR) > 0) {
                    throw e;
                }
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            }
        }
    }

    /**
     * Sends a request whose body is that region. There is no limit on how long it takes as long as it moves.
     *
     * @throws ClaimcheckException UNREACHABLE where the connection breaks or stands still, FILE_CHANGED where the file cannot be read as it was
     */
    HttpResponse<String> transfer(HttpRequest request, FileRegion body) throws InterruptedException {
        CompletableFuture<HttpResponse<String>> answer = http.sendAsync(request, BodyHandlers.ofString());
        try {
            while (true) {
                try {
                    HttpResponse<String> response = answer.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                    reached = true;
                    return response;
                } catch (TimeoutException e) {
                    if (body.idle().compareTo(patience.standstill()) > 0) {
                        throw new ClaimcheckException(
                                ClaimcheckException.UNREACHABLE,
                                "The connection to " + address(request) + " has stood still for "
                                        + patience.standstill().toSeconds() + " s.",
                                e);
                    }
                }
            }
        } catch (ExecutionException e) {
            if (body.failure().isPresent()) {
                throw new ClaimcheckException(
                        ClaimcheckException.FILE_CHANGED,
                        "The file was changed while it was being sent: "
                                + body.failure().get().getMessage() + ". Upload it again.",
                        e);
            }
            throw broken(request, e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause()));
        } finally {
            answer.cancel(true);
        }
    }

    /** Sends a request whose answer is read line by line as it comes. */
    LineFeed stream(HttpRequest request) {
        LineFeed lines = new LineFeed(
                cause -> broken(request, cause instanceof IOException known ? known : new IOException(cause)));
        lines.of(http.sendAsync(request, lines.handler()));
        return lines;
    }

    /** The answer's JSON. */
    static JsonNode body(HttpResponse<String> response) {
        require(response);
        try {
            return JsonMapper.shared().readTree(response.body());
        } catch (JacksonException e) {
            throw new ClaimcheckException(
                    "bad_answer", "The answer is not JSON; is this address a Claimcheck service?", e);
        }
    }

    /** @throws ClaimcheckException with the service's own words where it refused */
    static void require(HttpResponse<String> response) {
        if (response.statusCode() < 300) {
            return;
        }
        String code = "http_" + response.statusCode();
        String detail = "The service answered " + response.statusCode() + ".";
        String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (type.contains("json")) {
            try {
                JsonNode problem = JsonMapper.shared().readTree(response.body());
                code = problem.path("code").asString(code);
                detail = problem.path("detail").asString(detail);
            } catch (JacksonException _) {
                detail += " Its words cannot be read.";
            }
        } else if (type.contains("xml")) { // An object storage speaks so.
            detail = "The storage answered " + response.statusCode() + ": "
                    + response.body()
                            .substring(0, Math.min(MOST_WORDS, response.body().length()));
        }
        throw new ClaimcheckException(
                response.statusCode(), code, detail, retryAfter(response).orElse(null));
    }

    static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").flatMap(HttpCalls::wait);
    }

    /** Seconds, or a date as proxies write it (RFC 9110, section 10.2.3); empty where it is neither. */
    private static Optional<Duration> wait(String text) {
        if (text.matches("\\d{1,6}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        try {
            Instant then = Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(text));
            Duration left = Duration.between(Instant.now(), then);
            return Optional.of(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ClaimcheckException broken(HttpRequest request, IOException cause) {
        if (closed) {
            return new ClaimcheckException(ClaimcheckException.CLOSED, "The client was closed.", cause);
        }
        boolean refused = cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException;
        if (!isOurs(request)) {
            return new ClaimcheckException(
                    refused ? ClaimcheckException.STORAGE_UNREACHABLE : ClaimcheckException.UNREACHABLE,
                    "The storage at " + address(request) + " cannot be reached or broke off.",
                    cause);
        }
        if (!refused) {
            reached = true;
        }
        return new ClaimcheckException(
                ClaimcheckException.UNREACHABLE, "The service at " + base + " cannot be reached or broke off.", cause);
    }

    private boolean isOurs(HttpRequest request) {
        return base.getRawAuthority().equals(request.uri().getRawAuthority());
    }

    private static String address(HttpRequest request) {
        return request.uri().getScheme() + "://" + request.uri().getRawAuthority();
    }
}
