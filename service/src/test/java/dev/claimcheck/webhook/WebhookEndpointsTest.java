package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What owners do with their endpoints: secrets, replays, how many there may be. */
class WebhookEndpointsTest extends WebhooksOnDatabase {
    @Test
    void aRotatedSecretSignsBesideTheNewOneUntilItsTimeIsOver() {
        var created = endpoints.create(ALICE, WebhookUrl.parse("https://example.org/", false), EventFilter.USUAL, "");
        UUID endpoint = created.endpoint().id();
        var rotated = endpoints.rotate(ALICE, endpoint, Duration.ofHours(1)).orElseThrow();
        log(ALICE, job(), "job.created");
        feed();
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
        feed();
        end(queue.claim(1).getFirst(), OK);
        change(endpoint, false);
        log(ALICE, job, "job.started");
        log(ALICE, job, "step.started");
        log(BOB, job(), "job.started");
        feed();
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

    @Test
    void anOwnerHasNoEndlessNumberOfEndpoints() {
        for (int number = 0; number < 50; number++) {
            endpoint(ALICE, "job.*");
        }
        assertThatThrownBy(() -> endpoint(ALICE, "job.*")).isInstanceOf(InvalidWebhookException.class);
        assertThat(endpoint(BOB, "job.*")).isNotNull();
    }
}
