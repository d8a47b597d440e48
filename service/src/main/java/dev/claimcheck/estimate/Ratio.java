package dev.claimcheck.estimate;

/**
 * Seconds per predicted compute-second as they are to be expected: a log-normal whose doubt is partly shared by all steps of a job and partly each step's own.
 * Immutable.
 *
 * @param log mean of the natural logarithm
 * @param shared variance, of the logarithm, that all steps of a job have in common: the machine, the source
 * @param own variance, of the logarithm, from step to step
 */
record Ratio(double log, double shared, double own) {
    /** Of the doubt of a class, how much a job's steps have in common. */
    private static final double IN_COMMON = 0.5;

    /** Even the steadiest machine is not steadier: a standard deviation of 8 %. */
    private static final double LEAST_VARIANCE = 0.0064;

    /** What {@code seen} says where {@code prior} was believed before, as if from {@code strength} samples. */
    static Speed believed(Speed prior, double strength, Speed seen) {
        return new Speed(strength, prior.mean(), prior.variance()).pooled(seen);
    }

    /** Of a belief; the fewer samples it rests on, the less certain. */
    static Ratio of(Speed belief) {
        double variance = Math.max(LEAST_VARIANCE, belief.variance());
        return new Ratio(belief.mean(), variance * IN_COMMON + variance / belief.weight(), variance * (1 - IN_COMMON));
    }

    double mean() {
        return Math.exp(log + (shared + own) / 2);
    }

    /** The time for so many compute-seconds. */
    UncertainTime of(double cost) {
        double mean = mean() * cost;
        return new UncertainTime(
                mean, mean * Math.sqrt(Math.expm1(shared)), mean * mean * Math.exp(shared) * Math.expm1(own));
    }

    /**
     * The same where {@code observations} steps of the job have been seen to take, on average, {@code away} longer than expected (a natural logarithm): what they have in
     * common is better known the more there are.
     */
    Ratio corrected(double away, double observations) {
        if (observations <= 0) {
            return this;
        }
        double noise = own / observations;
        double trust = shared / (shared + noise);
        return new Ratio(log + trust * away, shared * (1 - trust), own);
    }
}
