package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code Idempotency-Key} on everything that creates, through the packaged program. */
class IdempotencyIT {
    private static Server server;
    private static Api api;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(Map.of("CLAIMCHECK_UPLOAD_MAX_SIZE", "20MB"));
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        server.close();
    }

    /** A request that creates: by its key and by what is asked for. */
    interface Creation extends BiFunction<String, String, Api.Answer> {}

    static Stream<Named<Creation>> creations() {
        return Stream.of(
                creation(
                        "POST /videos/upload",
                        (key, what) -> api.send(api.request("/videos/upload?filename=idem.mp4")
                                .header("Idempotency-Key", key)
                                .POST(BodyPublishers.ofString(what))
                                .build())),
                creation("POST /videos/upload as a form", (key, what) -> {
                    // Each client library makes a boundary of its own for each request.
                    Form form = new Form().file("file", "idem-form.mp4", what.getBytes(UTF_8));
                    return api.send(api.request("/videos/upload")
                            .header("Idempotency-Key", key)
                            .header("Content-Type", form.type())
                            .POST(form.body())
                            .build());
                }),
                creation(
                        "POST /videos/upload-url",
                        (key, what) -> json("/videos/upload-url", key, "{\"filename\": \"%s.mp4\"}".formatted(what))),
                creation(
                        "POST /videos/upload-url by query",
                        (key, what) -> api.send(api.request("/videos/upload-url?filename=" + what)
                                .header("Idempotency-Key", key)
                                .POST(BodyPublishers.noBody())
                                .build())),
                creation(
                        "POST /videos/start-chunked-upload",
                        (key, what) -> json(
                                "/videos/start-chunked-upload",
                                key,
                                "{\"filename\": \"%s.mp4\", \"total_size\": 100}".formatted(what))),
                creation(
                        "POST /access/keys",
                        (key, what) ->
                                json("/access/keys", key, "{\"owner\": \"%1$s\", \"name\": \"%1$s\"}".formatted(what))),
                creation(
                        "POST /videos/tus",
                        (key, what) -> api.send(api.request("/videos/tus")
                                .header("Idempotency-Key", key)
                                .header("Tus-Resumable", "1.0.0")
                                .header("Upload-Length", "100")
                                .header("Upload-Metadata", Tus.metadata(what))
                                .POST(BodyPublishers.noBody())
                                .build())),
                creation(
                        "POST /videos/tus with bytes",
                        (key, what) -> api.send(api.request("/videos/tus")
                                .header("Idempotency-Key", key)
                                .header("Tus-Resumable", "1.0.0")
                                .header("Upload-Length", "100")
                                .header("Content-Type", "application/offset+octet-stream")
                                .POST(BodyPublishers.ofString(what))
                                .build())));
    }

    private static Named<Creation> creation(String name, Creation creation) {
        return Named.of(name, creation);
    }

    @ParameterizedTest
    @MethodSource("creations")
    void theSameRequestAgainGetsTheSameAnswerAndAnotherIsRefused(Creation creation) {
        String key = UUID.randomUUID().toString();
        Api.Answer first = creation.apply(key, "one");
        assertThat(first.status()).as(first.body()::toString).isBetween(200, 299);
        int jobs = jobs();

        Api.Answer again = creation.apply(key, "one");

        assertThat(again.status()).isEqualTo(first.status());
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(Tus.location(again)).isEqualTo(Tus.location(first));
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(jobs()).as("nothing more was made").isEqualTo(jobs);
        assertProblem(creation.apply(key, "two"), 422, "idempotency_key_reused");
        assertThat(jobs()).isEqualTo(jobs);
        assertThat(creation.apply(UUID.randomUUID().toString(), "two").status()).isBetween(200, 299);
    }

    /** A key that no route takes tells which ones look at it, before they do anything. */
    @Test
    void thePostsThatHonourKeysAreThoseThatTheDocumentSays() {
        ApiDocument document = ApiDocument.read();
        List<String> honouring = new ArrayList<>();
        List<String> documented = new ArrayList<>();
        for (ApiDocument.Operation operation : document.operations()) {
            if (!operation.method().equals("POST")) {
                continue;
            }
            String path = "/" + String.join("/", operation.pattern()).replaceAll("\\{[^}]*}", "none");
            Api.Answer answer = api.send(api.request(path)
                    .header("Idempotency-Key", "k".repeat(256))
                    .POST(BodyPublishers.noBody())
                    .build());
            if (answer.text("code").equals("invalid_idempotency_key")) {
                honouring.add(operation.pointer());
            }
            if (operation
                    .node()
                    .path("parameters")
                    .valueStream()
                    .anyMatch(parameter -> parameter.path("$ref").asString("").endsWith("/IdempotencyKey"))) {
                documented.add(operation.pointer());
            }
        }

        assertThat(honouring).containsExactlyInAnyOrderElementsOf(documented).hasSizeGreaterThan(15);
        assertThat(document.operations())
                .filteredOn(operation -> operation.method().equals("POST") && !honouring.contains(operation.pointer()))
                .as("those that may come twice without one, and links and sessions, which are used once")
                .extracting(ApiDocument.Operation::pointer)
                .containsExactlyInAnyOrder(
                        "post /videos/upload-complete",
                        "post /videos/storage-events",
                        "post /videos/upload-chunk/{upload_id}/{chunk_number}",
                        "post /videos/s3-multipart/{upload_id}",
                        "post /access/console-links",
                        "post /access/console-session");
    }

    @Test
    void aKeyIsForOneRouteAndOneOwner() {
        String key = UUID.randomUUID().toString();
        String body = "{\"filename\": \"a.mp4\", \"total_size\": 100}";
        Api.Answer mine = json("/videos/start-chunked-upload", key, body);
        assertProblem(json("/videos/upload-url", key, body), 422, "idempotency_key_reused");
        assertProblem(json("/videos/start-chunked-upload?priority=high", key, body), 422, "idempotency_key_reused");
        Api other = api.asOwner("bob");

        Api.Answer theirs = other.send(other.request("/videos/start-chunked-upload")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build());

        assertThat(theirs.status()).isEqualTo(201);
        assertThat(theirs.text("upload_id")).isNotEqualTo(mine.text("upload_id"));
    }

    @Test
    void whatFailedMayBeTriedAgainUnderItsKey() {
        String key = UUID.randomUUID().toString();
        assertProblem(
                json("/videos/start-chunked-upload", key, "{\"filename\": \"a.mp4\", \"total_size\": -1}"),
                400,
                "invalid_request");

        assertThat(json("/videos/start-chunked-upload", key, "{\"filename\": \"a.mp4\", \"total_size\": 1}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whileARequestIsAnsweredTheSameWaitsAndAnotherIsRefused() throws Exception {
        String key = UUID.randomUUID().toString();
        byte[] body = Bytes.random(1_000);
        try (RawRequest slow = begun(api, key, body)) {
            Api.Answer same = upload(key, "slow.mp4", body);
            assertProblem(same, 409, "idempotency_key_in_flight");
            assertThat(same.header("Retry-After")).isNotEmpty();
            assertProblem(upload(key, "other.mp4", body), 422, "idempotency_key_reused");

            slow.write(java.util.Arrays.copyOfRange(body, 500, 1_000));
            assertThat(slow.status()).isEqualTo(202);
        }
        Api.Answer again = upload(key, "slow.mp4", body);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void aCutRequestLetsGoOfItsKey() throws Exception {
        String key = UUID.randomUUID().toString();
        byte[] body = Bytes.random(1_000);
        try (RawRequest cut = begun(api, key, body)) {
            cut.cut(true);
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> upload(key, "slow.mp4", body).status() == 202);
    }

    @Test
    void aKilledServerLetsGoOfItsKeysAndRemembersItsAnswers() throws Exception {
        String taken = UUID.randomUUID().toString();
        String answered = UUID.randomUUID().toString();
        byte[] body = Bytes.random(1_000);
        try (Server killed = Server.start(Map.of())) {
            String job = upload(killed.api(), answered, "answered.mp4", body).text("job_id");
            try (RawRequest slow = begun(killed.api(), taken, body)) {
                assertThat(upload(killed.api(), taken, "slow.mp4", body).status())
                        .isEqualTo(409);
                killed.killEverything();
                slow.cut(true);
            }
            killed.restart();

            assertThat(upload(killed.api(), answered, "answered.mp4", body).text("job_id"))
                    .isEqualTo(job);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> upload(killed.api(), taken, "slow.mp4", body).status() == 202);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 256, 5_000})
    void aKeyHasSoManyVisibleCharacters(int length) {
        assertProblem(
                json("/videos/upload-url", "k".repeat(length), "{\"filename\": \"a.mp4\"}"),
                400,
                "invalid_idempotency_key");
    }

    private static RawRequest begun(Api api, String key, byte[] body) throws Exception {
        RawRequest slow = RawRequest.open(api);
        slow.head(
                "POST",
                "/videos/upload?filename=slow.mp4",
                Map.of("Idempotency-Key", key, "Content-Length", "" + body.length));
        slow.write(java.util.Arrays.copyOf(body, 500));
        await("the key is taken")
                .until(() ->
                        upload(api, key, "probe.mp4", "probe".getBytes(UTF_8)).status() == 422);
        return slow;
    }

    private static Api.Answer upload(String key, String filename, byte[] body) {
        return upload(api, key, filename, body);
    }

    private static Api.Answer upload(Api api, String key, String filename, byte[] body) {
        return api.send(api.request("/videos/upload?filename=" + filename)
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    private static Api.Answer json(String path, String key, String body) {
        return api.send(api.request(path)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(BodyPublishers.ofString(body))
                .build());
    }

    private static int jobs() {
        return api.get("/videos/jobs?limit=200").body().path("jobs").size();
    }
}
