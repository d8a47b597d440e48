package dev.claimcheck.events;

import dev.claimcheck.database.DatabaseUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears old events away, a few thousand at once, so that nobody waits for it. Safe to run in several processes at once. */
public final class EventRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);

    private final EventLog log;
    private final Duration age;
    private final Semaphore stopped = new Semaphore(0);
    private final Thread thread;

    /** Starts; events older than {@code age} go. */
    public EventRetention(EventLog log, Duration age) {
        this.log = log;
        this.age = age;
        this.thread = Thread.ofVirtual().name("event-retention").start(this::run);
    }

    @Override
    public void close() {
        stopped.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        Duration pause = Duration.ZERO;
        try {
            while (!stopped.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                pause = cleared() > 0 ? Duration.ofMillis(100) : LOOK_EVERY;
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private int cleared() {
        try {
            return log.prune(age);
        } catch (DatabaseUnavailableException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("old events stay until the next look");
            return 0;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("old events stay until the next look");
            return 0;
        }
    }
}
