package dev.claimcheck.client;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When to ask again: every 2 s, every 10 s once the job is 30 s old, every 30 s once it is five minutes old; after errors with exponential back-off and
 * full jitter; never sooner than the service asked for. Not thread-safe.
 */
public final class PollingSchedule {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private int errors;

    public PollingSchedule(RandomGenerator random) {
        this.random = random;
    }

    /** The wait after an answer. */
    public Duration afterAnswer(Duration sinceStart, Optional<Duration> retryAfter) {
        errors = 0;
        Duration own = sinceStart.compareTo(Duration.ofSeconds(30)) < 0
                ? Duration.ofSeconds(2)
                : sinceStart.compareTo(Duration.ofMinutes(5)) < 0 ? Duration.ofSeconds(10) : LONGEST;
        return retryAfter
                .filter(asked -> asked.compareTo(own) > 0)
                .map(asked -> asked.compareTo(LONGEST) > 0 ? LONGEST : asked)
                .orElse(own);
    }

    /** The wait after an error; the n-th in a row waits up to 1 s × 2^n. */
    public Duration afterError(Optional<Duration> retryAfter) {
        long ceiling = Math.min(1_000L << Math.min(errors, 10), LONGEST.toMillis());
        errors++;
        Duration backOff = Duration.ofMillis(100 + (long) (random.nextDouble() * (double) ceiling));
        return retryAfter.filter(asked -> asked.compareTo(backOff) > 0).orElse(backOff);
    }
}
