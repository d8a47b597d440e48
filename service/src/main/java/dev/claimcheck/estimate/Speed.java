package dev.claimcheck.estimate;

/**
 * What is known of how long steps of a class take against their prediction: mean and variance of ln(seconds / compute-seconds), where older samples count less and
 * less. Immutable.
 *
 * @param weight how many samples it stands for, above 0; at most 1 / (1 - {@link #KEPT})
 */
record Speed(double weight, double mean, double variance) {
    /** Of what was known, when a sample comes: the last twenty or so count. */
    static final double KEPT = 0.95;

    Speed {
        if (!(weight > 0 && variance >= 0) || !Double.isFinite(mean)) {
            throw new IllegalArgumentException("not a speed: " + weight + ", " + mean + ", " + variance);
        }
    }

    /** Of one sample, the natural logarithm of seconds / compute-seconds. */
    static Speed of(double logRatio) {
        return new Speed(1, logRatio, 0);
    }

    /** With one sample more. */
    Speed with(double logRatio) {
        return new Speed(weight * KEPT, mean, variance).pooled(of(logRatio));
    }

    /** Both together, none of them older. */
    Speed pooled(Speed other) {
        double total = weight + other.weight;
        double away = other.mean - mean;
        double spread = weight * variance + other.weight * other.variance + away * away * weight * other.weight / total;
        return new Speed(total, mean + away * other.weight / total, spread / total);
    }
}
