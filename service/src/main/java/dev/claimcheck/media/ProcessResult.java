package dev.claimcheck.media;

/**
 * How a child process ended.
 *
 * @param usefulLine the line of its error output that says most, cleaned of addresses and of our own paths; may be empty
 * @param output what it wrote to standard output, where that was asked for
 * @param log the last lines of its error output, cleaned in the same way; may be empty
 */
public record ProcessResult(Ending ending, int exitCode, String usefulLine, String output, String log) {
    /** Kinds of endings. */
    public enum Ending {
        SUCCESS,
        /** It gave up by itself: the input is at fault. */
        ERROR,
        /** The store stopped giving it the input; whatever it wrote ends too early. */
        INPUT_LOST,
        /** Somebody or something killed it. */
        KILLED,
        /** Ended by us: it made no progress or took too long. */
        TIMED_OUT,
        /** The disk is full. */
        DISK_FULL,
        /** It tried to write more than allowed. */
        OUTPUT_TOO_LARGE,
        /** It reached its limit of memory or of processor time: the input asks for too much. */
        TOO_DEMANDING
    }

    /** The same run, which turned out to have ended in another way. */
    ProcessResult as(Ending other) {
        return new ProcessResult(other, exitCode, usefulLine, output, log);
    }

    /** Whether it did what it was asked to. */
    public boolean succeeded() {
        return ending == Ending.SUCCESS;
    }
}
