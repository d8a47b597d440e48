package dev.claimcheck.cli;

/** What the program's exit code says. */
final class ExitCode {
    static final int OK = 0;
    /** The job ended FAILED, CANCELLED or EXPIRED, or a check of {@code doctor} failed. */
    static final int JOB_FAILED = 1;

    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    /** The service refused: key, input, or the job's status. */
    static final int REFUSED = 4;

    static final int TIMEOUT = 5;
    /** A fault in this program (sysexits.h: EX_SOFTWARE). */
    static final int FAULT = 70;
    // 130 is the system's: ended by Ctrl-C.

    private ExitCode() {}
}
