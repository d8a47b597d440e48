package dev.claimcheck.estimate;

import dev.claimcheck.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The table {@code work_speed}: what all workers of this installation have learnt of how long steps take. Thread-safe. */
final class SpeedHistory {
    /** A step that was tried more than once, whose worker vanished, or that took something over from another job, says nothing of its time. */
    private static final String ENDED = """
            SELECT kind, work, cost, extract(epoch FROM finished_at - started_at) AS seconds
            FROM step
            WHERE step_id = ANY (:steps) AND state = 'SUCCEEDED' AND attempt = 1 AND retries = 0 AND losses = 0 AND products_reused = 0 AND finished_at > started_at
            ORDER BY step_id
            """;

    /** One after the other: two workers that meet a class for the first time would each think so. Readers do not wait. */
    private static final String ONE_WRITER = """
            LOCK TABLE work_speed IN SHARE ROW EXCLUSIVE MODE
            """;

    private static final String KNOWN = """
            SELECT class, weight, mean, variance FROM work_speed WHERE class = ANY (:classes)
            """;

    private static final String STORE = """
            INSERT INTO work_speed (class, weight, mean, variance) VALUES (:class, :weight, :mean, :variance)
            ON CONFLICT (class) DO UPDATE
            SET weight = excluded.weight, mean = excluded.mean, variance = excluded.variance, updated_at = now()
            """;

    private final Database database;

    SpeedHistory(Database database) {
        this.database = database;
    }

    /** One observation: the natural logarithm of actual / predicted. */
    record Sample(WorkClass work, double logRatio) {
        static Sample of(WorkClass work, double predicted, double actual) {
            return new Sample(work, Math.log(actual / predicted));
        }
    }

    Speeds load() {
        return database.withHandle(
                handle -> new Speeds(stored(handle.createQuery("SELECT class, weight, mean, variance FROM work_speed")
                        .map((row, _) -> stored(row))
                        .list())));
    }

    /** What these steps, just ended, say; those that failed or were tried again say nothing. */
    List<Sample> samplesOf(Collection<Long> steps) {
        return database.withHandle(handle -> handle.createQuery(ENDED)
                .bindArray("steps", Long.class, steps.toArray())
                .map((row, _) -> sample(row))
                .list());
    }

    /** Adds samples, oldest first, in one transaction. */
    void add(List<Sample> samples) {
        Map<String, List<Sample>> byClass = new TreeMap<>();
        samples.forEach(sample -> byClass.computeIfAbsent(sample.work().key(), _ -> new ArrayList<>())
                .add(sample));
        if (!byClass.isEmpty()) {
            database.useTransaction(handle -> merge(handle, byClass));
        }
    }

    private static void merge(Handle handle, Map<String, List<Sample>> byClass) {
        handle.execute(ONE_WRITER);
        Map<String, Speed> known = stored(handle.createQuery(KNOWN)
                .bindArray("classes", String.class, byClass.keySet().toArray())
                .map((row, _) -> stored(row))
                .list());
        PreparedBatch batch = handle.prepareBatch(STORE);
        byClass.forEach((key, samples) -> {
            Speed merged = merged(known.get(key), samples);
            batch.bind("class", key)
                    .bind("weight", merged.weight())
                    .bind("mean", merged.mean())
                    .bind("variance", merged.variance())
                    .add();
        });
        batch.execute();
    }

    private static Speed merged(@Nullable Speed before, List<Sample> samples) {
        Speed speed = before;
        for (Sample sample : samples) {
            speed = speed == null ? Speed.of(sample.logRatio()) : speed.with(sample.logRatio());
        }
        if (speed == null) {
            throw new IllegalStateException("a class without a sample");
        }
        return speed;
    }

    private static Sample sample(ResultSet row) throws SQLException {
        String work = row.getString("work");
        double cost = row.getDouble("cost");
        return Sample.of(
                WorkClass.of(row.getString("kind"), work == null ? "" : work, cost), cost, row.getDouble("seconds"));
    }

    private static Map.Entry<String, Speed> stored(ResultSet row) throws SQLException {
        return Map.entry(
                row.getString("class"),
                new Speed(row.getDouble("weight"), row.getDouble("mean"), row.getDouble("variance")));
    }

    private static Map<String, Speed> stored(List<Map.Entry<String, Speed>> rows) {
        Map<String, Speed> speeds = new HashMap<>();
        rows.forEach(row -> speeds.put(row.getKey(), row.getValue()));
        return speeds;
    }
}
