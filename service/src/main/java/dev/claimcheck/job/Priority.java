package dev.claimcheck.job;

/** A job's priority class; within a queue a higher class is always served first. */
public enum Priority {
    HIGH(0),
    NORMAL(1),
    LOW(2);

    private final int rank;

    Priority(int rank) {
        this.rank = rank;
    }

    /** As stored: the smaller, the sooner. */
    public int rank() {
        return rank;
    }

    static Priority ofRank(int rank) {
        return switch (rank) {
            case 0 -> HIGH;
            case 1 -> NORMAL;
            default -> LOW;
        };
    }
}
