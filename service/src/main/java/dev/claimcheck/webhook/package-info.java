/**
 * Tells owners' servers what happens, by HTTP requests that are signed as Standard Webhooks says. It owns the tables {@code webhook_*}.
 *
 * <p>{@link dev.claimcheck.webhook.WebhookFeed} turns the event log into deliveries, exactly once and without a gap: its place in the log moves by the transaction that makes them. {@link
 * dev.claimcheck.webhook.WebhookDispatcher} claims what is due and sends it with {@link dev.claimcheck.webhook.WebhookSender}, {@link dev.claimcheck.webhook.DeliveryOutcomes} records what came of it. A process that dies in the
 * middle leaves a claim that runs out: the receiver may see a delivery twice, with the same id, and never misses one.
 *
 * <p>Of the events of one job only the earliest that waits for an endpoint is due there; each that ends makes the next one due. An endpoint that fails again and again is left alone for a while (the circuit is open), then tried
 * with one delivery at a time; one that fails for days is switched off, and its owner told so in the log.
 *
 * <p>Requests go only to addresses that {@link dev.claimcheck.webhook.AddressPolicy} allows, which is asked when a connection is made, about the very address that is then connected to.
 */
@NullMarked
package dev.claimcheck.webhook;

import org.jspecify.annotations.NullMarked;
