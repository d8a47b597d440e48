package dev.claimcheck.upload;

/** A file's name cannot be kept; the message tells the user why and what to do. */
public final class InvalidFileNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InvalidFileNameException(String message) {
        super(message);
    }
}
