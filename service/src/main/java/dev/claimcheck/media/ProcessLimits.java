package dev.claimcheck.media;

import java.time.Duration;

/**
 * What a child process may take.
 *
 * @param nice 0 to 19
 * @param noProgress ended when its progress stands still for so long
 * @param wallClock ended after this, whatever it does
 * @param maxFileBytes largest file it may write
 */
public record ProcessLimits(int nice, Duration noProgress, Duration wallClock, long maxFileBytes) {
    /** The same, with another wall clock. */
    public ProcessLimits within(Duration limit) {
        return new ProcessLimits(nice, noProgress, limit, maxFileBytes);
    }
}
