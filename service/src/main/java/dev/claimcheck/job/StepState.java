package dev.claimcheck.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a step stands. {@link #canBecome} is the one transition table of steps. {@code RUNNING} is never stored: a {@code READY}
 * step with a lease is running.
 */
public enum StepState {
    WAITING,
    READY,
    RUNNING,
    SUCCEEDED,
    FAILED,
    CANCELLED,
    SKIPPED;

    /** Whether a step in this state may move to {@code next}. */
    public boolean canBecome(StepState next) {
        return successors().contains(next);
    }

    /** True when the step will not run again unless its owner asks for a retry. */
    public boolean isTerminal() {
        return switch (this) {
            case WAITING, READY, RUNNING -> false;
            case SUCCEEDED, FAILED, CANCELLED, SKIPPED -> true;
        };
    }

    private Set<StepState> successors() {
        return switch (this) {
            case WAITING -> EnumSet.of(READY, CANCELLED, SKIPPED);
            // A step that lost its worker too often fails without running once more.
            case READY -> EnumSet.of(RUNNING, FAILED, CANCELLED);
            // A step that finds an earlier one's work lost waits until that has been done again.
            case RUNNING -> EnumSet.of(SUCCEEDED, READY, WAITING, FAILED, CANCELLED);
            // A retry re-opens what failed or was called off because of it, and what was lost is made again.
            case FAILED, CANCELLED, SUCCEEDED -> EnumSet.of(WAITING, READY);
            case SKIPPED -> EnumSet.noneOf(StepState.class);
        };
    }
}
