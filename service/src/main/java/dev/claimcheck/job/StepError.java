package dev.claimcheck.job;

import org.jspecify.annotations.Nullable;

/**
 * Why a step did not succeed.
 *
 * @param code stable, snake_case, for programs
 * @param message for the user: what happened, then what to do
 * @param detail for operators (ffmpeg's useful line, an exception's text), or null; never a secret
 * @param log the end of what the program that did the work said, cleaned as the detail is, or null
 */
public record StepError(
        String code,
        String message,
        @Nullable String detail,
        @Nullable String log) {
    /** Of trouble that no program has told of. */
    public StepError(String code, String message, @Nullable String detail) {
        this(code, message, detail, null);
    }
}
