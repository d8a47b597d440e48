package dev.claimcheck.job;

/**
 * The right of one attempt to end a step. The attempt is the fencing token: it grows with every hand-out, and the outcome of an
 * older one is refused.
 */
public record Lease(long stepId, int attempt) {}
