package dev.claimcheck.events;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events on to any number of readers as they are logged, from one reading of the log. A reader who is slower than the log has at most a few hundred events waiting in memory; what is beyond that it reads
 * from the log itself, at its own pace, and then goes on with the others. Thread-safe.
 */
public final class EventFeed implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventFeed.class);
    private static final long PROGRESS_EVERY_MILLIS = 200;

    private final Database database;
    private final EventLog log;
    private final Map<OwnerId, Set<EventSubscription>> readers = new ConcurrentHashMap<>();
    /** Jobs that came further and whose owners' readers do not know it yet. */
    private final Set<JobId> progressed = new HashSet<>();

    private final Thread progress;
    private volatile boolean closed;

    /** Hands on what {@code tail} reads and what {@code changes} tells of progress. */
    public EventFeed(Database database, EventLog log, EventTail tail, JobChanges changes) {
        this.database = database;
        this.log = log;
        tail.subscribe(this::handOn);
        changes.onProgress(this::noteProgress);
        changes.onGap(() -> readers.values().stream().flatMap(Set::stream).forEach(EventSubscription::wake));
        this.progress = Thread.ofVirtual().name("event-feed").start(this::handOnProgress);
    }

    /**
     * Begins to read; the caller closes it.
     *
     * @param job only what concerns that job
     * @param after the last event that the reader has, 0 for the beginning of the log; empty for what comes from now on
     * @throws CursorExpiredException when the owner has no such event (any more)
     */
    public EventSubscription subscribe(OwnerId owner, Optional<JobId> job, OptionalLong after) {
        LogPosition start = log.position(owner, after.isPresent() ? after.getAsLong() : log.end(owner));
        EventSubscription reader = new EventSubscription(log, owner, job, start, this::leave);
        readers.computeIfAbsent(owner, _ -> ConcurrentHashMap.newKeySet()).add(reader);
        if (closed) {
            reader.end();
        }
        return reader;
    }

    /** How many read right now. */
    public int readers() {
        return readers.values().stream().mapToInt(Set::size).sum();
    }

    /** Ends every reading. */
    @Override
    public void close() {
        closed = true;
        progress.interrupt();
        readers.values().stream().flatMap(Set::stream).forEach(EventSubscription::end);
    }

    private void leave(EventSubscription reader) {
        readers.computeIfPresent(reader.owner(), (_, others) -> {
            others.remove(reader);
            return others.isEmpty() ? null : others;
        });
    }

    private void handOn(List<Event> events) {
        Map<OwnerId, List<Event>> byOwner = events.stream().collect(Collectors.groupingBy(Event::owner));
        byOwner.forEach((owner, own) -> readers.getOrDefault(owner, Set.of()).forEach(reader -> reader.offer(own)));
    }

    private synchronized void noteProgress(Set<JobId> jobs) {
        if (!readers.isEmpty()) {
            progressed.addAll(jobs);
            notifyAll();
        }
    }

    /** Whose job it is has to be asked, which must not hold up those who bring notices. */
    private void handOnProgress() {
        try {
            while (!closed) {
                owners(takeProgressed())
                        .forEach((job, owner) ->
                                readers.getOrDefault(owner, Set.of()).forEach(reader -> reader.offerProgress(job)));
                TimeUnit.MILLISECONDS.sleep(PROGRESS_EVERY_MILLIS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Set<JobId> takeProgressed() throws InterruptedException {
        while (progressed.isEmpty()) {
            wait();
        }
        Set<JobId> taken = Set.copyOf(progressed);
        progressed.clear();
        return taken;
    }

    private Map<JobId, OwnerId> owners(Collection<JobId> jobs) {
        try {
            return database.withHandle(handle -> owners(handle, jobs));
        } catch (DatabaseUnavailableException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("progress is not told while the database is away");
            return Map.of();
        }
    }

    private static Map<JobId, OwnerId> owners(Handle handle, Collection<JobId> jobs) {
        Map<JobId, OwnerId> owners = new HashMap<>();
        handle.createQuery("SELECT job_id, owner FROM job WHERE job_id = ANY (:jobs)")
                .bindArray("jobs", UUID.class, jobs.stream().map(JobId::value).toArray())
                .map((row, _) ->
                        Map.entry(new JobId(row.getObject("job_id", UUID.class)), new OwnerId(row.getString("owner"))))
                .forEach(entry -> owners.put(entry.getKey(), entry.getValue()));
        return owners;
    }
}
