package dev.claimcheck.estimate;

import java.time.Duration;
import java.time.Instant;

/**
 * When a job will be done.
 *
 * @param p50 as likely before as after
 * @param p90 before that in nine cases of ten; never before {@code p50}
 */
public record Forecast(Instant p50, Instant p90) {
    public Forecast {
        if (p90.isBefore(p50)) {
            throw new IllegalArgumentException("nine of ten end before half of them: " + p90 + " < " + p50);
        }
    }

    /** Whether the other one says the same to a person: less than a second, or less than a twentieth of the time left, away. */
    boolean isLike(Forecast other, Instant now) {
        return isLike(p50, other.p50, now) && isLike(p90, other.p90, now);
    }

    private static boolean isLike(Instant one, Instant other, Instant now) {
        long apart = Math.abs(Duration.between(one, other).toMillis());
        return one.isAfter(now)
                && apart < Math.max(1_000, Duration.between(now, one).toMillis() / 20);
    }
}
