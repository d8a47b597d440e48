package dev.claimcheck.webhook;

import dev.claimcheck.database.PeriodicWork;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Feeds deliveries whenever something was logged, at least once a second, and looks after old ones now and then. */
final class WebhookFeeding implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookFeeding.class);
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(1);
    private static final Duration LOOK_AFTER_OLD = Duration.ofSeconds(15);

    private final WebhookFeed feed;
    private final DeliveryRetention retention;
    private final PeriodicWork work;
    private long nextLook = System.nanoTime();

    WebhookFeeding(WebhookFeed feed, DeliveryRetention retention) {
        this.feed = feed;
        this.retention = retention;
        this.work = new PeriodicWork("webhook-feed", Duration.ZERO, this::round);
    }

    /** Something was logged. */
    void wake() {
        work.wake();
    }

    @Override
    public void close() {
        work.close();
    }

    private Duration round() {
        PeriodicWork.attempt(LOG, "webhooks are fed at the next look; nothing is skipped", feed::feed);
        if (System.nanoTime() - nextLook >= 0) {
            PeriodicWork.attempt(LOG, "old webhook deliveries are looked after in a moment", this::lookAfterOld);
        }
        return LONGEST_SILENCE;
    }

    private void lookAfterOld() {
        if (!retention.run()) {
            nextLook = System.nanoTime() + LOOK_AFTER_OLD.toNanos();
        }
    }
}
