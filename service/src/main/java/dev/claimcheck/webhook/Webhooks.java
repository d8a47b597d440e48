package dev.claimcheck.webhook;

import dev.claimcheck.access.SealedSecrets;
import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.events.EventTail;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import javax.net.ssl.SSLContext;

/** Webhooks, put together: what owners may do with them, and what runs by itself once started. Thread-safe. */
public final class Webhooks {
    /** A try is over by its timeout; what is beyond is for recording it. */
    private static final Duration RECORDING = Duration.ofSeconds(30);

    private static final Duration LOOKUP = Duration.ofSeconds(5);

    private final Database database;
    private final Notifications notifications;
    private final EventTail tail;
    private final WebhookSettings settings;
    private final String process;
    private final InstantSource clock;
    private final WebhookSecrets secrets;

    /** @param process tells this process apart from all others, also after a restart */
    public Webhooks(
            Database database,
            Notifications notifications,
            EventTail tail,
            WebhookSettings settings,
            String process,
            InstantSource clock) {
        this.database = database;
        this.notifications = notifications;
        this.tail = tail;
        this.settings = settings;
        this.process = process;
        this.clock = clock;
        this.secrets = new WebhookSecrets(SealedSecrets.open(database, "webhooks"));
    }

    /** Owners' endpoints. */
    public WebhookEndpoints endpoints() {
        return new WebhookEndpoints(database, secrets, clock);
    }

    /** Their deliveries. */
    public WebhookDeliveries deliveries() {
        return new WebhookDeliveries(database, settings.giveUpAfter());
    }

    /**
     * A URL that an endpoint may have here.
     *
     * @throws InvalidWebhookException with what is wrong
     */
    public WebhookUrl url(String text) {
        return WebhookUrl.parse(text, settings.allowPrivate());
    }

    /** Starts to feed and to send; the caller closes it. */
    public AutoCloseable start() {
        AddressPolicy policy = settings.allowPrivate() ? AddressPolicy.PUBLIC_AND_PRIVATE : AddressPolicy.PUBLIC;
        WebhookSender sender = new WebhookSender(
                new CheckedResolver(new SystemLookup(LOOKUP), policy), tls(), settings.timeout(), clock);
        WebhookDispatcher dispatcher = new WebhookDispatcher(
                new DeliveryQueue(
                        database,
                        process,
                        settings.concurrency(),
                        settings.timeout().plus(RECORDING)),
                secrets,
                sender,
                new DeliveryOutcomes(
                        database,
                        new BackOff(settings.baseDelay()),
                        settings.disableAfter(),
                        new SecureRandom(),
                        clock),
                clock);
        notifications.listen(DeliveryQueue.CHANNEL, _ -> dispatcher.wake());
        WebhookFeeding feeding = new WebhookFeeding(
                new WebhookFeed(database, settings.giveUpAfter()),
                new DeliveryRetention(database, settings.retention()));
        tail.subscribe(_ -> feeding.wake());
        return () -> {
            feeding.close();
            dispatcher.close();
            sender.close();
        };
    }

    private static SSLContext tls() {
        try {
            return SSLContext.getDefault();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }
}
