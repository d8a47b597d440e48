/**
 * Runs ready steps. A dispatcher per queue claims as many as there are free slots; each attempt runs on a thread of its own with a
 * scratch folder that goes with it; the heart reports progress, renews leases and calls off attempts whose lease is gone. An attempt
 * always ends in exactly one recorded outcome, or, when its worker dies, in a lease that runs out.
 */
@NullMarked
package dev.claimcheck.worker;

import org.jspecify.annotations.NullMarked;
