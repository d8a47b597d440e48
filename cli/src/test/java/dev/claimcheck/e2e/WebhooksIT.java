package dev.claimcheck.e2e;

import static dev.claimcheck.e2e.Problem.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.e2e.Receiver.Message;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Webhooks through the packaged program, to a receiver on loopback. */
class WebhooksIT {
    private static final Map<String, String> DEVELOPMENT = Map.of(
            "CLAIMCHECK_WEBHOOKS_ALLOW_PRIVATE", "true",
            "CLAIMCHECK_WEBHOOKS_BASE_DELAY", "100ms",
            "CLAIMCHECK_WEBHOOKS_TIMEOUT", "3s",
            "CLAIMCHECK_WEBHOOKS_DISABLE_AFTER", "2s",
            // A step whose worker was killed waits for its lease and its next try no longer than it must.
            "CLAIMCHECK_LEASE_DURATION", "3s",
            "CLAIMCHECK_LEASE_RENEW_EVERY", "1s",
            "CLAIMCHECK_RETRY_BASE_DELAY", "100ms");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Server server;
    private static Api api;
    private static final Set<String> SECRETS = ConcurrentHashMap.newKeySet();

    private Receiver receiver;

    @BeforeAll
    static void startTheProgram() {
        server = Server.start(DEVELOPMENT);
        api = server.api();
    }

    @AfterAll
    static void stopTheProgram() {
        try (Server closing = server) {
            SECRETS.forEach(secret -> assertThat(closing.log())
                    .doesNotContain(secret.substring(6))
                    .doesNotContain("NullPointerException"));
        }
    }

    @BeforeEach
    void startTheReceiver() throws Exception {
        receiver = new Receiver();
    }

    @AfterEach
    void stopTheReceiver() {
        api.get("/webhooks")
                .body()
                .path("webhooks")
                .forEach(webhook ->
                        api.delete("/webhooks/" + webhook.path("endpoint_id").asString()));
        receiver.close();
    }

    @Test
    void aJobsWholeLifeArrivesSignedAndInOrder() {
        WebhookEndpoint endpoint = endpoint("*");
        Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
        receiver.answer(message -> message.type().equals("step.started") && refusedOnce.add(message.id()) ? 500 : 200);

        String job = uploadAndAwait();

        List<String> logged = logged(job);
        await().atMost(PATIENCE).until(() -> receiver.taken(job).size() >= logged.size());
        assertThat(ids(receiver.taken(job)))
                .as("all of the log, none before the one before it was taken")
                .isEqualTo(logged);
        assertThat(receiver.messages())
                .allMatch(message -> message.isSignedWith(endpoint.secret()))
                .noneMatch(message -> message.isSignedWith("whsec_" + "A".repeat(43) + "="));
        List<Message> twice = receiver.messages().stream()
                .filter(message -> refusedOnce.contains(message.id()))
                .toList();
        assertThat(twice).hasSize(2 * refusedOnce.size());
        assertThat(twice.stream().map(Message::body).distinct())
                .as("the same words each time")
                .hasSize(refusedOnce.size());

        JsonNode first = receiver.taken(job).getFirst().json();
        assertThat(first.path("type").asString()).isEqualTo("job.created");
        assertThat(first.path("timestamp").asString()).matches("20.*Z");
        assertThat(first.path("data").path("job_id").asString()).isEqualTo(job);
        JsonNode view = endpoint.look().body();
        assertThat(view.path("status").asString()).isEqualTo("enabled");
        assertThat(view.path("circuit").asString()).isEqualTo("closed");
        assertThat(view.path("delivered_24h").asInt()).isEqualTo(logged.size());
        assertThat(view.path("waiting").asInt()).isZero();
        assertThat(view.toString()).doesNotContain("whsec_");
    }

