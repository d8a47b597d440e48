package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** With the test vector that Standard Webhooks' own libraries carry. */
class WebhookVerifierTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final Instant SENT = Instant.ofEpochSecond(1_614_265_330);

    private final Map<String, String> headers = new HashMap<>(Map.of(
            "webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp", "1614265330",
            "webhook-signature", SIGNATURE));

    @Test
    void acceptsTheVectorOfTheStandard() {
        WebhookDelivery delivery = verify(WebhookVerifier.of(SECRET), BODY);

        assertThat(delivery.id()).isEqualTo("msg_p5jXN8AQM9LWM0D4loKWxJek");
        assertThat(delivery.sentAt()).isEqualTo(SENT);
        assertThat(delivery.payload().path("test").asLong()).isEqualTo(2_432_232_314L);
        assertThat(verify(WebhookVerifier.of(SECRET.substring(6)), BODY)).isEqualTo(delivery);
    }

    @Test
    void refusesWhatWasChanged() {
        refuses(BODY + " ");
        headers.put("webhook-id", "msg_other");
        refuses(BODY);
    }

    @Test
    void refusesAnotherSecretsSignature() {
        assertThatThrownBy(() -> verify(WebhookVerifier.of(OTHER), BODY))
                .isInstanceOf(WebhookRejectedException.class)
                .hasMessageNotContaining("C2FV");
    }

    @Test
    void acceptsOneOfSeveralSecretsAndOneOfSeveralSignatures() {
        headers.put("webhook-signature", "v1a,bm9uZQ== v2,x v1,bm9uZQ== v1,!!! " + SIGNATURE + "  v1,");

        assertThat(verify(WebhookVerifier.of(OTHER, SECRET), BODY)).isNotNull();
    }

    @Test
    void knowsNoOtherVersionOfSignatures() {
        headers.put("webhook-signature", SIGNATURE.replace("v1,", "v1a,") + " " + SIGNATURE.substring(3));

        refuses(BODY);
    }

    @Test
    void refusesWhatIsTooOldOrFromTheFuture() {
        WebhookVerifier verifier = WebhookVerifier.of(SECRET);
        byte[] body = BODY.getBytes(StandardCharsets.UTF_8);
        for (Duration off : new Duration[] {Duration.ofSeconds(301), Duration.ofSeconds(-301)}) {
            assertThatThrownBy(() -> verifier.withClock(() -> SENT.plus(off)).verify(headers::get, body))
                    .isInstanceOf(WebhookRejectedException.class)
                    .hasMessageContaining("300 s");
        }
        assertThat(verifier.withClock(() -> SENT.plusSeconds(300)).verify(headers::get, body))
                .isNotNull();
        assertThat(verifier.withTolerance(Duration.ofHours(1))
                        .withClock(() -> SENT.minusSeconds(3_600))
                        .verify(headers::get, body))
                .isNotNull();
    }

    @Test
    void refusesMissingAndMalformedHeaders() {
        for (String name : Map.copyOf(headers).keySet()) {
            String before = headers.put(name, " ");
            refuses(BODY);
            headers.put(name, before);
        }
        for (String time : new String[] {"now", "-1", "1e9", "9999999999999999999"}) {
            headers.put("webhook-timestamp", time);
            refuses(BODY);
        }
    }

    @Test
    void refusesSecretsThatAreNone() {
        for (String secret : new String[] {"", "whsec_", "whsec_%%%"}) {
            assertThatThrownBy(() -> WebhookVerifier.of(secret)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> WebhookVerifier.of()).isInstanceOf(IllegalArgumentException.class);
    }

    private void refuses(String body) {
        assertThatThrownBy(() -> verify(WebhookVerifier.of(SECRET), body)).isInstanceOf(WebhookRejectedException.class);
    }

    private WebhookDelivery verify(WebhookVerifier verifier, String body) {
        return verifier.withClock(() -> SENT.plusSeconds(1))
                .verify(headers::get, body.getBytes(StandardCharsets.UTF_8));
    }
}
