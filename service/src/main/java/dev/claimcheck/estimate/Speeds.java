package dev.claimcheck.estimate;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The speeds of all classes at one moment, and what to believe where little or nothing has been seen. Immutable. */
final class Speeds {
    /** Before anything was seen: as the reference machine, give or take a factor of two. */
    private static final Speed ANY_STEP = new Speed(1, 0, 0.5);

    /** A file's size says little of the work in it: give or take a factor of three. */
    private static final Speed ANY_FILE = new Speed(1, 0, 1.2);

    /** Before any plan was seen: twenty compute-seconds, give or take a factor of four. */
    private static final Speed ANY_PLAN = new Speed(1, Math.log(20), 2);

    /** As how many samples its kind counts for a class of it. */
    private static final double KIND = 1;

    /** Compute-seconds per byte at five megabits and four compute-seconds a second. */
    private static final double COST_PER_BYTE = 8 / 5e6 * 4;

    private static final double LEAST_COST = 0.5;

    private final Map<String, Speed> classes;
    private final Map<String, Speed> kinds = new HashMap<>();

    /** @param classes by {@link WorkClass#key} */
    Speeds(Map<String, Speed> classes) {
        this.classes = Map.copyOf(classes);
        this.classes.forEach((key, speed) -> kinds.merge(WorkClass.kindOf(key), speed, Speed::pooled));
    }

    /** What steps of that class take per compute-second. */
    Ratio of(WorkClass work) {
        Speed ofKind = belief(ANY_STEP, 1, kinds.get(work.kind()));
        return Ratio.of(belief(ofKind, KIND, classes.get(work.key())));
    }

    /** Compute-seconds per compute-second that {@link #costBySize} lets expect. */
    Ratio planBySize() {
        return Ratio.of(belief(ANY_FILE, 1, classes.get(WorkClass.PLAN_BY_SIZE.key())));
    }

    /** Compute-seconds of the plan of a job of which nothing is known. */
    double planCost() {
        return Math.min(
                Ratio.of(belief(ANY_PLAN, 1, classes.get(WorkClass.PLAN.key()))).mean(), 1e6);
    }

    /** Compute-seconds of processing a file of that size, as a start. */
    static double costBySize(long bytes) {
        return Math.max(LEAST_COST, bytes * COST_PER_BYTE);
    }

    private static Speed belief(Speed prior, double strength, @Nullable Speed seen) {
        return seen == null
                ? new Speed(strength, prior.mean(), prior.variance())
                : Ratio.believed(prior, strength, seen);
    }
}