    @Test
    void theDeliveryLogSaysWhatWasSentAndAnswered() {
        WebhookEndpoint endpoint = endpoint("job.created");
        AtomicInteger asked = new AtomicInteger();
        receiver.answer(_ -> asked.incrementAndGet() == 1 ? 503 : 200);
        JsonNode queued = endpoint.test().body();
        assertThat(queued.path("type").asString()).isEqualTo("webhook.test");
        String delivery =
                endpoint.path() + "/deliveries/" + queued.path("delivery_id").asString();

        await().atMost(PATIENCE).until(() -> api.get(delivery).text("status").equals("succeeded"));

        JsonNode seen = api.get(delivery).body();
        assertThat(seen.path("attempts").asInt()).isEqualTo(2);
        assertThat(seen.path("attempts_log")).hasSize(2);
        JsonNode failed = seen.path("attempts_log").path(0);
        assertThat(failed.path("response").path("status_code").asInt()).isEqualTo(503);
        assertThat(failed.path("response").path("body").asString()).isEqualTo("answered 503");
        assertThat(failed.path("request").path("body").asString())
                .isEqualTo(receiver.messages().getFirst().body());
        assertThat(failed.path("request").path("headers").path("webhook-id").asString())
                .isEqualTo(seen.path("event_id").asString());
        assertThat(endpoint.deliveries("?status=succeeded")).hasSize(1);
        assertThat(endpoint.deliveries("?status=failed")).isEmpty();

        Instant before = Instant.now();
        assertThat(api.post(delivery + "/replay").status()).isEqualTo(202);
        await().atMost(PATIENCE).until(() -> receiver.messages().size() == 3);
        assertThat(receiver.messages().getLast().id())
                .isEqualTo(receiver.messages().getFirst().id());
        String job = uploadAndAwait();
        await().atMost(PATIENCE).until(() -> receiver.taken(job).size() == 1);
        Api.Answer replayed = api.post(
                endpoint.path() + "/replay",
                "{\"from\": \"" + before + "\", \"to\": \"" + Instant.now().plusSeconds(1)
                        + "\", \"events\": [\"job.completed\", \"job.created\"]}");
        assertThat(replayed.status()).isEqualTo(202);
        assertThat(replayed.body().path("deliveries").asInt()).isEqualTo(2);
        await().atMost(PATIENCE).until(() -> receiver.taken(job).size() == 2);
        assertThat(receiver.taken(job)).extracting(Message::type).containsExactly("job.created", "job.completed");
        JsonNode page = api.get(endpoint.path() + "/deliveries?limit=2").body();
        assertThat(page.path("deliveries")).hasSize(2);
        assertThat(endpoint.deliveries(
                        "?limit=2&cursor=" + page.path("next_cursor").asString()))
                .hasSize(2);
    }

