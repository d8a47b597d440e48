package dev.claimcheck.events;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.database.Notifications;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole log as it grows, once per process, and tells listeners: at each notice, and at least once a second. It never skips an event: after an outage it goes on where it stopped. Thread-safe; listeners are
 * called on one thread and must be quick.
 */
public final class EventTail implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventTail.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    private static final int PAGE = 5_000;

    private final EventLog log;
    private final List<Consumer<List<Event>>> listeners = new CopyOnWriteArrayList<>();
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean reading;
    private volatile boolean closed;

    /** Starts to read at the log's present end. */
    public EventTail(EventLog log, Notifications notifications) {
        this.log = log;
        notifications.listen("claimcheck_events", _ -> wake.release());
        notifications.onGap(wake::release);
        this.thread = Thread.ofVirtual().name("event-tail").start(this::run);
    }

    /** Calls {@code listener} with events in the log's order, soon after their commit. */
    public void subscribe(Consumer<List<Event>> listener) {
        listeners.add(listener);
    }

    /** Whether everything that the log shows has been told. */
    public boolean current() {
        return reading;
    }

    @Override
    public void close() {
        closed = true;
        wake.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Optional<LogPosition> position = Optional.empty();
        while (!closed) {
            try {
                LogPosition place = position.isPresent() ? position.get() : log.end();
                position = Optional.of(place);
                List<Event> page;
                do {
                    page = log.after(place, PAGE);
                    if (!page.isEmpty()) {
                        place = page.getLast().position();
                        position = Optional.of(place);
                        tell(page);
                    }
                } while (page.size() == PAGE && !closed);
                reading = true;
            } catch (DatabaseUnavailableException e) {
                if (reading) {
                    LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("the event log cannot be read; caches are bypassed until it can");
                }
                reading = false;
            } catch (RuntimeException e) {
                reading = false;
                LOG.atError().setCause(e).log("the event log cannot be read; caches are bypassed until it can");
            }
            pause();
        }
    }

    private void tell(List<Event> page) {
        listeners.forEach(listener -> listener.accept(page));
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
}
