package dev.claimcheck.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.access.ApiKeys;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser is told about pages of other origins, over real HTTP. */
class CorsTest {
    private static final String PAGE = "https://app.example.org";
    // Over a kept HTTP/2 connection Jetty answers headers that are too large by closing it.
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static Database database;
    private static Notifications notifications;
    private static HttpServer anyOrigin;
    private static HttpServer oneOrigin;
    private static HttpServer noOrigin;

    @BeforeAll
    static void start() throws IOException {
        PostgresAddress address = TestDatabase.fresh();
        database = Database.open(address, 4);
        notifications = new Notifications(address);
        ApiKeys keys = new ApiKeys(database, notifications, InstantSource.system());
        anyOrigin = serve(keys, Set.of("*"));
        oneOrigin = serve(keys, Set.of(PAGE));
        noOrigin = serve(keys, Set.of());
    }

    @AfterAll
    static void stop() {
        anyOrigin.close();
        oneOrigin.close();
        noOrigin.close();
        notifications.close();
        database.close();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /videos/fine, 200",
        "GET, /videos/closed, 401",
        "GET, /videos/nowhere, 404",
        "DELETE, /videos/fine, 405",
        "PUT, /videos/large, 413",
        "PUT, /videos/full, 507",
        "GET, /videos/broken, 500",
        "GET, /media/expired, 403",
    })
    void everyAnswerCanBeReadByAPage(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = send(
                anyOrigin,
                request(path).method(method, BodyPublishers.ofByteArray(new byte[method.equals("PUT") ? 20_000 : 0])));
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(answer, "Access-Control-Expose-Headers").split(", "))
                .contains("Location", "ETag", "Retry-After", "Upload-Offset", "Claimcheck-Job-Id", "Tus-Resumable");
        if (status >= 400) {
            assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
            assertThat(answer.body()).contains("\"detail\"");
        }
    }

    @Test
    void evenHeadersThatAreTooLargeLeadToAnAnswerThatAPageCanRead() throws Exception {
        HttpResponse<String> answer =
                send(anyOrigin, request("/videos/fine").header("Upload-Metadata", "x".repeat(20_000)));
        assertThat(answer.statusCode()).isEqualTo(431);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "authorization,content-type,tus-resumable,upload-length,upload-metadata",
                "authorization,content-type,tus-resumable,upload-offset,x-http-method-override,x-request-id",
                "authorization,content-type,idempotency-key,content-digest,x-checksum-sha256",
                "authorization,content-type,upload-complete,upload-draft-interop-version,upload-checksum,upload-concat,upload-defer-length",
            })
    void aPreflightAllowsWhatTheClientsSend(String headers) throws Exception {
        HttpResponse<String> answer = preflight(anyOrigin, "/videos/fine", PAGE, "PATCH", headers);
        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(answer, "Access-Control-Allow-Methods").split(", "))
                .contains("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");
        assertThat(header(answer, "Access-Control-Allow-Headers")
                        .toLowerCase(Locale.ROOT)
                        .split(", "))
                .contains(headers.split(","))
                .as("what a tracing library adds")
                .contains("*");
        assertThat(header(answer, "Access-Control-Max-Age")).isEqualTo("86400");
    }

    /** A browser sends no key with a preflight. */
    @Test
    void aPreflightNeedsNoKeyAndNoRoute() throws Exception {
        assertThat(preflight(anyOrigin, "/videos/closed", PAGE, "GET", "authorization")
                        .statusCode())
                .isEqualTo(204);
        assertThat(preflight(anyOrigin, "/videos/nowhere", PAGE, "DELETE", "authorization")
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void aQuestionForOptionsIsNoPreflight() throws Exception {
        HttpResponse<String> answer =
                send(anyOrigin, request("/videos/fine").method("OPTIONS", BodyPublishers.noBody()));
        assertThat(answer.statusCode()).isEqualTo(405);
        assertThat(header(answer, "Allow")).isEqualTo("GET");
    }

    @Test
    void aListedOriginIsNamedAndCachesKeepTheAnswersApart() throws Exception {
        HttpResponse<String> answer = send(oneOrigin, request("/videos/fine"));
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(header(answer, "Vary")).isEqualTo("Origin");
        HttpResponse<String> preflight = preflight(oneOrigin, "/videos/fine", PAGE, "GET", "authorization");
        assertThat(header(preflight, "Access-Control-Allow-Origin")).isEqualTo(PAGE);
        assertThat(header(preflight, "Vary")).isEqualTo("Origin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://app.example.org.evil.example", "http://app.example.org", "https://example.org", "null"})
    void anOriginThatIsNotListedIsNotLetIn(String origin) throws Exception {
        HttpResponse<String> answer = send(oneOrigin, request("/videos/fine", origin));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(header(answer, "Vary")).isEqualTo("Origin");
        HttpResponse<String> preflight = preflight(oneOrigin, "/videos/fine", origin, "GET", "authorization");
        assertThat(preflight.headers().map())
                .doesNotContainKeys("access-control-allow-origin", "access-control-allow-headers");
    }

    @Test
    void whoAsksWithoutAnOriginGetsAnAnswerThatCachesKeepApartToo() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(oneOrigin.address().resolve("/videos/fine"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(answer.headers().map()).doesNotContainKey("access-control-allow-origin");
        assertThat(header(answer, "Vary")).isEqualTo("Origin");
    }

    @Test
    void anEmptyListLetsNoPageIn() throws Exception {
        assertThat(send(noOrigin, request("/videos/fine")).headers().map())
                .doesNotContainKey("access-control-allow-origin");
    }

    @Test
    void pagesFromFilesAndSandboxesAreLetInWhereEverybodyIs() throws Exception {
        assertThat(header(send(anyOrigin, request("/videos/fine", "null")), "Access-Control-Allow-Origin"))
                .isEqualTo("*");
    }

    /** A signed link is the right to what is behind it; a player on any page may follow it. */
    @Test
    void resultsAreOpenToEveryPage() throws Exception {
        HttpResponse<String> answer = send(oneOrigin, request("/media/file", "https://elsewhere.example"));
        assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
        assertThat(header(answer, "Access-Control-Expose-Headers")).contains("Content-Range");
        assertThat(answer.headers().map()).doesNotContainKey("vary");
        HttpResponse<String> preflight =
                preflight(oneOrigin, "/media/file", "https://elsewhere.example", "GET", "range");
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(header(preflight, "Access-Control-Allow-Methods")).isEqualTo("GET, HEAD");
        assertThat(header(preflight, "Access-Control-Allow-Headers")).contains("Range");
    }

    @Test
    void whatIsNotForPagesStaysClosedToThem() throws Exception {
        assertThat(send(anyOrigin, request("/access/keys")).headers().map())
                .doesNotContainKey("access-control-allow-origin");
    }

    private static HttpServer serve(ApiKeys keys, Set<String> origins) throws IOException {
        Router router = new Router()
                .on("GET", "/videos/fine", Router.Access.OPEN, _ -> Answer.text(200, "fine"))
                .on("GET", "/videos/closed", Router.Access.KEY, _ -> Answer.text(200, "fine"))
                .on("PUT", "/videos/large", Router.Access.OPEN, exchange -> {
                    exchange.body(10_000, ErrorCode.FILE_TOO_LARGE).readAll();
                    return Answer.empty(204);
                })
                .on("PUT", "/videos/full", Router.Access.OPEN, _ -> {
                    throw new StorageFullException("the disk is full", null);
                })
                .on("GET", "/videos/broken", Router.Access.OPEN, _ -> {
                    throw new IllegalStateException("broken on purpose");
                })
                .on("GET", "/media/file", Router.Access.OPEN, _ -> Answer.text(200, "frames"))
                .on("GET", "/media/expired", Router.Access.OPEN, _ -> {
                    throw new ApiException(ErrorCode.LINK_EXPIRED, "Ask for a new link.");
                })
                .on("GET", "/access/keys", Router.Access.OPEN, _ -> Answer.text(200, "keys"));
        Cors cors = new Cors(origins);
        return new HttpServer(
                "127.0.0.1",
                0,
                Duration.ofSeconds(30),
                new RootHandler(
                        router,
                        keys,
                        new Problems(),
                        cors,
                        new BodyLimits(0, Duration.ofSeconds(30), Duration.ofMinutes(1))),
                new PlainErrors(cors));
    }

    private static HttpRequest.Builder request(String path) {
        return request(path, PAGE);
    }

    private static HttpRequest.Builder request(String path, String origin) {
        return HttpRequest.newBuilder()
                .uri(java.net.URI.create("http://unresolved" + path))
                .header("Origin", origin);
    }

    private static HttpResponse<String> preflight(
            HttpServer server, String path, String origin, String method, String headers) throws Exception {
        return send(
                server,
                request(path, origin)
                        .method("OPTIONS", BodyPublishers.noBody())
                        .header("Access-Control-Request-Method", method)
                        .header("Access-Control-Request-Headers", headers));
    }

    private static HttpResponse<String> send(HttpServer server, HttpRequest.Builder request) throws Exception {
        String path = request.build().uri().getPath();
        return HTTP.send(request.uri(server.address().resolve(path)).build(), BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
