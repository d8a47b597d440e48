package dev.claimcheck.estimate;

/**
 * A class of steps that are expected to be alike in how long they take against their prediction. Immutable.
 *
 * @param kind of step, such as {@code transcode}
 * @param work what sort of it: codec, height, encoder; empty where the kind says it all
 * @param brief whether starting up weighs in its time: predicted to take less than {@link #BRIEF} compute-seconds
 */
record WorkClass(String kind, String work, boolean brief) {
    private static final double BRIEF = 2;

    /** How much work a plan makes of a file, against what its size lets expect. */
    static final WorkClass PLAN_BY_SIZE = new WorkClass("plan", "by size", false);

    /** How much work a plan makes, in compute-seconds. */
    static final WorkClass PLAN = new WorkClass("plan cost", "", false);

    static WorkClass of(String kind, String work, double cost) {
        return new WorkClass(kind, work, cost < BRIEF);
    }

    /** As stored; at most 200 characters of it. */
    String key() {
        String key = kind + (work.isEmpty() ? "" : "/" + work) + (brief ? "/brief" : "");
        return key.length() <= 200 ? key : key.substring(0, 200);
    }

    /** The kind of a stored class. */
    static String kindOf(String key) {
        int end = key.indexOf('/');
        return end < 0 ? key : key.substring(0, end);
    }
}
