package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.OwnerId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Everybody who has a key or jobs. Thread-safe. */
public final class Owners {
    /** Names are found by leaping from one to the next in the index, so that jobs of an owner cost nothing here. */
    private static final String FIND = """
            WITH RECURSIVE with_jobs AS (
                (SELECT owner FROM job ORDER BY owner LIMIT 1)
                UNION ALL
                SELECT (SELECT j.owner FROM job j WHERE j.owner > w.owner ORDER BY j.owner LIMIT 1) FROM with_jobs w WHERE w.owner IS NOT NULL
            ), keys AS (
                SELECT owner, count(*) AS keys FROM api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now()) GROUP BY owner
            ), names AS (
                SELECT owner FROM with_jobs WHERE owner IS NOT NULL UNION SELECT owner FROM keys
            )
            SELECT n.owner, coalesce(k.keys, 0) AS keys,
                   (SELECT count(*) FROM job WHERE owner = n.owner AND status IN ('UPLOADING', 'PENDING', 'IN_PROGRESS')) AS open_jobs,
                   (SELECT count(*) FROM lease WHERE owner = n.owner) AS running,
                   (SELECT e.at FROM event e WHERE e.owner = n.owner ORDER BY e.xid DESC, e.event_id DESC LIMIT 1) AS last_activity
            FROM names n LEFT JOIN keys k USING (owner)
            ORDER BY n.owner
            """;

    private final Database database;
    private final StorageUse use;

    public Owners(Database database, StorageUse use) {
        this.database = database;
        this.use = use;
    }

    /**
     * An owner.
     *
     * @param keys in force
     * @param openJobs jobs that have not ended
     * @param runningSteps attempts under way
     * @param stored jobs, objects and bytes, some seconds old
     * @param lastActivity the last event, as far as events are kept
     */
    public record Owner(
            OwnerId owner,
            int keys,
            int openJobs,
            int runningSteps,
            StorageUse.Use stored,
            Optional<Instant> lastActivity) {}

    /** All of them, by name. */
    public List<Owner> all() {
        Map<OwnerId, StorageUse.Use> stored = use.byOwner();
        return database.withHandle(handle -> handle.createQuery(FIND)
                .map((row, _) -> {
                    OwnerId owner = new OwnerId(row.getString("owner"));
                    return new Owner(
                            owner,
                            row.getInt("keys"),
                            row.getInt("open_jobs"),
                            row.getInt("running"),
                            stored.getOrDefault(owner, StorageUse.Use.NONE),
                            Optional.ofNullable(row.getTimestamp("last_activity"))
                                    .map(java.sql.Timestamp::toInstant));
                })
                .list());
    }
}
