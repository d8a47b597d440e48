package dev.claimcheck.estimate;

import java.util.Comparator;
import java.util.PriorityQueue;

/** The places of a queue where steps run side by side, and when each is free. Not thread-safe. */
final class Lanes {
    private final PriorityQueue<UncertainTime> free =
            new PriorityQueue<>(Comparator.comparingDouble(UncertainTime::mean));
    private double poured;

    /** @param count above 0; all of them free now */
    Lanes(int count) {
        for (int lane = 0; lane < count; lane++) {
            free.add(UncertainTime.ZERO);
        }
    }

    /** Occupies the lane that is free first, not before {@code ready}; gives when it is free again. */
    UncertainTime run(UncertainTime ready, UncertainTime duration) {
        UncertainTime end = free.remove().orLater(ready).plus(duration);
        free.add(end);
        return end;
    }

    /**
     * Work of others, so small against the whole that it spreads over all lanes like water.
     *
     * @param seconds in all, from the beginning on; what was poured before counts
     * @param doubt relative standard deviation of it
     */
    void pourUpTo(double seconds, double doubt) {
        double rest = seconds - poured;
        if (rest <= 0) {
            return;
        }
        poured = seconds;
        double[] levels =
                free.stream().mapToDouble(UncertainTime::mean).sorted().toArray();
        double below = 0;
        double level = 0;
        for (int lanes = 1; lanes <= levels.length; lanes++) {
            below += levels[lanes - 1];
            level = (rest + below) / lanes;
            if (lanes == levels.length || level <= levels[lanes]) {
                break;
            }
        }
        double full = level * (1 - 1e-9);
        while (free.element().mean() < full) {
            UncertainTime lane = free.remove();
            double added = level - lane.mean();
            free.add(lane.plus(new UncertainTime(added, added * doubt, 0)));
        }
    }
}
