package dev.claimcheck.database;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;

/**
 * Work that is done again and again on a virtual thread of its own, until it is closed. Trouble with a part of it is logged with its consequence (an outage of the database quietly), and neither ends the work nor keeps the other parts from being done. Thread-safe.
 */
public final class PeriodicWork implements AutoCloseable {
    private final Semaphore wake = new Semaphore(0);
    private final Round round;
    private final Thread thread;
    private volatile boolean closed;

    /** Does what is to be done now, and gives how long to wait until the next time. */
    @FunctionalInterface
    public interface Round {
        Duration run();
    }

    /**
     * Starts.
     *
     * @param first how long to wait before the first round
     */
    public PeriodicWork(String name, Duration first, Round round) {
        this.round = round;
        this.thread = Thread.ofVirtual().name(name).start(() -> run(first));
    }

    /** Begins the next round at once. */
    public void wake() {
        wake.release();
    }

    /** Waits for the round that is being done; there is none after it. */
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

    /**
     * Does a part of a round; gives whether it went well.
     *
     * @param consequence what it means for others when it does not
     * @param expected what may happen besides an outage of the database without a fault of ours
     */
    public static boolean attempt(Logger log, String consequence, Predicate<RuntimeException> expected, Runnable part) {
        try {
            part.run();
            return true;
        } catch (RuntimeException e) {
            if (e instanceof DatabaseUnavailableException) {
                // That it is away is said once for all, by who tails the log; everybody else would say it every second.
                log.atDebug().addKeyValue("cause", e.getMessage()).log(consequence);
            } else if (expected.test(e)) {
                log.atWarn().addKeyValue("cause", e.getMessage()).log(consequence);
            } else {
                log.atError().setCause(e).log(consequence);
            }
            return false;
        }
    }

    /** As {@link #attempt(Logger, String, Predicate, Runnable)}, where nothing else is expected. */
    public static boolean attempt(Logger log, String consequence, Runnable part) {
        return attempt(log, consequence, _ -> false, part);
    }

    private void run(Duration first) {
        Duration pause = first;
        try {
            while (true) {
                if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
                if (closed) {
                    return;
                }
                pause = round.run();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
