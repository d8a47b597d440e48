package dev.claimcheck.media;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What a child process may take. What it asks for beyond that it does not get, or it is ended.
 *
 * @param nice 0 to 19; empty where it runs only when nothing else wants the processor (SCHED_IDLE)
 * @param noProgress ended when its progress stands still for so long
 * @param wallClock ended after this, whatever it does
 * @param cpuTime ended when it has used so much of the processors
 * @param memoryBytes most memory of its own
 * @param outputBytes most that it may leave in its scratch folder, in one file or many
 * @param files most files that it may leave there
 * @param pixels of a picture, at most: width × height. A source may grow behind its beginning, which is all that a probe looks at
 */
public record ProcessLimits(
        OptionalInt nice,
        Duration noProgress,
        Duration wallClock,
        Duration cpuTime,
        long memoryBytes,
        long outputBytes,
        int files,
        long pixels) {
    /** Decoders count whole blocks, of which the last ones may show next to nothing. */
    private static final double BLOCKS = 1.5;

    /** Pixels that a decoder may be asked to decode for one picture. */
    long decodedPixels() {
        return (long) Math.min(Integer.MAX_VALUE, pixels * BLOCKS);
    }

    /** The same at about half the niceness. What runs only when nothing else wants the processor stays so. */
    ProcessLimits hurried() {
        OptionalInt less = nice.isPresent() ? OptionalInt.of(nice.getAsInt() / 2) : nice;
        return new ProcessLimits(less, noProgress, wallClock, cpuTime, memoryBytes, outputBytes, files, pixels);
    }

    /** The same with a shorter wall clock, which is also all the processor time it gets. */
    public ProcessLimits within(Duration limit) {
        Duration cpu = cpuTime.compareTo(limit) < 0 ? cpuTime : limit;
        return new ProcessLimits(nice, noProgress, limit, cpu, memoryBytes, outputBytes, files, pixels);
    }
}