    @Test
    void aRotatedSecretIsGoodForAWhileYet() {
        WebhookEndpoint endpoint = endpoint("*");
        JsonNode rotated = api.post(endpoint.path() + "/rotate-secret", "{\"overlap\": \"2h\"}")
                .body();
        String secret = rotated.path("secret").asString();
        SECRETS.add(secret);

        endpoint.test();

        await().atMost(PATIENCE).until(() -> !receiver.messages().isEmpty());
        assertThat(receiver.messages().getFirst().isSignedWith(secret)).isTrue();
        assertThat(receiver.messages().getFirst().isSignedWith(endpoint.secret()))
                .isTrue();
        assertThat(Instant.parse(rotated.path("previous_expires_at").asString()))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(110)),
                        Instant.now().plus(Duration.ofMinutes(121)));
        assertThat(endpoint.look().body().path("secrets")).hasSize(2);
    }

    @Test
    void anEndpointThatNeverAnswersIsSwitchedOffAndItsOwnerTold() {
        WebhookEndpoint endpoint = endpoint("*");
        receiver.close();
        String latest = api.get("/events?after=latest").text("next");
        endpoint.test();
        String job = api.upload(Clip.mp4(1, "320x180"), "nobody.mp4").text("job_id");

        await().atMost(PATIENCE).until(() -> endpoint.look().text("status").equals("disabled"));

        JsonNode view = endpoint.look().body();
        assertThat(view.path("disabled_reason").asString()).contains("has failed since");
        List<JsonNode> told = api.get("/events?limit=1000&after=" + latest)
                .body()
                .path("events")
                .valueStream()
                .filter(event -> event.path("type").asString().equals("webhook.disabled"))
                .toList();
        assertThat(told).singleElement().satisfies(event -> {
            assertThat(event.path("job_id").isNull()).isTrue();
            assertThat(event.path("data").path("endpoint_id").asString()).isEqualTo(endpoint.id());
        });
        assertProblem(endpoint.test(), 409, "webhook_disabled");
        Api.Answer enabled = api.send(api.request(endpoint.path())
                .header("Content-Type", "application/json")
                .method("PATCH", BodyPublishers.ofString("{\"status\": \"enabled\", \"description\": \"mended\"}"))
                .build());
        assertThat(enabled.text("status")).isEqualTo("enabled");
        assertThat(enabled.text("description")).isEqualTo("mended");
        api.awaitEnd(job);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        try (Receiver inside = new Receiver()) {
            WebhookEndpoint endpoint = endpoint("job.deleted");
            receiver.redirectTo(inside.url());
            String delivery = endpoint.path() + "/deliveries/" + endpoint.test().text("delivery_id");

            await().atMost(PATIENCE).until(() -> receiver.messages().size() >= 2);

            assertThat(api.get(delivery).text("last_error")).contains("redirects are not followed");
            assertThat(inside.messages()).isEmpty();
        }
    }

    @Test
    void whatIsAskedWronglyIsSaidAndNobodySeesAnothers() {
        WebhookEndpoint endpoint = endpoint("job.*");
        assertProblem(api.post("/webhooks", "{\"url\": \"http://169.254.169.254/latest\"}"), 400, "invalid_webhook");
        assertProblem(api.post("/webhooks", "{\"url\": \"https://u:p@example.org\"}"), 400, "invalid_webhook");
        assertProblem(
                api.post("/webhooks", "{\"url\": \"" + receiver.url() + "\", \"events\": [\"job.complete\"]}"),
                400,
                "invalid_webhook");
        assertProblem(api.post("/webhooks", "{}"), 400, "invalid_request");
        assertProblem(api.post(endpoint.path() + "/rotate-secret", "{\"overlap\": \"soon\"}"), 400, "invalid_request");
        assertProblem(
                api.post(endpoint.path() + "/replay", "{\"from\": \"now\", \"to\": \"then\"}"), 400, "invalid_request");
        assertProblem(api.get(endpoint.path() + "/deliveries/99999999"), 404, "not_found");
        assertProblem(api.get("/webhooks/nonsense"), 404, "not_found");
        assertProblem(api.withoutKey().get("/webhooks"), 401, "unauthorized");

        Api eve = api.asOwner("webhook-eve");
        assertThat(eve.get("/webhooks").body().path("webhooks")).isEmpty();
        assertProblem(eve.get(endpoint.path()), 404, "not_found");
        assertProblem(eve.get(endpoint.path() + "/deliveries"), 404, "not_found");
        assertProblem(eve.post(endpoint.path() + "/test"), 404, "not_found");
        assertProblem(eve.post(endpoint.path() + "/rotate-secret", "{}"), 404, "not_found");
        assertProblem(eve.delete(endpoint.path()), 404, "not_found");
        assertThat(endpoint.look().status()).isEqualTo(200);
    }

    @Test
    void theSameRequestAgainMakesNoSecondEndpoint() {
        String json = "{\"url\": \"" + receiver.url() + "\"}";
        List<Api.Answer> answers = List.of(create(json), create(json));

        assertThat(answers).allMatch(answer -> answer.status() == 201);
        assertThat(answers.get(1).body()).isEqualTo(answers.get(0).body());
        SECRETS.add(answers.getFirst().text("secret"));
        assertThat(api.get("/webhooks").body().path("webhooks")).hasSize(1);
        assertThat(answers.getFirst().body().path("events").path(0).asString()).isEqualTo("job.*");
    }

    /** The service is killed in the middle, and its database cut off: every event arrives, in each job's order, and what comes twice has the same id and the same words. */
    @Test
    void nothingIsSkippedWhateverDies() {
        try (Server own = Server.start(DEVELOPMENT)) {
            Api ours = own.api();
            SECRETS.add(WebhookEndpoint.add(ours, receiver, "*").secret());
            Map<String, String> said = new HashMap<>();
            for (int round = 0; round < 2; round++) {
                ours.upload(Clip.mp4(1, "320x180"), "webhook round " + round + ".mp4");
                int seen = receiver.messages().size();
                await().atMost(PATIENCE).until(() -> receiver.messages().size() > seen + 3);
                if (round % 2 == 0) {
                    own.killEverything();
                    own.restart();
                } else {
                    own.children("postgres").forEach(pid -> Server.signal("KILL", pid));
                    own.awaitReady();
                }
            }
            await("all jobs end").atMost(Duration.ofMinutes(2)).until(() -> completed(ours) == 2);
            List<String> logged =
                    Json.texts(ours.get("/events?limit=1000").body().path("events"), "id");

            await("all events arrive")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> receiver.taken().size() >= logged.size());

            assertThat(ids(receiver.taken())).containsExactlyInAnyOrderElementsOf(logged);
            Map<String, Integer> place = new HashMap<>();
            logged.forEach(id -> place.put(id, place.size()));
            Map<String, List<Integer>> places = receiver.taken().stream()
                    .collect(Collectors.groupingBy(
                            Message::job, Collectors.mapping(message -> place.get(message.id()), Collectors.toList())));
            assertThat(places.values()).allSatisfy(job -> assertThat(job).isSorted());
            receiver.messages()
                    .forEach(message -> assertThat(said.putIfAbsent(message.id(), message.body()))
                            .isIn(null, message.body()));
        }
    }

    private static long completed(Api api) {
        return api.get("/videos/jobs?status=COMPLETED").body().path("jobs").size();
    }

    private static Api.Answer create(String json) {
        return api.send(api.request("/webhooks")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "make-one-endpoint")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    private WebhookEndpoint endpoint(String events) {
        WebhookEndpoint made = WebhookEndpoint.add(api, receiver, events);
        SECRETS.add(made.secret());
        return made;
    }

    private static String uploadAndAwait() {
        String job = api.upload(Clip.mp4(1, "320x180"), "hook " + System.nanoTime() + ".mp4")
                .text("job_id");
        api.awaitCompleted(job);
        return job;
    }

    private static List<String> logged(String job) {
        Api.Answer log = api.send(api.request("/videos/jobs/" + job + "/events?limit=1000")
                .header("Accept", "application/json")
                .GET()
                .build());
        return Json.texts(log.body().path("events"), "id");
    }

    private static List<String> ids(List<Message> messages) {
        return messages.stream().map(Message::id).toList();
    }
}
