package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What owners have stored. To know it every object is looked at in the database, so it is asked for at most every fifteen seconds, and never for more than a twentieth of the time; whoever asks meanwhile gets the
 * answer before. Thread-safe.
 */
public final class StorageUse {
    private static final Duration LEAST_AGE = Duration.ofSeconds(15);
    private static final int COST_FACTOR = 20;

    /** An object that several jobs point to, and a file that several jobs were made of, is one. */
    private static final String USE = """
            WITH things AS (
                SELECT j.owner, o.object_key AS key, max(o.size_bytes) AS bytes FROM output o JOIN job j USING (job_id) GROUP BY 1, 2
                UNION ALL
                SELECT owner, source_key, max(size_bytes) FROM job WHERE source_key IS NOT NULL AND status <> 'UPLOADING' GROUP BY 1, 2
            ), stored AS (
                SELECT owner, count(*) AS objects, coalesce(sum(bytes), 0)::bigint AS bytes FROM things GROUP BY owner
            )
            SELECT j.owner, j.jobs, coalesce(s.objects, 0) AS objects, coalesce(s.bytes, 0) AS bytes
            FROM (SELECT owner, count(*) AS jobs FROM job GROUP BY owner) j LEFT JOIN stored s USING (owner)
            """;

    private final Database database;
    private final LongSupplier nanoTime;
    private final ReentrantLock measuring = new ReentrantLock();
    private volatile @Nullable Measured measured;

    /** Of one owner, or of all together. */
    public record Use(long jobs, long objects, long bytes) {
        static final Use NONE = new Use(0, 0, 0);

        Use and(Use other) {
            return new Use(jobs + other.jobs, objects + other.objects, bytes + other.bytes);
        }
    }

    private record Measured(Map<OwnerId, Use> byOwner, long at, long took) {}

    public StorageUse(Database database, LongSupplier nanoTime) {
        this.database = database;
        this.nanoTime = nanoTime;
    }

    /** All owners together. */
    public Use total() {
        return byOwner().values().stream().reduce(Use.NONE, Use::and);
    }

    /** Owners that have jobs. */
    public Map<OwnerId, Use> byOwner() {
        Measured known = measured;
        if (known != null && (isFresh(known) || !measuring.tryLock())) {
            return known.byOwner();
        }
        if (known == null) {
            measuring.lock();
        }
        try {
            Measured meanwhile = measured;
            return meanwhile != null && isFresh(meanwhile) ? meanwhile.byOwner() : measure();
        } finally {
            measuring.unlock();
        }
    }

    private boolean isFresh(Measured what) {
        return nanoTime.getAsLong() - what.at() < Math.max(LEAST_AGE.toNanos(), what.took() * COST_FACTOR);
    }

    private Map<OwnerId, Use> measure() {
        long began = nanoTime.getAsLong();
        Map<OwnerId, Use> found = new HashMap<>();
        database.withHandle(handle -> handle.createQuery(USE)
                        .map((row, _) -> Map.entry(
                                new OwnerId(row.getString("owner")),
                                new Use(row.getLong("jobs"), row.getLong("objects"), row.getLong("bytes"))))
                        .list())
                .forEach(use -> found.put(use.getKey(), use.getValue()));
        long now = nanoTime.getAsLong();
        Map<OwnerId, Use> byOwner = Map.copyOf(found);
        measured = new Measured(byOwner, now, now - began);
        return byOwner;
    }
}
