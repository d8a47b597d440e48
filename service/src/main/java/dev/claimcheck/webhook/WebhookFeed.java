package dev.claimcheck.webhook;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Turns the event log into deliveries. The place it has come to moves in the transaction that makes the deliveries, so each event is fed exactly once, whichever process does it and whenever one dies. Events are taken in the log's
 * order and only when nothing can appear in front of them any more ({@link dev.claimcheck.events.EventLog}). Thread-safe; any number of processes may run it, one at a time does.
 */
final class WebhookFeed {
    private static final int PAGE = 1_000;

    private static final String PLACE = """
            SELECT xid::text::bigint AS xid, event_id FROM webhook_feed FOR UPDATE SKIP LOCKED
            """;

    private static final String BEHIND = """
            (xid, event_id) > (CAST(CAST(:xid AS text) AS xid8), :event) AND xid < pg_snapshot_xmin(pg_current_snapshot())
            """;

    /** The end of the next page. */
    private static final String PAGE_END = """
            SELECT max(ARRAY[xid::text::bigint, event_id]) AS place
            FROM (SELECT xid, event_id FROM event WHERE %s ORDER BY xid, event_id LIMIT :page) AS page
            HAVING count(*) > 0
            """.formatted(BEHIND);

    /** In a statement of its own: what is looked at under these locks is seen as it is then. */
    private static final String LOCK_ENDPOINTS = """
            SELECT 1 FROM webhook_endpoint
            WHERE disabled_at IS NULL AND owner IN (SELECT owner FROM event WHERE %s AND (xid, event_id) <= (CAST(CAST(:end_xid AS text) AS xid8), :end_event))
            ORDER BY endpoint_id FOR NO KEY UPDATE
            """.formatted(BEHIND);

    private static final String DELIVER = """
            INSERT INTO webhook_delivery (endpoint_id, message_id, event_id, job_id, type, happened_at, data, next_attempt_at, give_up_at)
            SELECT endpoint_id, CAST(event_id AS text), event_id, job_id, type, at, data,
                   CASE WHEN job_id IS NULL OR place = 1 AND NOT EXISTS (
                       SELECT FROM webhook_delivery d WHERE d.endpoint_id = p.endpoint_id AND d.job_id = p.job_id AND d.status = 'WAITING')
                   THEN now() END,
                   now() + make_interval(secs => :give_up)
            FROM (SELECT w.endpoint_id, e.*, row_number() OVER (PARTITION BY w.endpoint_id, e.job_id ORDER BY e.xid, e.event_id) AS place
                  FROM event e JOIN webhook_endpoint w USING (owner)
                  WHERE %s AND (e.xid, e.event_id) <= (CAST(CAST(:end_xid AS text) AS xid8), :end_event)
                    AND w.disabled_at IS NULL
                    AND w.events && ARRAY['*', e.type, split_part(e.type, '.', 1) || '.*']
                    AND NOT EXISTS (SELECT FROM webhook_delivery d
                                    WHERE d.endpoint_id = w.endpoint_id AND d.event_id = e.event_id AND NOT d.replayed)) AS p
            ORDER BY p.xid, p.event_id, p.endpoint_id
            """.formatted(BEHIND);

    private static final String MOVE = """
            UPDATE webhook_feed SET xid = CAST(CAST(:end_xid AS text) AS xid8), event_id = :end_event
            """;

    private final Database database;
    private final Duration giveUpAfter;

    WebhookFeed(Database database, Duration giveUpAfter) {
        this.database = database;
        this.giveUpAfter = giveUpAfter;
    }

    private record Place(long xid, long event) {}

    /** Feeds everything that the log shows now, unless another process is at it. Gives how many deliveries were made. */
    int feed() {
        int made = 0;
        for (int page = feedPage(); page >= 0; page = feedPage()) {
            made += page;
        }
        return made;
    }

    /** Feeds some; gives how many deliveries were made, -1 when there was nothing to feed. */
    private int feedPage() {
        return database.inTransaction(handle -> handle.createQuery(PLACE)
                .map((row, _) -> new Place(row.getLong("xid"), row.getLong("event_id")))
                .findOne()
                .flatMap(place -> end(handle, place).map(end -> deliver(handle, place, end)))
                .orElse(-1));
    }

    private static Optional<Place> end(Handle handle, Place place) {
        return handle.createQuery(PAGE_END)
                .bind("xid", place.xid())
                .bind("event", place.event())
                .bind("page", PAGE)
                .map((row, _) -> (Long[]) row.getArray("place").getArray())
                .findOne()
                .map(found -> new Place(found[0], found[1]));
    }

    private int deliver(Handle handle, Place place, Place end) {
        handle.createQuery(LOCK_ENDPOINTS)
                .bind("xid", place.xid())
                .bind("event", place.event())
                .bind("end_xid", end.xid())
                .bind("end_event", end.event())
                .mapTo(Integer.class)
                .list();
        int made = handle.createUpdate(DELIVER)
                .bind("xid", place.xid())
                .bind("event", place.event())
                .bind("end_xid", end.xid())
                .bind("end_event", end.event())
                .bind("give_up", giveUpAfter.toMillis() / 1000.0)
                .execute();
        handle.createUpdate(MOVE)
                .bind("end_xid", end.xid())
                .bind("end_event", end.event())
                .execute();
        if (made > 0) {
            DeliveryQueue.tellAll(handle);
        }
        return made;
    }
}
