package dev.claimcheck.webhook;

import java.time.Duration;

/**
 * How webhooks are sent.
 *
 * @param allowPrivate whether endpoints may have private addresses, plain http and any port
 * @param timeout of one try, from the look-up of the name to the end of the answer
 * @param baseDelay the n-th retry waits up to this × 2^n
 * @param giveUpAfter how long a delivery is tried
 * @param disableAfter how long an endpoint may fail without one success before it is switched off
 * @param retention how long deliveries that have ended are kept
 * @param concurrency deliveries to one endpoint at once, over all processes
 */
public record WebhookSettings(
        boolean allowPrivate,
        Duration timeout,
        Duration baseDelay,
        Duration giveUpAfter,
        Duration disableAfter,
        Duration retention,
        int concurrency) {}
