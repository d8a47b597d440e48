package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;

/** Does the work of one kind of step. Stateless and thread-safe. */
@FunctionalInterface
public interface StepHandler {
    /**
     * Runs one attempt. May be called again for the same step after a crash: an attempt owes nothing to an earlier one.
     *
     * @throws InterruptedException when the attempt is called off; every child process has ended by then
     * @throws dev.claimcheck.storage.StorageException and other runtime exceptions count as trouble: retried later
     */
    StepOutcome run(StepWorkspace workspace) throws InterruptedException;
}
