package dev.claimcheck.client;

/** A request that looks like a webhook is none that can be believed. The message never names a secret. */
public class WebhookRejectedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WebhookRejectedException(String message) {
        super(message);
    }

    WebhookRejectedException(String message, Throwable cause) {
        super(message, cause);
    }
}
