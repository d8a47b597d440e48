package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.QueueName;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How the queues stood over the last day: written by {@link QueueSampler}, read here. Thread-safe. */
public final class QueueHistory {
    static final Duration SAMPLED_EVERY = Duration.ofSeconds(10);
    /** More points than that no chart can show. */
    private static final int MOST_POINTS = 360;

    /** Peaks are what one looks for, so the depths are the greatest of their time, and only counts are added up. */
    private static final String READ = """
            SELECT date_bin(make_interval(secs => :resolution), at - interval '1 microsecond', 'epoch') + make_interval(secs => :resolution) AS until, queue,
                   max(waiting) AS waiting, max(running) AS running, max(oldest_wait_seconds) AS oldest,
                   sum(started) AS started, sum(finished) AS finished, sum(failed) AS failed
            FROM queue_sample WHERE at > now() - make_interval(mins => :minutes)
            GROUP BY until, queue ORDER BY until
            """;

    private final Database database;

    public QueueHistory(Database database) {
        this.database = database;
    }

    /**
     * A queue over one stretch of time.
     *
     * @param waiting the most steps that waited
     * @param running the most attempts that were under way
     * @param oldestWaitSeconds the longest wait
     * @param started attempts that were started
     * @param finished attempts that succeeded
     * @param failed attempts that did not, whether or not the step was tried again
     */
    public record Figures(int waiting, int running, double oldestWaitSeconds, int started, int finished, int failed) {}

    /** All queues over one stretch of time, which ends at {@code at}. */
    public record Point(Instant at, Map<String, Figures> queues) {}

    /** Points {@code resolution} apart; where nothing was sampled there is none. */
    public record History(Duration resolution, List<Point> points) {
        public History {
            points = List.copyOf(points);
        }
    }

    /** The last minutes, at most a day's. */
    public History read(int minutes) {
        Duration resolution = resolution(minutes);
        Map<Instant, Map<String, Figures>> points = new LinkedHashMap<>();
        database.withHandle(handle -> handle.createQuery(READ)
                .bind("resolution", (double) resolution.toSeconds())
                .bind("minutes", minutes)
                .map((row, _) -> points.computeIfAbsent(
                                row.getTimestamp("until").toInstant(), _ -> new LinkedHashMap<>())
                        .put(
                                row.getString("queue"),
                                new Figures(
                                        row.getInt("waiting"),
                                        row.getInt("running"),
                                        row.getDouble("oldest"),
                                        row.getInt("started"),
                                        row.getInt("finished"),
                                        row.getInt("failed"))))
                .list());
        return new History(
                resolution,
                points.entrySet().stream()
                        .map(point -> new Point(point.getKey(), inOrder(point.getValue())))
                        .toList());
    }

    static Duration resolution(int minutes) {
        long samples = Duration.ofMinutes(minutes).dividedBy(SAMPLED_EVERY);
        return SAMPLED_EVERY.multipliedBy(Math.max(1, Math.ceilDiv(samples, MOST_POINTS)));
    }

    private static Map<String, Figures> inOrder(Map<String, Figures> queues) {
        Map<String, Figures> ordered = new LinkedHashMap<>();
        for (QueueName queue : QueueName.values()) {
            ordered.put(queue.wireName(), queues.getOrDefault(queue.wireName(), new Figures(0, 0, 0, 0, 0, 0)));
        }
        return ordered;
    }
}
