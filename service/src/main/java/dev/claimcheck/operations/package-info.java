/**
 * What keeps a running service clean and observable: the sweeper of unwanted objects; what operators look at (queues, workers, storage, owners) and how well the service does ({@link Degradation}); the steps that
 * have failed for good ({@link DeadLetters}). The history of the queues is sampled by one process at a time.
 */
@NullMarked
package dev.claimcheck.operations;

import org.jspecify.annotations.NullMarked;
