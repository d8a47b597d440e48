package dev.claimcheck.estimate;

/** How long a running step still takes, from what was expected of it and what it shows. Pure. */
final class Remaining {
    /** Below that, progress says nothing. */
    private static final double TELLING = 0.01;

    private Remaining() {}

    /**
     * Expectation and observation weighed in logarithms, each by its certainty: early progress is believed little, late progress nearly alone.
     *
     * @param fraction how far it is, 0 to 1
     * @param elapsed seconds since it started
     */
    static UncertainTime of(Ratio ratio, double cost, double fraction, double elapsed) {
        if (fraction < TELLING || elapsed <= 0) {
            UncertainTime whole = ratio.of(cost);
            // It may have been at it for long without saying so; then it is slower than expected, and not about to end.
            double left = Math.max(whole.mean() - elapsed, 0.2 * Math.max(whole.mean(), elapsed));
            double share = whole.mean() == 0 ? 0 : left / whole.mean();
            return new UncertainTime(left, whole.shared() * share, whole.ownVariance() * share * share);
        }
        double doubt = 0.3 * (1 - fraction) / fraction;
        double observedVariance = doubt * doubt + 0.005;
        double expectedVariance = ratio.shared() + ratio.own();
        double trust = expectedVariance / (expectedVariance + observedVariance);
        double observed = Math.log(elapsed / fraction / cost);
        double variance = expectedVariance * (1 - trust);
        Ratio posterior = new Ratio(ratio.log() + trust * (observed - ratio.log()), variance / 2, variance / 2);
        return posterior.of(cost * (1 - fraction));
    }
}
