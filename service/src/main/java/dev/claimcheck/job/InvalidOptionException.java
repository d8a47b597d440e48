package dev.claimcheck.job;

/** Something was asked for that cannot be; the message, for the client, names the option and says what is right. */
public final class InvalidOptionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidOptionException(String message) {
        super(message);
    }
}
