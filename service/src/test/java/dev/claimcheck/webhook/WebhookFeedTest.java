package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.events.EventLog;
import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** From the event log to deliveries, once each and in order, and how long both are kept. */
class WebhookFeedTest extends WebhooksOnDatabase {
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

        assertThat(feed()).isEqualTo(5);
        assertThat(feed()).isZero();

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
        feed();

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

    /** Events are kept while somebody has yet to be told of them; a log that moved to another cluster is fed on. */
    @Test
    void theLogAndItsFeedGoTogether() {
        EventLog log = new EventLog(database);
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        assertThat(log.prune(Duration.ZERO)).as("not fed yet").isZero();
        feed();
        assertThat(log.prune(Duration.ZERO)).isEqualTo(1);
        log(ALICE, job(), "job.started");
        feed();
        log(ALICE, job(), "job.completed");
        sql("UPDATE event SET xid = CAST(CAST(900000000 + event_id AS text) AS xid8)");
        sql("UPDATE webhook_feed SET xid = CAST(CAST(900000000 + event_id AS text) AS xid8)");

        log.adopt();
        log(ALICE, job(), "job.deleted");
        feed();

        assertThat(types(endpoint)).containsExactly("job.created", "job.started", "job.completed", "job.deleted");
    }

    @Test
    void oldDeliveriesAreClearedAway() {
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        log(ALICE, job(), "job.created");
        feed();
        end(queue.claim(1).getFirst(), OK);
        DeliveryRetention retention = new DeliveryRetention(database, DAY);

        retention.run();
        assertThat(types(endpoint)).hasSize(2);
        sql("UPDATE webhook_delivery SET finished_at = now() - interval '25 hours' WHERE finished_at IS NOT NULL");
        retention.run();
        assertThat(statuses(endpoint)).containsExactly("WAITING");
    }
}
