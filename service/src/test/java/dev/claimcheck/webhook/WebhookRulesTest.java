package dev.claimcheck.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.events.EventTypes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What needs no database: filters, back-off, signatures, sealed secrets. */
class WebhookRulesTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));

    // ---- filters

    @Test
    void filtersTakeTypesKindsAndAll() {
        EventFilter filter = new EventFilter(List.of("job.completed", "upload.*"));

        assertThat(filter.matches("job.completed")).isTrue();
        assertThat(filter.matches("upload.expired")).isTrue();
        assertThat(filter.matches("job.failed")).isFalse();
        assertThat(filter.matches("step.failed")).isFalse();
        assertThat(EventTypes.ALL).allMatch(new EventFilter(List.of("*"))::matches);
        assertThat(EventTypes.ALL.stream().filter(EventFilter.USUAL::matches))
                .allMatch(type -> type.startsWith("job."));
        assertThat(new EventFilter(List.of("job.*", "job.*")).patterns()).hasSize(1);
    }

    @Test
    void aFilterThatCouldNeverMatchIsAMistake() {
        for (String pattern :
                List.of("", "job.complete", "job", "job.", ".*", "**", "j*", "JOB.*", "job.*.x", "a\"b", "a,b", "{}")) {
            assertThatThrownBy(() -> new EventFilter(List.of(pattern)))
                    .as(pattern)
                    .isInstanceOf(InvalidWebhookException.class)
                    .hasMessageContaining("job.completed");
        }
        assertThatThrownBy(() -> new EventFilter(List.of())).isInstanceOf(InvalidWebhookException.class);
        assertThatThrownBy(() -> new EventFilter(
                        IntStream.range(0, 101).mapToObj(_ -> "job.*").toList()))
                .isInstanceOf(InvalidWebhookException.class);
    }

    // ---- back-off

    @Test
    void retriesBackOffExponentiallyWithFullJitterUntilTheirTimeIsOver() {
        BackOff backOff = new BackOff(Duration.ofSeconds(5));
        RandomGenerator highest = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return Math.nextDown(1.0);
            }
        };

        assertThat(wait(backOff, 1, highest)).isBetween(Duration.ofMillis(4_900), Duration.ofSeconds(5));
        assertThat(wait(backOff, 4, highest)).isBetween(Duration.ofMillis(39_900), Duration.ofSeconds(40));
        assertThat(wait(backOff, 60, highest)).isLessThanOrEqualTo(Duration.ofHours(4));
        Random random = new Random(1);
        assertThat(IntStream.range(0, 100)
                        .filter(_ -> wait(backOff, 4, random).compareTo(Duration.ofSeconds(20)) < 0)
                        .count())
                .as("full jitter reaches down to zero")
                .isBetween(30L, 70L);
        assertThat(backOff.next(20, Optional.empty(), TOMORROW.minusSeconds(1), TOMORROW, highest))
                .isEmpty();
        int tries = 1;
        Instant at = NOW;
        for (Optional<Instant> next = Optional.of(NOW); next.isPresent(); tries++) {
            at = next.get();
            next = backOff.next(tries, Optional.empty(), at, TOMORROW, random);
        }
        assertThat(tries).as("tries within a day").isBetween(12, 60);
        assertThat(at).as("the last of them").isBetween(NOW.plus(Duration.ofHours(18)), TOMORROW);
    }

    @Test
    void whatTheReceiverAsksForIsHeeded() {
        BackOff backOff = new BackOff(Duration.ofSeconds(5));
        Random random = new Random(1);

        assertThat(backOff.next(1, Optional.of(NOW.plusSeconds(600)), NOW, TOMORROW, random))
                .hasValue(NOW.plusSeconds(600));
        assertThat(backOff.next(1, Optional.of(TOMORROW.plusSeconds(1)), NOW, TOMORROW, random))
                .isEmpty();
        assertThat(backOff.next(1, Optional.of(NOW.minusSeconds(9)), NOW, TOMORROW, random)
                        .orElseThrow())
                .isBetween(NOW, NOW.plusSeconds(5));
        assertThat(WebhookSender.retryAfter("120", NOW)).hasValue(NOW.plusSeconds(120));
        assertThat(WebhookSender.retryAfter("Wed, 25 Nov 2026 13:00:00 GMT", NOW))
                .hasValue(NOW.plusSeconds(3_600));
        assertThat(WebhookSender.retryAfter("soon", NOW)).isEmpty();
        assertThat(WebhookSender.retryAfter("-5", NOW)).isEmpty();
    }

    @Test
    void theCircuitOpensAfterFailuresInARowAndForLongerEachTime() {
        BackOff backOff = new BackOff(Duration.ofSeconds(5));

        assertThat(backOff.openUntil(4, NOW)).isEmpty();
        assertThat(backOff.openUntil(5, NOW)).hasValue(NOW.plusSeconds(30));
        assertThat(backOff.openUntil(6, NOW)).hasValue(NOW.plusSeconds(60));
        assertThat(backOff.openUntil(500, NOW)).hasValue(NOW.plus(Duration.ofMinutes(15)));
    }

    private static Duration wait(BackOff backOff, int failed, RandomGenerator random) {
        return Duration.between(
                NOW,
                backOff.next(failed, Optional.empty(), NOW, NOW.plus(Duration.ofDays(9)), random)
                        .orElseThrow());
    }

    // ---- signatures

    /** The example of the standard's own libraries. */
    @Test
    void theStandardsOwnVector() throws Exception {
        String signature = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
                .sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330L, "{\"test\": 2432232314}");

        assertThat(signature).isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void everySecretInForceSigns() throws Exception {
        SealedSecrets sealed = SealedSecrets.of(new byte[32], "test");
        WebhookSecrets secrets = new WebhookSecrets(sealed);
        UUID endpoint = UUID.randomUUID();
        List<String> texts = List.of("whsec_" + base64(1), "whsec_" + base64(2));
        List<byte[]> kept = texts.stream()
                .map(text -> sealed.seal(text.getBytes(StandardCharsets.UTF_8), endpoint.toString()))
                .toList();
        String body = "{\"type\":\"job.completed\",\"data\":{\"name\":\"Ünï\"}}";
        Instant now = Instant.now();

        Map<String, String> headers = secrets.sign(endpoint, kept, "41", now, body);

        assertThat(headers).containsOnlyKeys("webhook-id", "webhook-timestamp", "webhook-signature");
        Map<String, List<String>> received = headers.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> List.of(entry.getValue())));
        for (String text : texts) {
            new Webhook(text).verify(body, received); // throws where the signature does not fit
        }
        assertThatThrownBy(() -> new Webhook("whsec_" + base64(3)).verify(body, received))
                .isInstanceOf(WebhookVerificationException.class);
        assertThatThrownBy(() -> new Webhook(texts.getFirst()).verify(body + " ", received))
                .isInstanceOf(WebhookVerificationException.class);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(Base64.getDecoder().decode(base64(1)), "HmacSHA256"));
        byte[] own = mac.doFinal(("41." + now.getEpochSecond() + "." + body).getBytes(StandardCharsets.UTF_8));
        assertThat(headers.get("webhook-signature"))
                .startsWith("v1," + Base64.getEncoder().encodeToString(own) + " v1,");
    }

    private static String base64(int seed) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) seed);
        return Base64.getEncoder().encodeToString(bytes);
    }

    // ---- secrets at rest

    @Test
    void whatIsSealedOpensOnlyHereAndUnchanged() {
        SealedSecrets sealed = SealedSecrets.of(new byte[32], "test");
        byte[] plain = "whsec_secret".getBytes(StandardCharsets.UTF_8);

        byte[] kept = sealed.seal(plain, "endpoint 1");

        assertThat(sealed.open(kept, "endpoint 1")).isEqualTo(plain);
        assertThat(new String(kept, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
        assertThat(sealed.seal(plain, "endpoint 1"))
                .as("a fresh nonce each time")
                .isNotEqualTo(kept);
        assertThatThrownBy(() -> sealed.open(kept, "endpoint 2")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SealedSecrets.of(new byte[32], "other").open(kept, "endpoint 1"))
                .isInstanceOf(IllegalArgumentException.class);
        kept[kept.length - 1] ^= 1;
        assertThatThrownBy(() -> sealed.open(kept, "endpoint 1")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sealed.open(plain, "endpoint 1")).isInstanceOf(IllegalArgumentException.class);
    }
}
