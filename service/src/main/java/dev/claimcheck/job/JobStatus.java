package dev.claimcheck.job;

import java.util.EnumSet;
import java.util.Set;

/** Where a job stands. {@link #canBecome} is the one transition table of jobs. */
public enum JobStatus {
    UPLOADING,
    PENDING,
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    CANCELLED,
    EXPIRED;

    /** Whether a job in this status may move to {@code next}. A status never moves to itself. */
    public boolean canBecome(JobStatus next) {
        return successors().contains(next);
    }

    /** True when nothing runs or waits any more; only a retry by the owner leaves such a status. */
    public boolean isTerminal() {
        return switch (this) {
            case UPLOADING, PENDING, IN_PROGRESS -> false;
            case COMPLETED, FAILED, CANCELLED, EXPIRED -> true;
        };
    }

    private Set<JobStatus> successors() {
        return switch (this) {
            case UPLOADING -> EnumSet.of(PENDING, CANCELLED, EXPIRED);
            case PENDING -> EnumSet.of(IN_PROGRESS, FAILED, CANCELLED);
            case IN_PROGRESS -> EnumSet.of(COMPLETED, FAILED, CANCELLED);
            case FAILED -> EnumSet.of(PENDING);
            case COMPLETED, CANCELLED, EXPIRED -> EnumSet.noneOf(JobStatus.class);
        };
    }
}
