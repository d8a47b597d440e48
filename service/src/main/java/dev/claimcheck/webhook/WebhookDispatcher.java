package dev.claimcheck.webhook;

import dev.claimcheck.database.DatabaseUnavailableException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, each delivery on a virtual thread of its own; endpoints that are slow hold up only themselves, as none gets more than its share. Safe to run in several processes at once.
 */
final class WebhookDispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookDispatcher.class);
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_PER_CLAIM = 100;
    /** Longer than that nobody waits: notices may be lost. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(2);

    private final DeliveryQueue queue;
    private final WebhookSecrets secrets;
    private final WebhookSender sender;
    private final DeliveryOutcomes outcomes;
    private final InstantSource clock;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final Semaphore wake = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closed;

    WebhookDispatcher(
            DeliveryQueue queue,
            WebhookSecrets secrets,
            WebhookSender sender,
            DeliveryOutcomes outcomes,
            InstantSource clock) {
        this.queue = queue;
        this.secrets = secrets;
        this.sender = sender;
        this.outcomes = outcomes;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("webhook-dispatcher").start(this::run);
    }

    /** Something may have become due. */
    void wake() {
        wake.release();
    }

    /** Takes nothing more on and waits for what is on its way, which takes no longer than one timeout. */
    @Override
    public void close() {
        closed = true;
        wake.release();
        try {
            thread.join();
            free.acquire(MOST_AT_ONCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        boolean released = false;
        try {
            while (!closed) {
                Duration pause = LONGEST_SILENCE;
                try {
                    if (!released) {
                        queue.releaseAll();
                        released = true;
                    }
                    pause = sendDue();
                } catch (DatabaseUnavailableException e) {
                    LOG.atDebug().addKeyValue("cause", e.getMessage()).log("webhooks wait for the database");
                } catch (RuntimeException e) {
                    LOG.atError().setCause(e).log("webhooks wait until the next look");
                }
                if (wake.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    wake.drainPermits();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Begins to send what is due; gives how long nothing more will be, unless something happens. */
    private Duration sendDue() throws InterruptedException {
        int room = Math.min(free.availablePermits(), MOST_PER_CLAIM);
        if (room == 0) {
            return LONGEST_SILENCE; // Each that ends wakes us.
        }
        List<ClaimedDelivery> claimed = queue.claim(room);
        for (ClaimedDelivery delivery : claimed) {
            free.acquire();
            Thread.ofVirtual().name("webhook").start(() -> deliver(delivery));
        }
        return claimed.size() == room ? Duration.ZERO : queue.untilNext(LONGEST_SILENCE);
    }

    private void deliver(ClaimedDelivery delivery) {
        try {
            record(delivery, attempt(delivery));
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("delivery", delivery.id())
                    .log("a webhook is tried again when its claim has run out");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            free.release();
            wake.release();
        }
    }

    private DeliveryOutcomes.Attempt attempt(ClaimedDelivery delivery) {
        Instant at = clock.instant();
        long began = System.nanoTime();
        String body = delivery.body();
        Map<String, String> headers =
                secrets.sign(delivery.endpoint(), delivery.secrets(), delivery.messageId(), at, body);
        AttemptResult result = sender.send(delivery.url(), headers, body);
        return new DeliveryOutcomes.Attempt(at, Duration.ofNanos(System.nanoTime() - began), headers, result);
    }

    /** What the receiver has answered must not be forgotten because the database is away for a moment; beyond that it is told again, with the same id. */
    private void record(ClaimedDelivery delivery, DeliveryOutcomes.Attempt attempt) throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try {
                outcomes.record(delivery, attempt);
                return;
            } catch (DatabaseUnavailableException e) {
                if (tries == 10 || closed) {
                    throw e;
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }
}
