package dev.claimcheck.webhook;

import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;

/** Webhooks on a real Postgres. Nothing is sent here; what comes of tries is made up. */
abstract class WebhooksOnDatabase {
    static final OwnerId ALICE = new OwnerId("alice");
    static final OwnerId BOB = new OwnerId("bob");
    static final Duration DAY = Duration.ofDays(1);
    static final AttemptResult OK = new AttemptResult.Answered(200, Map.of(), "ok", Optional.empty());
    static final AttemptResult DOWN = new AttemptResult.Failed("no connection");

    final Database database = Database.open(TestDatabase.fresh(), 16);
    final WebhookSecrets secrets = new WebhookSecrets(SealedSecrets.open(database, "webhooks"));
    final WebhookEndpoints endpoints = new WebhookEndpoints(database, secrets, InstantSource.system());
    final WebhookDeliveries deliveries = new WebhookDeliveries(database, DAY);
    final WebhookFeed feed = new WebhookFeed(database, DAY);
    final DeliveryQueue queue = new DeliveryQueue(database, "process 1", 3, Duration.ofMinutes(1));

    @AfterEach
    void close() {
        database.close();
    }

    /** Feeds all that was committed before. */
    final int feed() {
        TestDatabase.awaitOlderTransactions(database);
        return feed.feed();
    }

    final UUID endpoint(OwnerId owner, String... events) {
        return endpoints
                .create(
                        owner,
                        WebhookUrl.parse("https://example.org/hook", false),
                        new EventFilter(List.of(events)),
                        "")
                .endpoint()
                .id();
    }

    final void change(UUID endpoint, boolean enabled) {
        endpoints.update(
                ALICE,
                endpoint,
                new WebhookEndpoint.Change(Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(enabled)));
    }

    final WebhookEndpoint view(UUID endpoint) {
        return endpoints.find(ALICE, endpoint).orElseThrow();
    }

    final void end(ClaimedDelivery delivery, AttemptResult result) {
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

    final void makeDue(UUID endpoint) {
        database.useTransaction(handle -> handle.createUpdate(
                        "UPDATE webhook_delivery SET next_attempt_at = now() WHERE endpoint_id = :endpoint AND next_attempt_at IS NOT NULL")
                .bind("endpoint", endpoint)
                .execute());
    }

    final void sql(String statement) {
        database.useTransaction(handle -> handle.execute(statement));
    }

    final List<String> types(UUID endpoint) {
        return texts(endpoint, "type");
    }

    final List<String> statuses(UUID endpoint) {
        return texts(endpoint, "status");
    }

    final List<String> texts(UUID endpoint, String column) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT <column> FROM webhook_delivery WHERE endpoint_id = :endpoint ORDER BY delivery_id")
                .define("column", column)
                .bind("endpoint", endpoint)
                .mapTo(String.class)
                .list());
    }

    final List<Long> column(UUID endpoint, String column) {
        return texts(endpoint, column).stream().map(Long::valueOf).toList();
    }

    static JobId job() {
        return JobId.create(Instant.now());
    }

    final void log(OwnerId owner, @org.jspecify.annotations.Nullable JobId job, String type) {
        database.useTransaction(handle -> append(handle, owner, job, type));
    }

    static void append(
            org.jdbi.v3.core.Handle handle, OwnerId owner, @org.jspecify.annotations.Nullable JobId job, String type) {
        handle.createUpdate("INSERT INTO event (owner, job_id, type) VALUES (:owner, CAST(:job AS uuid), :type)")
                .bind("owner", owner.value())
                .bind("job", job == null ? null : job.toString())
                .bind("type", type)
                .execute();
    }

    static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
