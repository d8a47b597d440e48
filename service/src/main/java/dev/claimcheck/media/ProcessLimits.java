package dev.claimcheck.media;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a child process may take.
 *
 * @param nice 0 to 19; empty where it runs only when nothing else wants the processor (SCHED_IDLE)
 * @param noProgress ended when its progress stands still for so long
 * @param wallClock ended after this, whatever it does
 * @param maxFileBytes largest file it may write
 */
public record ProcessLimits(OptionalInt nice, Duration noProgress, Duration wallClock, long maxFileBytes) {
    /** The same, with another wall clock. */
    public ProcessLimits within(Duration limit) {
        return new ProcessLimits(nice, noProgress, limit, maxFileBytes);
    }
}
