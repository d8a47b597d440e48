package dev.claimcheck.events;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One reader's way through the log: from the database until it has caught up, then from memory. For one reading thread; offers come from others. */
public final class EventSubscription implements AutoCloseable {
    private static final int MOST_WAITING = 512;
    private static final int PAGE = 500;

    private final EventLog log;
    private final OwnerId owner;
    private final Optional<JobId> job;
    private final Consumer<EventSubscription> leave;

    /** The last event that was handed out. Only the reading thread uses it. */
    private LogPosition position;

    private final ArrayDeque<Event> waiting = new ArrayDeque<>();
    private final Set<JobId> progressed = new LinkedHashSet<>();
    /** Whether events may be in the log that are neither handed out nor waiting here. */
    private boolean behind = true;

    private boolean ended;

    EventSubscription(
            EventLog log, OwnerId owner, Optional<JobId> job, LogPosition start, Consumer<EventSubscription> leave) {
        this.log = log;
        this.owner = owner;
        this.job = job;
        this.position = start;
        this.leave = leave;
    }

    /**
     * What came.
     *
     * @param events in the log's order, each handed out once
     * @param progressed jobs that came further, which is not logged
     * @param ended whether there will be nothing more, as the service stops
     */
    public record Batch(List<Event> events, Set<JobId> progressed, boolean ended) {
        /** Whether nothing came. */
        public boolean isEmpty() {
            return events.isEmpty() && progressed.isEmpty();
        }
    }

    OwnerId owner() {
        return owner;
    }

    /**
     * Waits for what comes next, at most so long.
     *
     * @throws dev.claimcheck.database.DatabaseUnavailableException when the log cannot be read now; calling again goes on where it stopped
     */
    public Batch next(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            synchronized (this) {
                while (!behind && waiting.isEmpty() && progressed.isEmpty() && !ended) {
                    long left = deadline - System.nanoTime();
                    if (left <= 0) {
                        return new Batch(List.of(), Set.of(), false);
                    }
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
                if (ended) {
                    return new Batch(List.of(), Set.of(), true);
                }
                if (!behind) {
                    return taken();
                }
                // From here on offers are kept: what the log shows next and what is offered meanwhile overlap, never
                // leave a hole.
                behind = false;
                waiting.clear();
            }
            List<Event> read = readOn();
            if (!read.isEmpty()) {
                return new Batch(read, Set.of(), false);
            }
        }
    }

    private List<Event> readOn() {
        try {
            List<Event> page = log.after(owner, job, position, PAGE);
            if (!page.isEmpty()) {
                position = page.getLast().position();
            }
            if (page.size() == PAGE) {
                fallBehind();
            }
            return page;
        } catch (RuntimeException e) {
            fallBehind();
            throw e;
        }
    }

    private Batch taken() {
        List<Event> events = new ArrayList<>();
        for (Event event : waiting) {
            if (event.position().compareTo(position) > 0) {
                position = event.position();
                events.add(event);
            }
        }
        waiting.clear();
        Set<JobId> jobs = Set.copyOf(progressed);
        progressed.clear();
        return new Batch(events, jobs, false);
    }

    synchronized void offer(List<Event> events) {
        for (Event event : events) {
            if (job.isPresent() && !job.get().equals(event.job())) {
                continue;
            }
            if (waiting.size() >= MOST_WAITING) {
                fallBehind();
            }
            if (!behind) {
                waiting.add(event);
            }
        }
        notifyAll();
    }

    synchronized void offerProgress(JobId other) {
        if (job.isEmpty() || job.get().equals(other)) {
            progressed.add(other);
            notifyAll();
        }
    }

    /** Notices were lost: the log knows. */
    synchronized void wake() {
        fallBehind();
        notifyAll();
    }

    synchronized void end() {
        ended = true;
        notifyAll();
    }

    private synchronized void fallBehind() {
        behind = true;
        waiting.clear();
    }

    @Override
    public void close() {
        leave.accept(this);
    }
}
