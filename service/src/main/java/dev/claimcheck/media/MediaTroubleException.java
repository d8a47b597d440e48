package dev.claimcheck.media;

import org.jspecify.annotations.Nullable;

/** Trouble around the media, not in it; trying again later may help. */
public final class MediaTroubleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MediaTroubleException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
