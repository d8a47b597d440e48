package dev.claimcheck.webhook;

/** An endpoint cannot be as it is asked for; the message is for the client. */
public final class InvalidWebhookException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidWebhookException(String message) {
        super(message);
    }
}
