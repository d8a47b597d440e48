package dev.claimcheck.estimate;

import dev.claimcheck.job.OwnerId;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The ready steps of one queue, in the order in which they will be claimed, with running sums. Looking something up is a binary search, however many there are.
 * Immutable once built.
 */
final class Backlog {
    private final double now;
    private final int size;
    private final short[] priorities;
    private final double[] tags;
    private final long[] steps;
    /** Of the rows before each row, and at the end of all. */
    private final double[] seconds;

    private final double[] opens;
    private final Map<OwnerId, Double> finishTags;
    private final boolean complete;

    /** A step's place in the order of its queue. */
    record Place(int priority, double tag, long step) {}

    private Backlog(Builder builder, boolean complete) {
        this.now = builder.virtualNow;
        this.size = builder.size;
        this.priorities = builder.priorities;
        this.tags = builder.tags;
        this.steps = builder.steps;
        this.seconds = builder.seconds;
        this.opens = builder.opens;
        this.finishTags = Map.copyOf(builder.finishTags);
        this.complete = complete;
    }

    /** How many rows are before that place, whether or not there is a row at it. */
    int before(Place place) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(middle, place)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Whether the row stands here, or has gone since. */
    boolean has(Place place) {
        int index = before(place);
        return index < size && steps[index] == place.step() && tags[index] == place.tag();
    }

    /** Expected seconds of work of the first {@code rows} rows. */
    double seconds(int rows) {
        return seconds[rows];
    }

    /** Expected seconds of video processing that the first {@code rows} rows will let in when they end. */
    double opens(int rows) {
        return opens[rows];
    }

    int size() {
        return size;
    }

    /** Whether all rows are here; a backlog that is too long is cut off. */
    boolean isComplete() {
        return complete;
    }

    /** The virtual start tag that a step of that owner would get now. */
    double tagOfNext(OwnerId owner) {
        return Math.max(now, finishTags.getOrDefault(owner, now));
    }

    private boolean isBefore(int row, Place place) {
        if (priorities[row] != place.priority()) {
            return priorities[row] < place.priority();
        }
        if (tags[row] != place.tag()) {
            return tags[row] < place.tag();
        }
        return steps[row] < place.step();
    }

    /** Takes rows in their order. */
    static final class Builder {
        private int size;
        private short[] priorities = new short[64];
        private double[] tags = new double[64];
        private long[] steps = new long[64];
        private double[] seconds = new double[65];
        private double[] opens = new double[65];
        private final Map<OwnerId, Double> finishTags = new HashMap<>();
        private double virtualNow = Double.POSITIVE_INFINITY;
        private boolean anyLease;

        /**
         * A step that runs: virtual time is where the earliest of them started.
         *
         * @param cost in compute-seconds
         */
        void running(OwnerId owner, double tag, double cost) {
            virtualNow = Math.min(virtualNow, tag);
            anyLease = true;
            finishTags.merge(owner, tag + cost, Math::max);
        }

        /**
         * The next row.
         *
         * @param cost in compute-seconds
         * @param expected seconds that it takes
         * @param opened expected seconds of video processing that wait for it
         */
        void ready(Place place, OwnerId owner, double cost, double expected, double opened) {
            if (size == priorities.length) {
                int room = size * 2;
                priorities = Arrays.copyOf(priorities, room);
                tags = Arrays.copyOf(tags, room);
                steps = Arrays.copyOf(steps, room);
                seconds = Arrays.copyOf(seconds, room + 1);
                opens = Arrays.copyOf(opens, room + 1);
            }
            priorities[size] = (short) place.priority();
            tags[size] = place.tag();
            steps[size] = place.step();
            size++;
            seconds[size] = seconds[size - 1] + expected;
            opens[size] = opens[size - 1] + opened;
            finishTags.merge(owner, place.tag() + cost, Math::max);
            if (!anyLease) {
                virtualNow = Math.min(virtualNow, place.tag());
            }
        }

        int size() {
            return size;
        }

        Backlog build(boolean complete) {
            if (virtualNow == Double.POSITIVE_INFINITY) {
                virtualNow = 0;
            }
            return new Backlog(this, complete);
        }
    }
}
