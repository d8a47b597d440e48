package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.events.EventLog;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Feeding, order, retries, breaker, rotation and replay on a real Postgres. Nothing is sent here; what comes of tries is made up. */
class WebhooksInDatabaseTest {
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final OwnerId BOB = new OwnerId("bob");
    private static final Duration DAY = Duration.ofDays(1);
    private static final AttemptResult OK = new AttemptResult.Answered(200, Map.of(), "ok", Optional.empty());
    private static final AttemptResult DOWN = new AttemptResult.Failed("no connection");

    private final Database database = Database.open(TestDatabase.fresh(), 16);
    private final WebhookSecrets secrets = new WebhookSecrets(SealedSecrets.open(database, "webhooks"));
    private final WebhookEndpoints endpoints = new WebhookEndpoints(database, secrets, InstantSource.system());
    private final WebhookDeliveries deliveries = new WebhookDeliveries(database, DAY);
    private final WebhookFeed feed = new WebhookFeed(database, DAY);
    private final DeliveryQueue queue = new DeliveryQueue(database, "process 1", 3, Duration.ofMinutes(1));

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void eachEventGoesOnceToWhoAskedForIt() {
        UUID all = endpoint(ALICE, "*");
        UUID ends = endpoint(ALICE, "job.completed", "job.failed");
        UUID bobs = endpoint(BOB, "*");
        UUID off = endpoint(ALICE, "*");
        change(off, false);
        JobId job = job();
        log(ALICE, job, "job.created");
        log(ALICE, job, "step.started");
        log(ALICE, job, "job.completed");
        log(ALICE, null, "webhook.disabled");

        assertThat(feed.feed()).isEqualTo(5);
        assertThat(feed.feed()).isZero();

        assertThat(types(all)).containsExactly("job.created", "step.started", "job.completed", "webhook.disabled");
        assertThat(types(ends)).containsExactly("job.completed");
        assertThat(types(bobs)).isEmpty();
        assertThat(types(off)).isEmpty();
    }

