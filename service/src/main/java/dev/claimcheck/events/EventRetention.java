package dev.claimcheck.events;

import dev.claimcheck.database.PeriodicWork;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clears old events away, a few thousand at once, so that nobody waits for it. Safe to run in several processes at once. */
public final class EventRetention implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventRetention.class);
    private static final Duration LOOK_EVERY = Duration.ofMinutes(10);
    private static final Duration BREATHE = Duration.ofMillis(100);

    private final EventLog log;
    private final Duration age;
    private final PeriodicWork work;
    private int cleared;

    /** Starts; events older than {@code age} go. */
    public EventRetention(EventLog log, Duration age) {
        this.log = log;
        this.age = age;
        this.work = new PeriodicWork("event-retention", Duration.ZERO, this::round);
    }

    @Override
    public void close() {
        work.close();
    }

    private Duration round() {
        cleared = 0;
        PeriodicWork.attempt(LOG, "old events stay until the next look", () -> cleared = log.prune(age));
        return cleared > 0 ? BREATHE : LOOK_EVERY;
    }
}
