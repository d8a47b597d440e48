package dev.claimcheck.webhook;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What came of one request. */
sealed interface AttemptResult {
    /**
     * The receiver answered.
     *
     * @param headers at most a few, shortened
     * @param body the beginning of it, as text
     * @param retryAfter when it wants to be asked again
     */
    record Answered(int status, Map<String, String> headers, String body, Optional<Instant> retryAfter)
            implements AttemptResult {
        /** Whether it has taken the event. */
        boolean isSuccess() {
            return status >= 200 && status < 300;
        }

        /** Whether it never wants to be asked again (410). */
        boolean isGone() {
            return status == 410;
        }
    }

    /** There was no answer; {@code error} is for the endpoint's owner. */
    record Failed(String error) implements AttemptResult {}
}
