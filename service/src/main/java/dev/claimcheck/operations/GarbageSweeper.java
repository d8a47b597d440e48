package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.PeriodicWork;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes objects that a committed transaction has called unwanted, and uploads that never became a job because the process died
 * between storing and committing. Safe to run in several processes at once.
 */
public final class GarbageSweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageSweeper.class);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration ORPHANS_EVERY = Duration.ofMinutes(10);
    /** Where uploads are, and where a store may keep what signed PUTs brought and nobody took over. */
    private static final String SOURCES = "sources/";

    private static final String JOBS = "jobs/";
    private static final String PARTS = "parts/";
    private static final String WATERMARKS = "watermarks/";
    private static final String INCOMING = "incoming/";

    /** A source that another job processes again stays until that one has given it up too. */
    private static final String DUE = """
            SELECT garbage_id, prefix FROM garbage g
            WHERE due <= now() AND NOT EXISTS (SELECT FROM job WHERE source_key = g.prefix)
            ORDER BY due LIMIT 100
            """;

    /** What jobs offer of it: products are taken over by other jobs, and may outlive the job that made them. Why a later look is not needed: job.JobOutputs. */
    private static final String OFFERED = """
            SELECT DISTINCT object_key FROM output WHERE object_key COLLATE "C" >= :from AND object_key COLLATE "C" < :to
            """;

    /** A source waiting in {@code garbage} is kept until it is due there. */
    private static final String WANTED = """
            SELECT EXISTS (SELECT FROM job WHERE source_key = :key) OR EXISTS (SELECT FROM garbage WHERE prefix = :key)
                OR EXISTS (SELECT FROM upload WHERE object_key = :key)
                OR EXISTS (SELECT FROM watermark WHERE 'watermarks/' || watermark_id = :key)
            """;

    /**
     * Watermarks that were deleted, and that no job needs which may still run, or be retried. What was asked for just before the deletion has its job within the hour.
     */
    private static final String UNNEEDED_WATERMARKS = """
            WITH gone AS (
                DELETE FROM watermark w
                WHERE deleted_at < now() - interval '1 hour'
                  AND NOT EXISTS (SELECT FROM job j
                                  WHERE j.options ->> 'watermark' = CAST(w.watermark_id AS text)
                                    AND (j.status IN ('UPLOADING', 'PENDING', 'IN_PROGRESS', 'FAILED')
                                         OR j.status = 'COMPLETED' AND j.source_key IS NOT NULL AND j.warnings <> '[]'))
                RETURNING watermark_id
            )
            INSERT INTO garbage (prefix) SELECT 'watermarks/' || watermark_id FROM gone
            """;

    private final Database database;
    private final ObjectStore store;
    private final Duration orphanAge;
    private final InstantSource clock;
    private final PeriodicWork work;
    private long orphansSought;

    private record Garbage(long id, String prefix) {}

    /**
     * Starts sweeping.
     *
     * @param orphanAge an upload without a job is deleted when it is so old; some stores count from its first byte, so no upload may take so long
     */
    public GarbageSweeper(Database database, ObjectStore store, Duration orphanAge, InstantSource clock) {
        this.database = database;
        this.store = store;
        this.orphanAge = orphanAge;
        this.clock = clock;
        this.orphansSought = System.nanoTime() - soughtEvery();
        this.work = new PeriodicWork("sweeper", SWEEP_EVERY, this::round);
    }

    @Override
    public void close() {
        work.close();
    }

    private Duration round() {
        guarded(this::sweep);
        if (System.nanoTime() - orphansSought > soughtEvery()) {
            guarded(this::sweepOrphans);
            orphansSought = System.nanoTime();
        }
        return SWEEP_EVERY;
    }

    private long soughtEvery() {
        return Math.min(ORPHANS_EVERY.toNanos(), orphanAge.toNanos());
    }

    /** Deletes what is due. The row goes last: a crash in between only means that it is deleted again. */
    void sweep() {
        List<Garbage> due = database.withHandle(handle -> handle.createQuery(DUE)
                .map((row, _) -> new Garbage(row.getLong("garbage_id"), row.getString("prefix")))
                .list());
        for (Garbage garbage : due) {
            try {
                delete(garbage.prefix());
                change("DELETE FROM garbage WHERE garbage_id = :id", garbage);
            } catch (StorageException e) {
                // It must not stand in the way of what comes after it.
                change("UPDATE garbage SET due = now() + interval '1 minute' WHERE garbage_id = :id", garbage);
                LOG.atWarn()
                        .addKeyValue("prefix", garbage.prefix())
                        .addKeyValue("cause", e.getMessage())
                        .log("unwanted objects stay for another minute");
            }
        }
    }

    /** Deletes what begins so, but for what a job offers. */
    private void delete(String prefix) {
        Set<String> offered = prefix.startsWith(JOBS) ? offered(prefix) : Set.of();
        if (offered.isEmpty()) {
            store.deletePrefix(prefix);
            return;
        }
        for (ObjectStore.ObjectInfo object : store.list(prefix)) {
            if (!offered.contains(object.key())) {
                store.deletePrefix(object.key());
            }
        }
    }

    private Set<String> offered(String prefix) {
        return database.withHandle(handle -> handle.createQuery(OFFERED)
                .bind("from", prefix)
                .bind("to", prefix + Character.toString(Character.MAX_CODE_POINT))
                .mapTo(String.class)
                .set());
    }

    private void change(String statement, Garbage garbage) {
        database.useTransaction(handle ->
                handle.createUpdate(statement).bind("id", garbage.id()).execute());
    }

    /** Deletes uploads without a job, parts that are joined to none, and watermarks that nobody has any more. */
    void sweepOrphans() {
        database.useTransaction(
                handle -> handle.createUpdate(UNNEEDED_WATERMARKS).execute());
        for (String folder : new String[] {SOURCES, PARTS, WATERMARKS, INCOMING + SOURCES}) {
            sweepOrphans(folder);
        }
    }

    private void sweepOrphans(String folder) {
        for (ObjectStore.ObjectInfo object : store.list(folder)) {
            boolean old = object.modified().isBefore(clock.instant().minus(orphanAge));
            String upload =
                    object.key().startsWith(INCOMING) ? object.key().substring(INCOMING.length()) : object.key();
            if (old && !isWanted(upload)) {
                LOG.atInfo().addKeyValue("key", object.key()).log("an upload without a job is deleted");
                store.deletePrefix(object.key());
            }
        }
    }

    private boolean isWanted(String key) {
        return database.withHandle(handle ->
                handle.createQuery(WANTED).bind("key", key).mapTo(Boolean.class).one());
    }

    private static void guarded(Runnable sweep) {
        PeriodicWork.attempt(
                LOG,
                "unwanted objects stay until the next sweep",
                trouble -> trouble instanceof StorageException,
                sweep);
    }
}
