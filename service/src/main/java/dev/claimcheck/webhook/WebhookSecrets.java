package dev.claimcheck.webhook;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookSigningException;
import dev.claimcheck.access.SealedSecrets;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The secrets of endpoints, and what is signed with them (Standard Webhooks 1.0). They are kept sealed, and a new one is shown once. Thread-safe. */
final class WebhookSecrets {
    private static final int BYTES = 32;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String INSERT = """
            INSERT INTO webhook_secret (endpoint_id, sealed) VALUES (:endpoint, :sealed)
            """;

    private static final String EXPIRE = """
            UPDATE webhook_secret SET expires_at = :expires WHERE endpoint_id = :endpoint AND expires_at IS NULL
            """;

    /** More than the last two signatures would only make requests longer. */
    private static final String DROP_OLD = """
            DELETE FROM webhook_secret WHERE endpoint_id = :endpoint AND (expires_at <= now() OR secret_id NOT IN (
                SELECT secret_id FROM webhook_secret WHERE endpoint_id = :endpoint ORDER BY secret_id DESC LIMIT 2))
            """;

    private final SealedSecrets sealed;

    WebhookSecrets(SealedSecrets sealed) {
        this.sealed = sealed;
    }

    /** Makes a new secret that signs from now on; gives its text. */
    String create(Handle handle, UUID endpoint) {
        byte[] bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        String text = Webhook.SECRET_PREFIX + Base64.getEncoder().encodeToString(bytes);
        handle.createUpdate(INSERT)
                .bind("endpoint", endpoint)
                .bind("sealed", sealed.seal(text.getBytes(StandardCharsets.UTF_8), endpoint.toString()))
                .execute();
        return text;
    }

    /** As {@link #create}; the one before signs beside it until {@code expires}. */
    String rotate(Handle handle, UUID endpoint, Instant expires) {
        handle.createUpdate(EXPIRE)
                .bind("endpoint", endpoint)
                .bind("expires", expires)
                .execute();
        String text = create(handle, endpoint);
        handle.createUpdate(DROP_OLD).bind("endpoint", endpoint).execute();
        return text;
    }

    /**
     * The headers of a message.
     *
     * @param secrets of the endpoint, sealed, the newest first
     */
    Map<String, String> sign(UUID endpoint, List<byte[]> secrets, String messageId, Instant now, String body) {
        List<String> signatures = new ArrayList<>();
        for (byte[] secret : secrets) {
            String text = new String(sealed.open(secret, endpoint.toString()), StandardCharsets.UTF_8);
            signatures.add(signature(text, messageId, now.getEpochSecond(), body));
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", messageId);
        headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
        headers.put("webhook-signature", String.join(" ", signatures));
        return headers;
    }

    private static String signature(String secret, String messageId, long seconds, String body) {
        try {
            return new Webhook(secret).sign(messageId, seconds, body);
        } catch (EmptyWebhookSecretException | WebhookSigningException e) {
            throw new IllegalStateException("a webhook cannot be signed", e);
        }
    }
}
