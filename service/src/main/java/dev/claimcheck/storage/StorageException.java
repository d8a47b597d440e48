package dev.claimcheck.storage;

import org.jspecify.annotations.Nullable;

/** The store could not do what was asked; trying again later may help. */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
