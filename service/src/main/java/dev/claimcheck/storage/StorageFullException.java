package dev.claimcheck.storage;

import org.jspecify.annotations.Nullable;

/** The store has no space left for what was to be written. Nothing of it is left behind. */
public final class StorageFullException extends StorageException {
    private static final long serialVersionUID = 1L;

    public StorageFullException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
