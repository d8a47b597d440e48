package dev.claimcheck.queue;

import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.QueueName;
import java.time.Duration;
import java.util.List;

/** Hands ready steps to workers, each under a lease. Thread-safe. */
public interface StepQueue {
    /**
     * Takes up to {@code limit} steps in the order of the queue, without waiting. Each comes with a lease of its own that ends
     * unless it is renewed.
     *
     * @throws dev.claimcheck.database.DatabaseUnavailableException when the database is away; then nothing was taken
     */
    List<LeasedStep> claim(QueueName queue, String worker, int limit);

    /**
     * Waits until a step may have become ready in {@code queue}, at most {@code timeout}. May return early or for nothing; may
     * not miss an arrival between a {@link #claim} that found nothing and this call.
     */
    void awaitWork(QueueName queue, Duration timeout) throws InterruptedException;
}
