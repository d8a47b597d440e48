package dev.claimcheck.cli;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How fast bytes go and how long the rest will take: the average over the last seconds, so that it follows the line but does not tremble with it. Not
 * thread-safe.
 */
final class TransferMeter {
    private static final long WINDOW_NANOS = Duration.ofSeconds(8).toNanos();
    private static final long STEP_NANOS = Duration.ofMillis(250).toNanos();
    /** Before this nothing sensible can be said. */
    private static final long LEAST_NANOS = Duration.ofMillis(500).toNanos();

    private final Deque<Mark> marks = new ArrayDeque<>();

    private record Mark(long nanos, long bytes) {}

    /** So many bytes have gone at that time; fewer than before where some have to go again. */
    void at(long nanos, long bytes) {
        if (!marks.isEmpty() && bytes < marks.getLast().bytes()) {
            takeBack(marks.getLast().bytes() - bytes);
        }
        if (marks.size() > 1 && nanos - secondLast().nanos() < STEP_NANOS) {
            marks.removeLast();
        }
        marks.addLast(new Mark(nanos, bytes));
        while (marks.size() > 2 && nanos - marks.getFirst().nanos() > WINDOW_NANOS) {
            marks.removeFirst();
        }
    }

    /** Bytes per second; empty while too little is known. */
    Optional<Double> rate() {
        if (marks.size() < 2) {
            return Optional.empty();
        }
        long nanos = marks.getLast().nanos() - marks.getFirst().nanos();
        return nanos < LEAST_NANOS
                ? Optional.empty()
                : Optional.of((marks.getLast().bytes() - marks.getFirst().bytes()) * 1e9 / nanos);
    }

    /** How long so many bytes will take at this rate; empty while it is not known or nothing moves. */
    Optional<Duration> timeFor(long bytes) {
        return rate().filter(rate -> rate >= 1).map(rate -> Duration.ofMillis((long) (bytes / rate * 1_000)));
    }

    /** What was counted and lost never went: the rate must neither dive below zero nor count it twice. */
    private void takeBack(long lost) {
        Deque<Mark> corrected = new ArrayDeque<>();
        marks.forEach(mark -> corrected.addLast(new Mark(mark.nanos(), mark.bytes() - lost)));
        marks.clear();
        marks.addAll(corrected);
    }

    private Mark secondLast() {
        Mark last = marks.removeLast();
        Mark before = marks.getLast();
        marks.addLast(last);
        return before;
    }
}