    /** Transactions that overlap, several processes that feed, and one that dies in the middle of it. */
    @Test
    void nothingIsSkippedAndNothingFedTwiceHoweverManyFeed() throws Exception {
        UUID endpoint = endpoint(ALICE, "*");
        AtomicBoolean done = new AtomicBoolean();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> feeders = new ArrayList<>();
            for (int feeder = 0; feeder < 3; feeder++) {
                feeders.add(crowd.submit(() -> {
                    while (!done.get()) {
                        feed.feed();
                        pause(3);
                    }
                    return true;
                }));
            }
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int writer = 0; writer < 6; writer++) {
                Random random = new Random(writer);
                JobId job = job();
                writers.add(() -> {
                    for (int round = 0; round < 40; round++) {
                        boolean kept = random.nextInt(5) > 0;
                        database.useTransaction(handle -> {
                            for (int event = 0; event < 3; event++) {
                                append(handle, ALICE, job, "step.ready");
                                pause(random.nextInt(6));
                            }
                            if (!kept) {
                                handle.rollback();
                            }
                        });
                    }
                    return true;
                });
            }
            for (Future<Boolean> writer : crowd.invokeAll(writers)) {
                assertThat(writer.get()).isTrue();
            }
            done.set(true);
            for (Future<Boolean> feeder : feeders) {
                assertThat(feeder.get()).isTrue();
            }
        }
        feed.feed();

        List<Long> logged =
                database.withHandle(handle -> handle.createQuery("SELECT event_id FROM event ORDER BY xid, event_id")
                        .mapTo(Long.class)
                        .list());
        assertThat(logged).hasSizeGreaterThan(400);
        assertThat(column(endpoint, "event_id"))
                .as("all, once, in the log's order")
                .isEqualTo(logged);
        assertThat(database.<Long>withHandle(handle -> handle.createQuery(
                                "SELECT count(*) FROM webhook_delivery WHERE next_attempt_at IS NOT NULL")
                        .mapTo(Long.class)
                        .one()))
                .as("one of each job is due")
                .isEqualTo(6);
    }

    @Test
    void anEventOfAJobWaitsForTheOneBeforeIt() {
        UUID endpoint = endpoint(ALICE, "*");
        JobId one = job();
        JobId other = job();
        log(ALICE, one, "job.created");
        log(ALICE, one, "job.started");
        log(ALICE, other, "job.created");
        feed.feed();

        List<ClaimedDelivery> first = queue.claim(10);
        assertThat(first).extracting(ClaimedDelivery::type).containsExactly("job.created", "job.created");
        log(ALICE, one, "job.completed");
        feed.feed();
        assertThat(queue.claim(10)).as("while the first is on its way").isEmpty();

        end(first.get(0), DOWN);
        assertThat(queue.claim(10)).as("while the first waits for its next try").isEmpty();
        makeDue(endpoint);
        ClaimedDelivery again = queue.claim(10).getFirst();
        assertThat(again.type()).isEqualTo("job.created");
        assertThat(again.messageId()).as("the same id").isEqualTo(first.get(0).messageId());
        assertThat(again.body()).isEqualTo(first.get(0).body());
        assertThat(again.attempt()).isEqualTo(2);
        end(again, OK);
        assertThat(queue.claim(10)).extracting(ClaimedDelivery::type).containsExactly("job.started");
        assertThat(queue.claim(10)).isEmpty();
    }

    @Test
    void onesWhoseTimeIsOverLetTheOthersPass() {
        UUID endpoint = endpoint(ALICE, "*");
        JobId job = job();
        log(ALICE, job, "job.created");
        log(ALICE, job, "job.completed");
        feed.feed();
        sql("UPDATE webhook_delivery SET give_up_at = now() + interval '1 millisecond' WHERE type = 'job.created'");

        end(queue.claim(10).getFirst(), DOWN);

        assertThat(statuses(endpoint)).containsExactly("FAILED", "WAITING");
        ClaimedDelivery next = queue.claim(10).getFirst();
        assertThat(next.type()).isEqualTo("job.completed");
        end(next, DOWN);
        sql("UPDATE webhook_delivery SET give_up_at = now() - interval '1 second' WHERE status = 'WAITING'");
        log(ALICE, job, "job.deleted");
        feed.feed();
        new DeliveryRetention(database, DAY).run();
        assertThat(statuses(endpoint)).containsExactly("FAILED", "FAILED", "WAITING");
        assertThat(queue.claim(10)).extracting(ClaimedDelivery::type).containsExactly("job.deleted");
    }

    /** What a process that died had claimed is tried again, and its late outcome counts for nothing. */
    @Test
    void aClaimThatRanOutIsTakenOver() {
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        feed.feed();
        DeliveryQueue dying = new DeliveryQueue(database, "process 2", 3, Duration.ZERO);
        ClaimedDelivery late = dying.claim(1).getFirst();
        ClaimedDelivery again = queue.claim(1).getFirst();

        assertThat(again.id()).isEqualTo(late.id());
        assertThat(again.messageId()).isEqualTo(late.messageId());
        end(late, new AttemptResult.Answered(410, Map.of(), "", Optional.empty()));
        assertThat(statuses(endpoint)).containsExactly("WAITING");
        assertThat(view(endpoint).enabled()).isTrue();
        end(again, OK);
        assertThat(statuses(endpoint)).containsExactly("SUCCEEDED");

        log(ALICE, job(), "job.created");
        feed.feed();
        queue.claim(1);
        assertThat(queue.claim(1)).isEmpty();
        assertThat(queue.releaseAll()).isEqualTo(1);
        assertThat(queue.claim(1)).hasSize(1);
    }

    @Test
    void noEndpointGetsMoreThanItsShare() {
        UUID slow = endpoint(ALICE, "*");
        UUID other = endpoint(ALICE, "*");
        for (int event = 0; event < 10; event++) {
            log(ALICE, job(), "job.created");
        }
        feed.feed();

        List<ClaimedDelivery> claimed = queue.claim(100);

        assertThat(claimed.stream().filter(delivery -> delivery.endpoint().equals(slow)))
                .hasSize(3);
        assertThat(claimed.stream().filter(delivery -> delivery.endpoint().equals(other)))
                .hasSize(3);
        claimed.stream().filter(delivery -> delivery.endpoint().equals(other)).forEach(delivery -> end(delivery, OK));
        assertThat(queue.claim(100))
                .hasSize(3)
                .allMatch(delivery -> delivery.endpoint().equals(other));
    }

    @Test
    void anEndpointThatFailsAndFailsIsLeftAloneThenProbedThenSwitchedOff() {
        UUID endpoint = endpoint(ALICE, "*");
        for (int event = 0; event < 12; event++) {
            log(ALICE, job(), "job.created");
        }
        feed.feed();
        for (int failure = 0; failure < 5; failure++) {
            end(queue.claim(1).getFirst(), DOWN);
        }
        assertThat(view(endpoint).circuit()).isEqualTo(WebhookEndpoint.Circuit.OPEN);
        makeDue(endpoint);
        assertThat(queue.claim(10)).as("open").isEmpty();

        sql("UPDATE webhook_endpoint SET open_until = now()");
        assertThat(view(endpoint).circuit()).isEqualTo(WebhookEndpoint.Circuit.HALF_OPEN);
        List<ClaimedDelivery> probe = queue.claim(10);
        assertThat(probe).as("a probe").hasSize(1);
        end(probe.getFirst(), DOWN);
        assertThat(view(endpoint).circuit()).isEqualTo(WebhookEndpoint.Circuit.OPEN);
        sql("UPDATE webhook_endpoint SET open_until = now()");
        end(queue.claim(10).getFirst(), OK);
        assertThat(view(endpoint).circuit()).isEqualTo(WebhookEndpoint.Circuit.CLOSED);
        assertThat(queue.claim(10)).hasSize(3);
        queue.releaseAll();

        end(queue.claim(1).getFirst(), DOWN);
        sql("UPDATE webhook_endpoint SET failing_since = now() - interval '6 days'");
        end(queue.claim(1).getFirst(), DOWN);
        assertThat(view(endpoint).enabled()).isFalse();
        assertThat(view(endpoint).disabledReason().orElseThrow()).contains("has failed since", "no connection");
        assertThat(queue.claim(10)).isEmpty();
        assertThat(new EventLog(database).after(ALICE, Optional.empty(), 0, 100).getLast())
                .satisfies(event -> {
                    assertThat(event.type()).isEqualTo("webhook.disabled");
                    assertThat(event.job()).isNull();
                    assertThat(event.data()).contains(endpoint.toString());
                });
        change(endpoint, true);
        assertThat(view(endpoint).circuit()).isEqualTo(WebhookEndpoint.Circuit.CLOSED);
        assertThat(queue.claim(10)).isNotEmpty();
    }

    @Test
    void whoSaysGoneIsSwitchedOffAtOnce() {
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        feed.feed();

        end(queue.claim(1).getFirst(), new AttemptResult.Answered(410, Map.of(), "", Optional.empty()));

        assertThat(statuses(endpoint)).containsExactly("FAILED");
        assertThat(view(endpoint).enabled()).isFalse();
        assertThat(view(endpoint).disabledReason().orElseThrow()).contains("410");
    }

    @Test
    void aRotatedSecretSignsBesideTheNewOneUntilItsTimeIsOver() {
        var created = endpoints.create(ALICE, WebhookUrl.parse("https://example.org/", false), EventFilter.USUAL, "");
        UUID endpoint = created.endpoint().id();
        var rotated = endpoints.rotate(ALICE, endpoint, Duration.ofHours(1)).orElseThrow();
        log(ALICE, job(), "job.created");
        feed.feed();
        ClaimedDelivery delivery = queue.claim(1).getFirst();

        assertThat(created.secret()).startsWith("whsec_").isNotEqualTo(rotated.secret());
        assertThat(delivery.secrets()).hasSize(2);
        assertThat(view(endpoint).secrets()).hasSize(2);
        assertThat(secrets.sign(endpoint, delivery.secrets(), "1", Instant.now(), "{}")
                        .get("webhook-signature"))
                .matches("v1,\\S+ v1,\\S+");
        assertThat(database.<String>withHandle(handle -> handle.createQuery(
                                "SELECT string_agg(encode(sealed, 'escape'), '') FROM webhook_secret")
                        .mapTo(String.class)
                        .one()))
                .as("what is kept")
                .doesNotContain("whsec_");
        endpoints.rotate(ALICE, endpoint, Duration.ofHours(1));
        assertThat(view(endpoint).secrets()).as("the last two").hasSize(2);
        sql("UPDATE webhook_secret SET expires_at = now() - interval '1 second' WHERE expires_at IS NOT NULL");
        assertThat(view(endpoint).secrets()).hasSize(1);
        assertThat(endpoints.rotate(BOB, endpoint, Duration.ZERO)).isEmpty();
    }

    @Test
    void whatWasMissedCanBeReplayed() {
        UUID endpoint = endpoint(ALICE, "job.*");
        JobId job = job();
        log(ALICE, job, "job.created");
        feed.feed();
        end(queue.claim(1).getFirst(), OK);
        change(endpoint, false);
        log(ALICE, job, "job.started");
        log(ALICE, job, "step.started");
        log(BOB, job(), "job.started");
        feed.feed();
        change(endpoint, true);

        Instant from = Instant.now().minus(DAY);
        assertThat(deliveries.replay(ALICE, endpoint, from, Instant.now().plusSeconds(1), Optional.empty()))
                .isEqualTo(OptionalLong.of(2));
        assertThat(deliveries.replay(BOB, endpoint, from, Instant.now(), Optional.empty()))
                .isEmpty();
        assertThat(types(endpoint)).containsExactly("job.created", "job.created", "job.started");
        List<ClaimedDelivery> claimed = queue.claim(10);
        assertThat(claimed).as("in order").extracting(ClaimedDelivery::type).containsExactly("job.created");
        end(claimed.getFirst(), OK);
        WebhookDelivery first = deliveries
                .list(ALICE, endpoint, Optional.empty(), OptionalLong.empty(), 10)
                .deliveries()
                .getLast();
        WebhookDelivery once = deliveries.replay(ALICE, endpoint, first.id()).orElseThrow();
        assertThat(once.messageId()).isEqualTo(first.messageId());
        assertThat(once.nextAttemptAt()).as("behind what waits").isEmpty();
        assertThat(deliveries.replay(BOB, endpoint, first.id())).isEmpty();
        assertThat(deliveries.find(BOB, endpoint, first.id())).isEmpty();
        assertThat(deliveries.find(ALICE, endpoint, first.id()).orElseThrow().attempts())
                .hasSize(1);
        WebhookDelivery test = deliveries.test(ALICE, endpoint).orElseThrow();
        assertThat(test.type()).isEqualTo("webhook.test");
        assertThat(test.job()).isEmpty();
    }

    /** Events are kept while somebody has yet to be told of them; a log that moved to another cluster is fed on. */
    @Test
    void theLogAndItsFeedGoTogether() {
        EventLog log = new EventLog(database);
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        assertThat(log.prune(Duration.ZERO)).as("not fed yet").isZero();
        feed.feed();
        assertThat(log.prune(Duration.ZERO)).isEqualTo(1);
        log(ALICE, job(), "job.started");
        feed.feed();
        log(ALICE, job(), "job.completed");
        sql("UPDATE event SET xid = CAST(CAST(900000000 + event_id AS text) AS xid8)");
        sql("UPDATE webhook_feed SET xid = CAST(CAST(900000000 + event_id AS text) AS xid8)");

        log.adopt();
        log(ALICE, job(), "job.deleted");
        feed.feed();

        assertThat(types(endpoint)).containsExactly("job.created", "job.started", "job.completed", "job.deleted");
    }

    @Test
    void oldDeliveriesAreClearedAway() {
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        log(ALICE, job(), "job.created");
        feed.feed();
        end(queue.claim(1).getFirst(), OK);
        DeliveryRetention retention = new DeliveryRetention(database, DAY);

        retention.run();
        assertThat(types(endpoint)).hasSize(2);
        sql("UPDATE webhook_delivery SET finished_at = now() - interval '25 hours' WHERE finished_at IS NOT NULL");
        retention.run();
        assertThat(statuses(endpoint)).containsExactly("WAITING");
    }

    @Test
    void anOwnerHasNoEndlessNumberOfEndpoints() {
        for (int number = 0; number < 50; number++) {
            endpoint(ALICE, "job.*");
        }
        assertThatThrownBy(() -> endpoint(ALICE, "job.*")).isInstanceOf(InvalidWebhookException.class);
        assertThat(endpoint(BOB, "job.*")).isNotNull();
    }

    // ---- helpers

    private UUID endpoint(OwnerId owner, String... events) {
        return endpoints
                .create(
                        owner,
                        WebhookUrl.parse("https://example.org/hook", false),
                        new EventFilter(List.of(events)),
                        "")
                .endpoint()
                .id();
    }

    private void change(UUID endpoint, boolean enabled) {
        endpoints.update(
                ALICE,
                endpoint,
                new WebhookEndpoint.Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(enabled)));
    }

    private WebhookEndpoint view(UUID endpoint) {
        return endpoints.find(ALICE, endpoint).orElseThrow();
    }

    private void end(ClaimedDelivery delivery, AttemptResult result) {
        new DeliveryOutcomes(
                        database,
                        new BackOff(Duration.ofHours(1)),
                        Duration.ofDays(5),
                        new Random(7),
                        InstantSource.system())
                .record(
                        delivery,
                        new DeliveryOutcomes.Attempt(Instant.now(), Duration.ofMillis(3), new HashMap<>(), result));
    }

    private void makeDue(UUID endpoint) {
        database.useTransaction(handle -> handle.createUpdate(
                        "UPDATE webhook_delivery SET next_attempt_at = now() WHERE endpoint_id = :endpoint AND next_attempt_at IS NOT NULL")
                .bind("endpoint", endpoint)
                .execute());
    }

    private void sql(String statement) {
        database.useTransaction(handle -> handle.execute(statement));
    }

    private List<String> types(UUID endpoint) {
        return texts(endpoint, "type");
    }

    private List<String> statuses(UUID endpoint) {
        return texts(endpoint, "status");
    }

    private List<String> texts(UUID endpoint, String column) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT <column> FROM webhook_delivery WHERE endpoint_id = :endpoint ORDER BY delivery_id")
                .define("column", column)
                .bind("endpoint", endpoint)
                .mapTo(String.class)
                .list());
    }

    private List<Long> column(UUID endpoint, String column) {
        return texts(endpoint, column).stream().map(Long::valueOf).toList();
    }

    private static JobId job() {
        return JobId.create(Instant.now());
    }

    private void log(OwnerId owner, @org.jspecify.annotations.Nullable JobId job, String type) {
        database.useTransaction(handle -> append(handle, owner, job, type));
    }

    private static void append(
            org.jdbi.v3.core.Handle handle, OwnerId owner, @org.jspecify.annotations.Nullable JobId job, String type) {
        handle.createUpdate("INSERT INTO event (owner, job_id, type) VALUES (:owner, CAST(:job AS uuid), :type)")
                .bind("owner", owner.value())
                .bind("job", job == null ? null : job.toString())
                .bind("type", type)
                .execute();
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
