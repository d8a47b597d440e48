package dev.claimcheck.watermark;

/** What was sent is no picture that can be used; the message, for the client, says why. */
public final class NotAPictureException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotAPictureException(String message) {
        super(message);
    }
}
