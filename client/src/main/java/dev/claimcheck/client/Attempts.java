package dev.claimcheck.client;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Does one step of an upload until it succeeds, with exponential back-off and full jitter between the tries, never sooner than the service asked for. What is final is
 * told at once. What may pass is told when it has lasted longer than patience does without a byte that moved, or when bytes moved and were lost too often. Not
 * thread-safe.
 */
final class Attempts {
    private static final int MOST_RESTARTS = 20;

    private final HttpCalls calls;
    private final UploadProgress progress;
    private final Duration patience;
    private PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
    private OptionalLong troubleSince = OptionalLong.empty();
    private long movedBefore;
    private int restarts;

    Attempts(HttpCalls calls, UploadProgress progress, Duration patience) {
        this.calls = calls;
        this.progress = progress;
        this.patience = patience;
        this.movedBefore = progress.moved();
    }

    /** One try. */
    @FunctionalInterface
    interface Try<T> {
        T call() throws InterruptedException;
    }

    <T> T until(Try<T> step) throws InterruptedException {
        while (true) {
            try {
                return step.call();
            } catch (ClaimcheckException e) {
                pauseAfter(e);
            }
        }
    }

    /** A step forward was made that cannot be lost: patience begins anew. */
    void progressed() {
        schedule = new PollingSchedule(ThreadLocalRandom.current());
        troubleSince = OptionalLong.empty();
        restarts = 0;
    }

    /** Waits before the next try, or throws {@code trouble} where there is none. */
    void pauseAfter(ClaimcheckException trouble) throws InterruptedException {
        if (!trouble.isPassing()) {
            throw trouble;
        }
        long now = System.nanoTime();
        if (troubleSince.isEmpty() || progress.moved() > movedBefore) {
            restarts += progress.moved() > movedBefore ? 1 : 0;
            movedBefore = progress.moved();
            troubleSince = OptionalLong.of(now);
        }
        Duration left = limit(trouble).minusNanos(now - troubleSince.getAsLong());
        boolean askedForMore =
                trouble.retryAfter().filter(asked -> asked.compareTo(left) > 0).isPresent();
        if (restarts > MOST_RESTARTS || !left.isPositive() || askedForMore) {
            throw trouble;
        }
        Duration backOff = schedule.afterError(trouble.retryAfter());
        Duration pause = backOff.compareTo(left) < 0 ? backOff : left; // The last try is made when patience ends.
        progress.waiting(pause, trouble);
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
    }

    private Duration limit(ClaimcheckException trouble) {
        boolean brief = !calls.reached()
                || trouble.status() == 500
                || trouble.code().equals(ClaimcheckException.STORAGE_UNREACHABLE);
        Duration least = calls.patience().firstContact();
        return brief && least.compareTo(patience) < 0 ? least : patience;
    }
}
