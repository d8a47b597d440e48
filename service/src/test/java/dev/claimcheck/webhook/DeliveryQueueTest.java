package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.events.EventLog;
import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Which delivery is tried when: order, retries, shares, the circuit breaker. */
class DeliveryQueueTest extends WebhooksOnDatabase {
    @Test
    void anEventOfAJobWaitsForTheOneBeforeIt() {
        UUID endpoint = endpoint(ALICE, "*");
        JobId one = job();
        JobId other = job();
        log(ALICE, one, "job.created");
        log(ALICE, one, "job.started");
        log(ALICE, other, "job.created");
        feed();

        List<ClaimedDelivery> first = queue.claim(10);
        assertThat(first).extracting(ClaimedDelivery::type).containsExactly("job.created", "job.created");
        log(ALICE, one, "job.completed");
        feed();
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
        feed();
        sql("UPDATE webhook_delivery SET give_up_at = now() + interval '1 millisecond' WHERE type = 'job.created'");

        end(queue.claim(10).getFirst(), DOWN);

        assertThat(statuses(endpoint)).containsExactly("FAILED", "WAITING");
        ClaimedDelivery next = queue.claim(10).getFirst();
        assertThat(next.type()).isEqualTo("job.completed");
        end(next, DOWN);
        sql("UPDATE webhook_delivery SET give_up_at = now() - interval '1 second' WHERE status = 'WAITING'");
        log(ALICE, job, "job.deleted");
        feed();
        new DeliveryRetention(database, DAY).run();
        assertThat(statuses(endpoint)).containsExactly("FAILED", "FAILED", "WAITING");
        assertThat(queue.claim(10)).extracting(ClaimedDelivery::type).containsExactly("job.deleted");
    }

    /** What a process that died had claimed is tried again, and its late outcome counts for nothing. */
    @Test
    void aClaimThatRanOutIsTakenOver() {
        UUID endpoint = endpoint(ALICE, "*");
        log(ALICE, job(), "job.created");
        feed();
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
        feed();
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
        feed();

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

    /** A claim that sees what was there before it waited for its turn would count too few. */
    @Test
    void norDoSeveralProcessesTogetherGiveItMore() throws Exception {
        int processes = 8;
        UUID endpoint = endpoint(ALICE, "*");
        for (int event = 0; event < 40; event++) {
            log(ALICE, job(), "job.created");
        }
        feed();
        for (int round = 0; round < 50; round++) {
            CyclicBarrier together = new CyclicBarrier(processes);
            List<Callable<Integer>> claims = new ArrayList<>();
            for (int process = 0; process < processes; process++) {
                DeliveryQueue own = new DeliveryQueue(database, "process " + process, 3, Duration.ofMinutes(1));
                claims.add(() -> {
                    together.await();
                    int claimed = 0;
                    for (int claim = 0; claim < 5; claim++) {
                        claimed += own.claim(2).size();
                    }
                    return claimed;
                });
            }
            int claimed = 0;
            try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
                for (Future<Integer> each : crowd.invokeAll(claims)) {
                    claimed += each.get();
                }
            }
            assertThat(claimed).as("round " + round).isEqualTo(3);
            sql("UPDATE webhook_delivery SET claimed_by = NULL, claimed_until = NULL");
        }
        assertThat(statuses(endpoint)).containsOnly("WAITING");
    }

    @Test
    void anEndpointThatFailsAndFailsIsLeftAloneThenProbedThenSwitchedOff() {
        UUID endpoint = endpoint(ALICE, "*");
        for (int event = 0; event < 12; event++) {
            log(ALICE, job(), "job.created");
        }
        feed();
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
        TestDatabase.awaitOlderTransactions(database);
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
        feed();

        end(queue.claim(1).getFirst(), new AttemptResult.Answered(410, Map.of(), "", Optional.empty()));

        assertThat(statuses(endpoint)).containsExactly("FAILED");
        assertThat(view(endpoint).enabled()).isFalse();
        assertThat(view(endpoint).disabledReason().orElseThrow()).contains("410");
    }
}
