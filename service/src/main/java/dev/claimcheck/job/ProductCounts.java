package dev.claimcheck.job;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How many products this process has made, and taken over from earlier jobs instead, since it started. Thread-safe. */
public final class ProductCounts {
    private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();

    /** What is counted apart. */
    public record Counted(String kind, boolean reused) implements Comparable<Counted> {
        @Override
        public int compareTo(Counted other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : Boolean.compare(reused, other.reused);
        }
    }

    void add(List<Product> products) {
        products.forEach(
                product -> counts.computeIfAbsent(new Counted(product.kind(), product.isReused()), _ -> new LongAdder())
                        .increment());
    }

    /** The counts as they stand, in a fixed order. */
    public Map<Counted, Long> all() {
        Map<Counted, Long> all = new TreeMap<>();
        counts.forEach((counted, count) -> all.put(counted, count.sum()));
        return all;
    }
}
