package dev.claimcheck.job;

/** A job's priority class; within a queue a higher class is always served first. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
