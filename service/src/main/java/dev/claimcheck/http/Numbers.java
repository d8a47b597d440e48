package dev.claimcheck.http;

import java.util.Optional;
import java.util.OptionalLong;

/** Reads whole numbers that clients send. */
final class Numbers {
    private Numbers() {}

    /** The number in the text, 0 or more, empty where there is no text; anything else is refused by that name. */
    static OptionalLong size(Optional<String> text, String name) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!text.get().matches("\\d{1,18}")) {
            throw new ApiException(
                    ErrorCode.INVALID_REQUEST, name + " must be a whole number of bytes, 0 or more, below 10^18.");
        }
        return OptionalLong.of(Long.parseLong(text.get()));
    }

    /** As {@link #size}, for what must be there. */
    static long requiredSize(Optional<String> text, String name) {
        return size(text, name)
                .orElseThrow(() -> new ApiException(
                        ErrorCode.INVALID_REQUEST, name + " is missing. Say it as a whole number of bytes."));
    }
}
