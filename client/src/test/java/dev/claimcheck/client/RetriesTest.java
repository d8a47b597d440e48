package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.claimcheck.client.ScriptedService.Asked;
import dev.claimcheck.client.ScriptedService.Scripted;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls do by themselves where trouble passes. */
class RetriesTest {
    private static final Scripted DONE = Scripted.json(200, "{\"job_id\":\"j\",\"status\":\"PENDING\"}");

    @TempDir
    private static Path folder;

    private final ScriptedService service = new ScriptedService();
    private final ClaimcheckClient client = ClaimcheckClient.connect(service.address(), "key");

    @AfterEach
    void close() {
        client.close();
        service.close();
    }

    /** A call that changes something, and the request that it sends. */
    record Change(String route, Call call) {}

    @FunctionalInterface
    interface Call {
        void on(ClaimcheckClient client) throws Exception;
    }

    private static List<Change> posts() {
        Path picture = folder.resolve("logo.png");
        return List.of(
                new Change("/videos/jobs/j/retry", client -> client.jobs().retry("j")),
                new Change("/videos/jobs/j/cancel", client -> client.jobs().cancel("j")),
                new Change(
                        "/videos/jobs/j/steps/a/retry", client -> client.jobs().retryStep("j", "a")),
                new Change(
                        "/videos/jobs/j/process",
                        client -> client.jobs().process("j", ProcessingOptions.NONE, Optional.empty())),
                new Change("/watermarks", client -> client.watermarks().add(Files.writeString(picture, "picture"))),
                new Change(
                        "/webhooks",
                        client -> client.webhooks().create("https://example.org", List.of(), Optional.empty())),
                new Change(
                        "/webhooks/e/rotate-secret", client -> client.webhooks().rotateSecret("e", Optional.empty())),
                new Change("/webhooks/e/test", client -> client.webhooks().test("e")),
                new Change(
                        "/webhooks/e/deliveries/d/replay",
                        client -> client.webhooks().replay("e", "d")),
                new Change(
                        "/webhooks/e/replay",
                        client -> client.webhooks().replay("e", Instant.EPOCH, Instant.EPOCH, List.of())),
                new Change(
                        "/access/keys",
                        client -> client.administration().createKey("o", "n", "owner", Optional.empty())),
                new Change(
                        "/operations/dead-letters/retry",
                        client -> client.administration()
                                .retryDeadLetters(Optional.empty(), Optional.empty(), List.of())));
    }

    @Test
    void aPostThatGotNoAnswerComesAgainUnderTheSameKey() throws Exception {
        atOnce(posts(), post -> {
            service.on("POST " + post.route(), Scripted.breakOff(), DONE);

            post.call().on(client);
            post.call().on(client);

            List<Asked> asked = service.asked("POST " + post.route());
            assertThat(asked).as(post.route()).hasSize(3);
            assertThat(asked.get(1).body())
                    .as(post.route())
                    .isEqualTo(asked.get(2).body());
            assertThat(asked.get(0).header("Idempotency-Key")).as(post.route()).hasSizeGreaterThan(30);
            assertThat(asked.get(1).header("Idempotency-Key"))
                    .as(post.route())
                    .isEqualTo(asked.get(0).header("Idempotency-Key"));
            assertThat(asked.get(2).header("Idempotency-Key"))
                    .as("another call of " + post.route() + " is another thing to do")
                    .isNotEqualTo(asked.get(0).header("Idempotency-Key"));
        });
    }

    @Test
    void troubleThatPassesIsWaitedOut() throws Exception {
        atOnce(List.of(429, 502, 503, 504), status -> {
            Scripted passing = Scripted.problem(status, "passing", "In a moment.", Map.of());
            service.on("POST /webhooks/" + status + "/test", passing, DONE)
                    .on("PATCH /webhooks/" + status, passing, DONE);

            client.webhooks().test("" + status);
            client.webhooks()
                    .update(
                            "" + status,
                            new Webhooks.Change(
                                    Optional.empty(), Optional.empty(), Optional.of("new"), Optional.empty()));

            assertThat(service.asked("POST /webhooks/" + status + "/test")).hasSize(2);
            assertThat(service.asked("PATCH /webhooks/" + status)).hasSize(2);
        });
    }

    @Test
    void noTryComesSoonerThanTheServiceAsked() throws Exception {
        service.on(
                "POST /videos/jobs/j/retry",
                Scripted.problem(429, "too_many", "Slowly.", Map.of("Retry-After", "2")),
                DONE);
        long began = System.nanoTime();

        client.jobs().retry("j");

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whatWouldLastTooLongIsToldAtOnce() {
        service.on(
                "POST /videos/jobs/j/retry",
                Scripted.problem(503, "unavailable", "Tomorrow.", Map.of("Retry-After", "86400")));

        ClaimcheckException told = catchThrowableOfType(
                ClaimcheckException.class, () -> client.jobs().retry("j"));

        assertThat(told.retryAfter()).contains(Duration.ofDays(1));
        assertThat(service.asked("POST /videos/jobs/j/retry")).hasSize(1);
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(ZoneOffset.UTC).plusHours(1));
        service.on(
                "POST /videos/jobs/j/cancel",
                Scripted.problem(503, "unavailable", "In an hour.", Map.of("Retry-After", date)));
        ClaimcheckException byDate = catchThrowableOfType(
                ClaimcheckException.class, () -> client.jobs().cancel("j"));
        assertThat(byDate.retryAfter().orElseThrow()).isBetween(Duration.ofMinutes(58), Duration.ofHours(1));
    }

    @Test
    void whatIsRefusedIsNotAskedAgain() {
        service.on("POST /videos/jobs/j/cancel", Scripted.problem(409, "conflict", "It has ended.", Map.of()));

        ClaimcheckException refused = catchThrowableOfType(
                ClaimcheckException.class, () -> client.jobs().cancel("j"));

        assertThat(refused.code()).isEqualTo("conflict");
        assertThat(service.asked("POST /videos/jobs/j/cancel")).hasSize(1);
    }

    @Test
    void callsOfAClosedClientEndAtOnce() throws Exception {
        service.on("GET /webhooks", Scripted.json(200, "{\"webhooks\":[]}"));
        client.webhooks().list();

        client.close();

        ClaimcheckException closed = catchThrowableOfType(
                ClaimcheckException.class, () -> client.jobs().cancel("j"));
        assertThat(closed.code()).isEqualTo("closed");
    }

    private interface Check<T> {
        void of(T value) throws Exception;
    }

    /** Each waits for a while: together they take no longer than one. */
    private static <T> void atOnce(List<T> values, Check<T> check) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> checks = values.stream()
                    .<Callable<Boolean>>map(value -> () -> {
                        check.of(value);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> ended : threads.invokeAll(checks)) {
                assertThat(ended.get()).isTrue();
            }
        }
    }
}
