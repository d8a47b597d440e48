package dev.claimcheck.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Numbers of one series. */
final class Figures {
    private final List<Double> values = new ArrayList<>();

    void add(double value) {
        values.add(value);
    }

    int size() {
        return values.size();
    }

    double get(int index) {
        return values.get(index);
    }

    double percentile(double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.round(Math.ceil(share * sorted.size())) - 1));
    }

    double median() {
        return percentile(0.5);
    }

    String range(String form) {
        return String.format(
                Locale.ROOT, form + " / " + form + " / " + form, percentile(1e-9), median(), percentile(1));
    }
}
