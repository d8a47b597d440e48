package dev.claimcheck.events;

/** The event that a reader wants to go on from is not in the log: it was cleared away, or never was. */
public final class CursorExpiredException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CursorExpiredException(long cursor) {
        super("event " + cursor + " is not in the log");
    }
}
