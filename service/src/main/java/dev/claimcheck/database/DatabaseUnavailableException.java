package dev.claimcheck.database;

import org.jspecify.annotations.Nullable;

/** The database cannot be reached or broke off; whether a transaction under way was committed is unknown. A retry may help. */
public final class DatabaseUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DatabaseUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
