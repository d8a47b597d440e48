package dev.claimcheck.client;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells whether a webhook comes from the service and is fresh: Standard Webhooks 1.0 (github.com/standard-webhooks), HMAC-SHA256 over id, time and body. Immutable and
 * thread-safe.
 *
 * <p>Verify the body's bytes as they came, before they are parsed. A delivery may come more than once: remember its {@link WebhookDelivery#id}.
 *
 * {@snippet file="ClientExamples.java" region="webhook"}
 */
public final class WebhookVerifier {
    private static final Duration USUAL_TOLERANCE = Duration.ofMinutes(5);
    private static final String PREFIX = "whsec_";
    private static final String VERSION = "v1,";

    private final List<byte[]> secrets;
    private final Duration tolerance;
    private final InstantSource clock;

    private WebhookVerifier(List<byte[]> secrets, Duration tolerance, InstantSource clock) {
        this.secrets = secrets;
        this.tolerance = tolerance;
        this.clock = clock;
    }

    /**
     * A verifier with the endpoint's secret, as {@code POST /webhooks} answered it. While a secret is being rotated, give both.
     *
     * @throws IllegalArgumentException where there is none, or one is not {@code whsec_} and Base64
     */
    public static WebhookVerifier of(String... secrets) {
        if (secrets.length == 0) {
            throw new IllegalArgumentException("a webhook is verified with at least one secret");
        }
        List<byte[]> decoded = new ArrayList<>();
        for (String secret : secrets) {
            String base64 = secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret;
            try {
                decoded.add(Base64.getDecoder().decode(base64));
            } catch (IllegalArgumentException _) {
                throw new IllegalArgumentException(
                        "a webhook's secret is \"whsec_\" and Base64"); // Never the secret itself.
            }
            if (decoded.getLast().length == 0) {
                throw new IllegalArgumentException("a webhook's secret is not empty");
            }
        }
        return new WebhookVerifier(decoded, USUAL_TOLERANCE, InstantSource.system());
    }

    /** With another tolerance than five minutes between the sender's clock and this one. */
    public WebhookVerifier withTolerance(Duration other) {
        return new WebhookVerifier(secrets, other, clock);
    }

    /** With another clock, for tests. */
    public WebhookVerifier withClock(InstantSource other) {
        return new WebhookVerifier(secrets, tolerance, other);
    }

    /**
     * The delivery, once it is known to be genuine.
     *
     * @param header gives a request's header by its lower-case name, null where there is none
     * @param body as it came
     * @throws WebhookRejectedException where a header is missing, no signature is right, it is too old or too new, or it is not JSON; answer 400 and do nothing
     */
    public WebhookDelivery verify(Function<String, @Nullable String> header, byte[] body) {
        String id = required(header, "webhook-id");
        String time = required(header, "webhook-timestamp");
        String signatures = required(header, "webhook-signature");
        Instant sentAt = fresh(time);
        byte[] signed = signed(id, time, body);
        if (!isSigned(signed, signatures)) {
            throw new WebhookRejectedException("no signature of the webhook fits its content and this secret");
        }
        try {
            return new WebhookDelivery(id, sentAt, JsonMapper.shared().readTree(body));
        } catch (JacksonException e) {
            throw new WebhookRejectedException("the webhook is genuine, but its body is not JSON", e);
        }
    }

    private static String required(Function<String, @Nullable String> header, String name) {
        return Optional.ofNullable(header.apply(name))
                .filter(value -> !value.isBlank())
                .orElseThrow(() -> new WebhookRejectedException("the webhook has no header " + name));
    }

    private Instant fresh(String text) {
        if (!text.matches("\\d{1,12}")) {
            throw new WebhookRejectedException("the header webhook-timestamp is not a number of seconds");
        }
        Instant sentAt = Instant.ofEpochSecond(Long.parseLong(text));
        if (Duration.between(sentAt, clock.instant()).abs().compareTo(tolerance) > 0) {
            throw new WebhookRejectedException(
                    "the webhook was sent more than " + tolerance.toSeconds() + " s before or after this clock's time");
        }
        return sentAt;
    }

    private static byte[] signed(String id, String time, byte[] body) {
        byte[] head = (id + "." + time + ".").getBytes(StandardCharsets.UTF_8);
        byte[] whole = new byte[head.length + body.length];
        System.arraycopy(head, 0, whole, 0, head.length);
        System.arraycopy(body, 0, whole, head.length, body.length);
        return whole;
    }

    /** Every signature is compared with every secret, each in constant time. */
    private boolean isSigned(byte[] signed, String signatures) {
        boolean genuine = false;
        for (byte[] secret : secrets) {
            byte[] expected = hmac(secret, signed);
            for (String signature : signatures.strip().split("\\s+", -1)) {
                if (signature.startsWith(VERSION)) {
                    genuine |= MessageDigest.isEqual(expected, decoded(signature.substring(VERSION.length())));
                }
            }
        }
        return genuine;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            return new byte[0]; // Fits nothing.
        }
    }

    private static byte[] hmac(byte[] secret, byte[] content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
