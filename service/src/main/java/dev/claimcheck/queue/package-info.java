/**
 * How ready steps reach workers. {@link dev.claimcheck.queue.StepQueue} is the port; the Postgres adapter needs nothing else, and
 * message brokers join later by carrying references from the same ordered backlog. Order within a queue: priority class, then
 * start-time fair queueing per owner in predicted compute-seconds. Delivery is at least once: a step whose worker vanished is
 * handed out again with a higher attempt.
 */
@NullMarked
package dev.claimcheck.queue;

import org.jspecify.annotations.NullMarked;
