package dev.claimcheck.client;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterators;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Events one after the other, as they happen. {@link #hasNext} blocks until there is one, through restarts of the service and broken lines; it is false when the
 * follower was closed, its thread was interrupted (the interrupt stands), or its job has ended. Iterate in one thread; {@link #close} may come from any.
 */
public final class EventFollower implements Iterator<Event>, AutoCloseable {
    private static final int PAGE = 500;
    private static final Duration WAIT = Duration.ofSeconds(20);

    private final Events events;
    private final Optional<String> jobId;
    private final Deque<Event> fetched = new ArrayDeque<>();
    private String behind;
    private volatile String cursor;
    private boolean ended;
    private volatile boolean closed;

    EventFollower(Events events, String after, Optional<String> jobId) {
        this.events = events;
        this.behind = after;
        this.cursor = after;
        this.jobId = jobId;
    }

    /**
     * @throws ClaimcheckException where the service refuses, such as {@code cursor_expired} or {@code unauthorized}
     */
    @Override
    public boolean hasNext() {
        PollingSchedule schedule = new PollingSchedule(ThreadLocalRandom.current());
        while (fetched.isEmpty() && !ended && !closed) {
            try {
                try {
                    Events.Page page = events.page(behind, jobId, PAGE, WAIT);
                    fetched.addAll(page.events());
                    behind = page.next();
                } catch (ClaimcheckException e) {
                    if (!e.isPassing()) {
                        throw e;
                    }
                    TimeUnit.MILLISECONDS.sleep(
                            schedule.afterError(e.retryAfter()).toMillis());
                }
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !fetched.isEmpty() && !closed;
    }

    @Override
    public Event next() {
        if (!hasNext()) {
            throw new NoSuchElementException("there are no more events");
        }
        Event event = fetched.remove();
        cursor = event.id();
        ended = jobId.isPresent() && event.isEndOfJob();
        return event;
    }

    /** The id of the last event that {@link #next} gave, or where the follower began. Keep it to go on from there with {@link Events#iterate}. */
    public String cursor() {
        return cursor;
    }

    /** The events as a stream without an end, or to the end of the job. */
    public Stream<Event> stream() {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(this, 0), false)
                .onClose(this::close);
    }

    /** Ends it; a request that waits ends within 20 s. */
    @Override
    public void close() {
        closed = true;
    }
}
