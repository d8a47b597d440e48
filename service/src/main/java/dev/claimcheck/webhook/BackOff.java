package dev.claimcheck.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * When a delivery is tried again, and when an endpoint is left alone. Exponential with full jitter (M. Brooker, "Exponential Backoff And Jitter", 2015). Pure.
 *
 * @param base the n-th retry (from 0) waits between 0 and this × 2^n, at most four hours
 */
record BackOff(Duration base) {
    /** After so many failed tries in a row an endpoint is left alone. */
    static final int FAILURES_TO_OPEN = 5;

    private static final Duration LONGEST = Duration.ofHours(4);
    private static final Duration LONGEST_OPEN = Duration.ofMinutes(15);

    /**
     * When the next try is; empty when there is none, as the delivery's time is over by then.
     *
     * @param failed tries so far, at least 1
     * @param retryAfter what the receiver asked for
     */
    Optional<Instant> next(
            int failed, Optional<Instant> retryAfter, Instant now, Instant giveUpAt, RandomGenerator random) {
        Instant jittered = now.plus(jittered(failed - 1, LONGEST, random));
        Instant next = retryAfter.filter(asked -> asked.isAfter(jittered)).orElse(jittered);
        return next.isBefore(giveUpAt) ? Optional.of(next) : Optional.empty();
    }

    /** Until when the endpoint is left alone after so many failures in a row; empty while these are too few. */
    Optional<Instant> openUntil(int failures, Instant now) {
        return failures < FAILURES_TO_OPEN
                ? Optional.empty()
                : Optional.of(now.plus(doubled(base.multipliedBy(6), failures - FAILURES_TO_OPEN, LONGEST_OPEN)));
    }

    private Duration jittered(int times, Duration longest, RandomGenerator random) {
        return Duration.ofMillis((long)
                (random.nextDouble() * (double) doubled(base, times, longest).toMillis()));
    }

    private static Duration doubled(Duration duration, int times, Duration longest) {
        double millis = (double) duration.toMillis() * Math.pow(2, times);
        return Duration.ofMillis((long) Math.min(millis, (double) longest.toMillis()));
    }
}
