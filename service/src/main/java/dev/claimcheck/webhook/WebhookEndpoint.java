package dev.claimcheck.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * Where an owner wants to be told what happens, and how that goes.
 *
 * @param disabledReason why it is switched off, where it was not its owner who did it
 * @param delivered deliveries that succeeded in the last 24 hours
 * @param failed deliveries that were given up in the last 24 hours
 * @param waiting deliveries that will be tried
 * @param secrets that sign, the newest first
 */
public record WebhookEndpoint(
        UUID id,
        WebhookUrl url,
        String description,
        EventFilter filter,
        boolean enabled,
        Optional<String> disabledReason,
        Circuit circuit,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> lastDeliveryAt,
        OptionalInt lastStatusCode,
        long delivered,
        long failed,
        long waiting,
        List<Secret> secrets) {
    /** Whether deliveries are tried. */
    public enum Circuit {
        /** They are. */
        CLOSED,
        /** Too many in a row failed: none is, for a while. */
        OPEN,
        /** The while is over: one at a time is, until one succeeds. */
        HALF_OPEN
    }

    /** A secret, without itself; the newest has no end. */
    public record Secret(Instant createdAt, Optional<Instant> expiresAt) {}

    /** What can be changed; what is empty stays. */
    public record Change(
            Optional<WebhookUrl> url,
            Optional<EventFilter> filter,
            Optional<String> description,
            Optional<Boolean> enabled) {}
}
