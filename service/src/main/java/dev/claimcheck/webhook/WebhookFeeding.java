package dev.claimcheck.webhook;

import dev.claimcheck.database.DatabaseUnavailableException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds deliveries whenever something was logged, at least once a second, and looks after old ones now and then. */
final class WebhookFeeding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookFeeding.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    private static final Duration LOOK_AFTER_OLD = Duration.ofSeconds(15);

    private final WebhookFeed feed;
    private final DeliveryRetention retention;
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    WebhookFeeding(WebhookFeed feed, DeliveryRetention retention) {
        this.feed = feed;
        this.retention = retention;
        this.thread = Thread.ofVirtual().name("webhook-feed").start(this::run);
    }

    /** Something was logged. */
    void wake() {
        wake.release();
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
        long next = System.nanoTime();
        try {
            while (!closed) {
                try {
                    feed.feed();
                    if (System.nanoTime() - next >= 0 && !retention.run()) {
                        next = System.nanoTime() + LOOK_AFTER_OLD.toNanos();
                    }
                } catch (DatabaseUnavailableException e) {
                    LOG.atDebug()
                            .addKeyValue("cause", e.getMessage())
                            .log("webhooks are fed when the database is back");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("webhooks are fed at the next look; nothing is skipped");
                }
                if (wake.tryAcquire(LONGEST_SILENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
