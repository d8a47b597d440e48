package dev.claimcheck.estimate;

/**
 * A span of time that is not known exactly, as a log-normal by its first two moments. Sums are matched by moments. Part of the doubt is shared by everything on the
 * same machine and of the same source and adds up in a row; the rest is each step's own and evens out. Immutable.
 *
 * @param mean seconds, not negative
 * @param shared standard deviation, in seconds, of what goes wrong for all alike
 * @param ownVariance variance, in square seconds, of what goes wrong for each by itself
 */
record UncertainTime(double mean, double shared, double ownVariance) {
    static final UncertainTime ZERO = new UncertainTime(0, 0, 0);

    /** Standard normal quantile of 90 %. */
    private static final double Z90 = 1.2816;

    UncertainTime {
        if (!(mean >= 0 && shared >= 0 && ownVariance >= 0)) {
            throw new IllegalArgumentException(
                    "times and deviations are not negative: " + mean + ", " + shared + ", " + ownVariance);
        }
    }

    static UncertainTime exactly(double seconds) {
        return new UncertainTime(seconds, 0, 0);
    }

    /** One after the other. */
    UncertainTime plus(UncertainTime other) {
        return new UncertainTime(mean + other.mean, shared + other.shared, ownVariance + other.ownVariance);
    }

    /** The later one, by what is expected. */
    UncertainTime orLater(UncertainTime other) {
        return other.mean > mean ? other : this;
    }

    /** Seconds that are as likely too few as too many. */
    double median() {
        return mean == 0 ? 0 : mean / Math.sqrt(1 + relativeVariance());
    }

    /** Seconds that are enough nine times in ten; never less than the {@link #median}. */
    double ninetieth() {
        return mean == 0 ? 0 : median() * Math.exp(Z90 * Math.sqrt(Math.log1p(relativeVariance())));
    }

    private double relativeVariance() {
        return (shared * shared + ownVariance) / (mean * mean);
    }
}
