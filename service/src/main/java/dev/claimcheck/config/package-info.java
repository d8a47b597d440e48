/**
 * Configuration: immutable records read once at start from flags, the environment, {@code claimcheck.yaml} and defaults, in this
 * order. Every fault of every source is reported at once, with the key, what is wrong with its value and an example; the value of
 * a secret is never repeated. A service with faulty configuration does not start.
 */
@NullMarked
package dev.claimcheck.config;

import org.jspecify.annotations.NullMarked;
