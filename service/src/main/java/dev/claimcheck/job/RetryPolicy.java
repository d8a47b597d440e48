package dev.claimcheck.job;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often and when a step is tried again: exponential back-off with full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015).
 *
 * @param maxRetries tries after the first
 * @param baseDelay the n-th retry (from 0) waits between 0 and this × 2^n
 */
public record RetryPolicy(int maxRetries, Duration baseDelay) {
    /** Attempts whose worker vanished before the step itself is taken for the cause. */
    static final int MAX_LOSSES = 5;

    private static final Duration LONGEST = Duration.ofHours(24);

    /** Whether a step that was retried {@code retries} times may be tried again. */
    public boolean allows(int retries) {
        return retries < maxRetries;
    }

    /** The wait before the next try of a step that was retried {@code retries} times. */
    public Duration delay(int retries, RandomGenerator random) {
        double ceiling = Math.min((double) baseDelay.toMillis() * Math.pow(2, retries), (double) LONGEST.toMillis());
        return Duration.ofMillis((long) (random.nextDouble() * ceiling));
    }
}
