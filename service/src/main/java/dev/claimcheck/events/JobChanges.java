package dev.claimcheck.events;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.job.JobId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners which jobs changed: from the event log, read on from where it was read last at each notice and at least once a
 * second, and from notices of progress. Thread-safe; listeners must be quick.
 */
public final class JobChanges implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobChanges.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);

    /**
     * Rows whose transaction is older than every running one: none can appear later among them, although ids and commits are
     * not in the same order.
     */
    private static final String CHANGED = """
            SELECT job_id, xid::text AS xid, event_id FROM event
            WHERE (xid, event_id) > (CAST(:xid AS xid8), :event) AND xid < pg_snapshot_xmin(pg_current_snapshot())
            ORDER BY xid, event_id LIMIT 5000
            """;

    private static final String END_OF_LOG = """
            SELECT coalesce(max(xid::text::bigint), 0)::text AS xid FROM event WHERE xid < pg_snapshot_xmin(pg_current_snapshot())
            """;

    private final Database database;
    private final Notifications notifications;
    private final List<Consumer<Set<JobId>>> listeners = new CopyOnWriteArrayList<>();
    private final List<Runnable> gapListeners = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread tail;
    private volatile boolean reading;
    private volatile boolean closed;

    private record Position(String xid, long event) {}

    /** Starts to tail the log at its present end. */
    public JobChanges(Database database, Notifications notifications) {
        this.database = database;
        this.notifications = notifications;
        notifications.listen("claimcheck_events", _ -> wake.release());
        notifications.listen("claimcheck_progress", payload -> tell(ids(payload)));
        notifications.onGap(() -> {
            gap();
            wake.release();
        });
        this.tail = Thread.ofVirtual().name("event-tail").start(this::run);
    }

    /** Calls {@code listener} with the ids of jobs that changed, soon after their commit. */
    public void subscribe(Consumer<Set<JobId>> listener) {
        listeners.add(listener);
    }

    /** Calls {@code listener} when changes may have been missed: everything known must be dropped. */
    public void onGap(Runnable listener) {
        gapListeners.add(listener);
    }

    /** Whether every change is told right now; while not, nothing cached may be believed. */
    public boolean current() {
        return reading && notifications.isConnected();
    }

    @Override
    public void close() {
        closed = true;
        wake.release();
        try {
            tail.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Optional<Position> position = Optional.empty();
        while (!closed) {
            try {
                if (position.isEmpty()) {
                    position = Optional.of(endOfLog());
                    gap();
                }
                position = Optional.of(readFrom(position.get()));
                reading = true;
            } catch (DatabaseUnavailableException e) {
                if (reading) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("the event log cannot be read; caches are bypassed until it can");
                }
                reading = false;
                position = Optional.empty();
            } catch (RuntimeException e) {
                reading = false;
                position = Optional.empty();
                LOG.atError().setCause(e).log("the event log cannot be read; caches are bypassed until it can");
            }
            pause();
        }
    }

    private void pause() {
        try {
            if (wake.tryAcquire(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                wake.drainPermits();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            closed = true;
        }
    }

    private Position endOfLog() {
        return database.withHandle(handle ->
                new Position(handle.createQuery(END_OF_LOG).mapTo(String.class).one(), Long.MAX_VALUE));
    }

    private Position readFrom(Position start) {
        record Row(JobId job, Position position) {}
        List<Row> rows = database.withHandle(handle -> handle.createQuery(CHANGED)
                .bind("xid", start.xid())
                .bind("event", start.event())
                .map((row, _) -> new Row(
                        new JobId(row.getObject("job_id", UUID.class)),
                        new Position(row.getString("xid"), row.getLong("event_id"))))
                .list());
        if (rows.isEmpty()) {
            return start;
        }
        tell(rows.stream().map(Row::job).collect(Collectors.toSet()));
        return rows.getLast().position();
    }

    private void tell(Set<JobId> jobs) {
        if (!jobs.isEmpty()) {
            listeners.forEach(listener -> listener.accept(jobs));
        }
    }

    private void gap() {
        gapListeners.forEach(Runnable::run);
    }

    private static Set<JobId> ids(String payload) {
        return Arrays.stream(payload.split(",", -1))
                .flatMap(text -> JobId.parse(text).stream())
                .collect(Collectors.toSet());
    }
}
