package dev.claimcheck.database;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;

/**
 * Has callers wait for a connection, about in the order they came, as long as the database answers: a burst of a thousand uploads is work to do, not an outage. While
 * the database is away nobody waits long. The pool alone cannot tell the two apart. Thread-safe.
 */
final class ConnectionQueue {
    /** Nobody waits longer than one round while the database is away. */
    private static final Duration ROUND = Duration.ofSeconds(5);

    private static final int ROUNDS = 6;

    private final Semaphore free;
    private volatile boolean away;

    ConnectionQueue(int connections) {
        this.free = new Semaphore(connections, true);
    }

    /**
     * Runs the work when a connection is free for it. It must not ask for another connection meanwhile.
     *
     * @throws DatabaseUnavailableException when none was in time
     */
    <T> T run(Supplier<T> work) {
        await();
        try {
            T result = work.get();
            away = false;
            return result;
        } catch (ConnectionException e) {
            away = true;
            throw e;
        } finally {
            free.release();
        }
    }

    private void await() {
        try {
            for (int round = 1; !free.tryAcquire(ROUND.toMillis(), TimeUnit.MILLISECONDS); round++) {
                if (away || round == ROUNDS) {
                    throw new DatabaseUnavailableException(
                            away ? "the database is away" : "the database is too busy", null);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DatabaseUnavailableException("interrupted while waiting for a connection", e);
        }
    }
}
