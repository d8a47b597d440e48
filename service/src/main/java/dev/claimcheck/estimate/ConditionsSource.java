package dev.claimcheck.estimate;

import dev.claimcheck.database.Database;
import dev.claimcheck.estimate.Backlog.Place;
import dev.claimcheck.estimate.Conditions.RunningStep;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.QueueName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Takes the picture that all estimates of a process share: at most every two seconds, on behalf of somebody who asks, and never for more than a twentieth of the time
 * however long the backlog is. While it is being taken, others go on with the one before. Thread-safe.
 */
final class ConditionsSource {
    /** Of a queue; nothing is said of what stands behind that. */
    static final int MOST_ROWS = 100_000;

    private static final Duration LEAST_AGE = Duration.ofSeconds(2);
    private static final int COST_FACTOR = 20;

    /** The name of the queue stands literally in the text, as in the claim: the plan is then that of this queue. */
    private static final String READY = """
            SELECT r.priority, r.vstart, r.step_id, r.owner, s.kind, s.work, s.cost, s.opens
            FROM (SELECT priority, vstart, step_id, owner FROM ready WHERE queue = <queue>
                  ORDER BY priority, vstart, step_id LIMIT <limit>) r
            JOIN step s USING (step_id)
            ORDER BY r.priority, r.vstart, r.step_id
            """;

    private static final String RUNNING = """
            SELECT l.step_id, l.queue, l.vstart, l.owner, l.progress, extract(epoch FROM clock_timestamp() - l.started_at) AS elapsed,
                   s.kind, s.work, s.cost, s.opens
            FROM lease l JOIN step s USING (step_id)
            """;

    private static final String SLOTS = """
            SELECT q.key AS queue, sum(q.value::int) AS slots
            FROM worker, jsonb_each_text(queues) AS q WHERE alive_until > clock_timestamp() GROUP BY q.key
            """;

    private final Database database;
    private final SpeedHistory history;
    private final LongSupplier nanoTime;
    private final ReentrantLock loading = new ReentrantLock();
    private volatile @Nullable Taken taken;

    private record Taken(Conditions conditions, long at, long took) {}

    ConditionsSource(Database database, LongSupplier nanoTime) {
        this.database = database;
        this.history = new SpeedHistory(database);
        this.nanoTime = nanoTime;
    }

    /** As they are, or were a moment ago. */
    Conditions current() {
        Taken known = taken;
        if (known != null && isFresh(known)) {
            return known.conditions();
        }
        if (known != null && !loading.tryLock()) {
            return known.conditions(); // Somebody is at it.
        } else if (known == null) {
            loading.lock();
        }
        try {
            Taken meanwhile = taken;
            return meanwhile != null && isFresh(meanwhile) ? meanwhile.conditions() : take();
        } finally {
            loading.unlock();
        }
    }

    private boolean isFresh(Taken picture) {
        long age = nanoTime.getAsLong() - picture.at();
        return age < Math.max(LEAST_AGE.toNanos(), picture.took() * COST_FACTOR);
    }

    private Conditions take() {
        long began = nanoTime.getAsLong();
        Conditions conditions = load();
        long now = nanoTime.getAsLong();
        taken = new Taken(conditions, now, now - began);
        return conditions;
    }

    private Conditions load() {
        Speeds speeds = history.load();
        return database.inTransaction(handle -> {
            // One picture: a step that is being claimed is seen in one place.
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            Map<QueueName, Backlog.Builder> builders = new EnumMap<>(QueueName.class);
            for (QueueName queue : QueueName.values()) {
                builders.put(queue, new Backlog.Builder());
            }
            Weights weights = new Weights(speeds);
            List<RunningStep> running = handle.createQuery(RUNNING)
                    .map((row, _) -> running(row, speeds, weights, builders))
                    .list();
            Map<QueueName, Backlog> backlogs = new EnumMap<>(QueueName.class);
            builders.forEach((queue, builder) -> backlogs.put(queue, backlog(handle, queue, builder, weights)));
            return new Conditions(backlogs, running, slots(handle), speeds);
        });
    }

    private static RunningStep running(
            ResultSet row, Speeds speeds, Weights weights, Map<QueueName, Backlog.Builder> builders)
            throws SQLException {
        QueueName queue = QueueName.ofWireName(row.getString("queue"));
        double cost = row.getDouble("cost");
        Optional.ofNullable(builders.get(queue))
                .orElseThrow()
                .running(new OwnerId(row.getString("owner")), row.getDouble("vstart"), cost);
        UncertainTime left = Remaining.of(
                speeds.of(work(row)), cost, row.getDouble("progress"), Math.max(0, row.getDouble("elapsed")));
        return new RunningStep(row.getLong("step_id"), queue, left, weights.opens(row));
    }

    private static Backlog backlog(Handle handle, QueueName queue, Backlog.Builder builder, Weights weights) {
        handle.createQuery(READY)
                .define("queue", "'" + queue.wireName() + "'")
                .define("limit", MOST_ROWS + 1)
                .setFetchSize(10_000)
                .map((row, _) -> {
                    if (builder.size() < MOST_ROWS) {
                        builder.ready(
                                new Place(row.getInt("priority"), row.getDouble("vstart"), row.getLong("step_id")),
                                new OwnerId(row.getString("owner")),
                                row.getDouble("cost"),
                                weights.seconds(row),
                                weights.opens(row));
                        return true;
                    }
                    return false;
                })
                .list();
        return builder.build(builder.size() < MOST_ROWS);
    }

    /** Queues that only another version knows are none of ours. */
    private static Map<QueueName, Integer> slots(Handle handle) {
        Map<String, Integer> named = new HashMap<>();
        handle.createQuery(SLOTS)
                .map((row, _) -> Map.entry(row.getString("queue"), row.getInt("slots")))
                .forEach(entry -> named.put(entry.getKey(), entry.getValue()));
        Map<QueueName, Integer> slots = new EnumMap<>(QueueName.class);
        for (QueueName queue : QueueName.values()) {
            slots.put(queue, named.getOrDefault(queue.wireName(), 0));
        }
        return slots;
    }

    private static WorkClass work(ResultSet row) throws SQLException {
        String work = row.getString("work");
        return WorkClass.of(row.getString("kind"), work == null ? "" : work, row.getDouble("cost"));
    }

    /** Expected seconds of rows; a hundred thousand of them are of a few classes. */
    private static final class Weights {
        private final Speeds speeds;
        private final Map<WorkClass, Double> means = new HashMap<>();
        private final double transcode;
        private final double plan;

        Weights(Speeds speeds) {
            this.speeds = speeds;
            this.transcode = speeds.of(new WorkClass("transcode", "", false)).mean();
            this.plan = speeds.planCost();
        }

        double seconds(ResultSet row) throws SQLException {
            return row.getDouble("cost")
                    * means.computeIfAbsent(work(row), work -> speeds.of(work).mean());
        }

        /** What a step of a job that is not planned yet lets in is not known; then it is as much as usual. */
        double opens(ResultSet row) throws SQLException {
            double cost = row.getString("kind").equals("metadata") ? plan : row.getDouble("opens");
            return cost * transcode;
        }
    }
}
