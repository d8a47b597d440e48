package dev.claimcheck.events;

/**
 * A place in the log: in the order of transactions, and within one in the order of its events. A reader that only takes events of transactions which are older than every running one never meets a
 * later event in front of its place.
 */
record LogPosition(long xid, long event) implements Comparable<LogPosition> {
    static final LogPosition BEGINNING = new LogPosition(0, 0);

    @Override
    public int compareTo(LogPosition other) {
        return xid != other.xid ? Long.compare(xid, other.xid) : Long.compare(event, other.event);
    }
}
