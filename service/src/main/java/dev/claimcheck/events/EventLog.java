package dev.claimcheck.events;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/**
 * Reads the event log. Every owner's events have one order, in which none is skipped and none appears later in front of another, however the transactions that wrote them overlapped: events are shown once no
 * older transaction is running any more, in the order of their transactions. Thread-safe.
 */
public final class EventLog {
    private static final String COLUMNS =
            "SELECT event_id, xid::text::bigint AS xid, owner, job_id, type, at, data FROM event ";

    private static final String AFTER =
            "WHERE (xid, event_id) > (CAST(CAST(:xid AS text) AS xid8), :event) AND xid < pg_snapshot_xmin(pg_current_snapshot()) ";

    private static final String IN_ORDER = "ORDER BY xid, event_id LIMIT :limit";

    private static final String END = """
            SELECT xid::text::bigint AS xid, event_id FROM event WHERE xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY event.xid DESC, event_id DESC LIMIT 1
            """;

    private static final String OWNERS_END = """
            SELECT event_id FROM event WHERE owner = :owner AND xid < pg_snapshot_xmin(pg_current_snapshot()) ORDER BY event.xid DESC, event_id DESC LIMIT 1
            """;

    /**
     * A dump that is restored elsewhere brings transaction numbers which are the future there: nothing new would come behind them. They become the past, in the order of the events' own numbers.
     */
    private static final String BELONGS_TO_ANOTHER_CLUSTER = """
            UPDATE event SET xid = '3' WHERE EXISTS (SELECT FROM event WHERE xid > pg_snapshot_xmax(pg_current_snapshot()))
            """;

    /** The place of those who turn the log into deliveries is a place in it, too; what they have not seen yet is behind it. */
    private static final String FEED_BELONGS_TO_ANOTHER_CLUSTER = """
            UPDATE webhook_feed f
            SET xid = '3', event_id = coalesce((SELECT min(e.event_id) - 1 FROM event e WHERE (e.xid, e.event_id) > (f.xid, f.event_id)),
                                               (SELECT max(e.event_id) FROM event e), f.event_id)
            WHERE f.xid > pg_snapshot_xmax(pg_current_snapshot()) OR EXISTS (SELECT FROM event WHERE xid > pg_snapshot_xmax(pg_current_snapshot()))
            """;

    /** However old, an event stays while somebody's endpoint has yet to be told of it. */
    private static final String PRUNE = """
            DELETE FROM event e WHERE event_id IN (SELECT event_id FROM event ORDER BY event_id LIMIT 5000) AND at < now() - make_interval(secs => :age)
              AND NOT EXISTS (SELECT FROM webhook_feed f WHERE (e.xid, e.event_id) > (f.xid, f.event_id)
                              AND EXISTS (SELECT FROM webhook_endpoint WHERE disabled_at IS NULL))
            """;

    private final Database database;

    public EventLog(Database database) {
        this.database = database;
    }

    /**
     * The owner's events behind that one, in order.
     *
     * @param after the last event that the reader has; 0 for the beginning of the log
     * @param job only events of that job
     * @param limit at most so many, above 0
     * @throws CursorExpiredException when the owner has no such event (any more)
     */
    public List<Event> after(OwnerId owner, Optional<JobId> job, long after, int limit) {
        return database.withHandle(handle -> after(handle, owner, job, position(handle, owner, after), limit));
    }

    /** The owner's newest event; 0 where there is none. */
    public long end(OwnerId owner) {
        return database.withHandle(handle -> handle.createQuery(OWNERS_END)
                .bind("owner", owner.value())
                .mapTo(Long.class)
                .findOne()
                .orElse(0L));
    }

    /** Clears away events that are older than that, some thousand at once. Gives how many. */
    public int prune(Duration age) {
        return database.inTransaction(handle ->
                handle.createUpdate(PRUNE).bind("age", age.toMillis() / 1000.0).execute());
    }

    /** Makes a log that was restored from another cluster readable in this one; to be called before anybody reads. */
    public void adopt() {
        database.useTransaction(handle -> {
            handle.createUpdate(FEED_BELONGS_TO_ANOTHER_CLUSTER).execute();
            handle.createUpdate(BELONGS_TO_ANOTHER_CLUSTER).execute();
        });
    }

    LogPosition position(OwnerId owner, long event) {
        return database.withHandle(handle -> position(handle, owner, event));
    }

    /** Where the log ends now. */
    LogPosition end() {
        return database.withHandle(handle -> handle.createQuery(END)
                .map((row, _) -> new LogPosition(row.getLong("xid"), row.getLong("event_id")))
                .findOne()
                .orElse(LogPosition.BEGINNING));
    }

    /** Everybody's events behind that place. */
    List<Event> after(LogPosition position, int limit) {
        return database.withHandle(handle -> handle.createQuery(COLUMNS + AFTER + IN_ORDER)
                .bind("xid", position.xid())
                .bind("event", position.event())
                .bind("limit", limit)
                .map((row, _) -> event(row))
                .list());
    }

    List<Event> after(OwnerId owner, Optional<JobId> job, LogPosition position, int limit) {
        return database.withHandle(handle -> after(handle, owner, job, position, limit));
    }

    private static List<Event> after(
            Handle handle, OwnerId owner, Optional<JobId> job, LogPosition position, int limit) {
        var query = handle.createQuery(COLUMNS + AFTER + "AND owner = :owner "
                        + (job.isPresent() ? "AND job_id = :job " : "") + IN_ORDER)
                .bind("owner", owner.value())
                .bind("xid", position.xid())
                .bind("event", position.event())
                .bind("limit", limit);
        job.ifPresent(id -> query.bind("job", id.value()));
        return query.map((row, _) -> event(row)).list();
    }

    private static LogPosition position(Handle handle, OwnerId owner, long event) {
        if (event == 0) {
            return LogPosition.BEGINNING;
        }
        return handle.createQuery("SELECT xid::text::bigint FROM event WHERE event_id = :event AND owner = :owner")
                .bind("event", event)
                .bind("owner", owner.value())
                .mapTo(Long.class)
                .findOne()
                .map(xid -> new LogPosition(xid, event))
                .orElseThrow(() -> new CursorExpiredException(event));
    }

    private static Event event(ResultSet row) throws SQLException {
        UUID job = row.getObject("job_id", UUID.class);
        return new Event(
                row.getLong("event_id"),
                row.getLong("xid"),
                new OwnerId(row.getString("owner")),
                job == null ? null : new JobId(job),
                row.getString("type"),
                row.getTimestamp("at").toInstant(),
                row.getString("data"));
    }
}
