package dev.claimcheck.client;

import java.time.Duration;

/**
 * How long trouble is waited out.
 *
 * @param firstContact while the service has not been reached at all, and where it fails by itself: someone may have mistyped its address
 * @param standstill a connection that takes nothing and says nothing for so long is given up
 */
record Patience(Duration firstContact, Duration standstill) {
    /** Buffers of the system hide a slow line for a while: a slow one must not look like a dead one. */
    static final Patience USUAL = new Patience(Duration.ofSeconds(6), Duration.ofMinutes(3));
}
