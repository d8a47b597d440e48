package dev.claimcheck.worker;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.pipeline.StepHandler;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one attempt from its claim to its recorded outcome. */
final class StepRunner {
    private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);

    private final Map<String, StepHandler> handlers;
    private final StepOutcomes outcomes;
    private final Leases leases;
    private final JobQueries jobs;
    private final ObjectStore store;
    private final Path scratchRoot;
    private final Duration leaseDuration;

    StepRunner(
            Map<String, StepHandler> handlers,
            StepOutcomes outcomes,
            Leases leases,
            JobQueries jobs,
            ObjectStore store,
            Path scratchRoot,
            Duration leaseDuration) {
        this.handlers = Map.copyOf(handlers);
        this.outcomes = outcomes;
        this.leases = leases;
        this.jobs = jobs;
        this.store = store;
        this.scratchRoot = scratchRoot;
        this.leaseDuration = leaseDuration;
    }

    void run(Attempt attempt) {
        long began = System.nanoTime();
        StepOutcome outcome = work(attempt);
        attempt.workEnded();
        boolean recorded = record(attempt, outcome);
        LOG.atInfo()
                .addKeyValue("job_id", attempt.step().jobId())
                .addKeyValue("step", attempt.step().name())
                .addKeyValue("attempt", attempt.step().lease().attempt())
                .addKeyValue("outcome", outcome.getClass().getSimpleName())
                .addKeyValue("recorded", recorded)
                .addKeyValue("millis", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began))
                .log("step ended");
    }

    private StepOutcome work(Attempt attempt) {
        LeasedStep step = attempt.step();
        StepHandler handler = handlers.get(step.kind());
        if (handler == null) {
            return new StepOutcome.RetryLater(new StepError(
                    "unknown_step",
                    "This version does not know how to do a part of the work. It is tried again later.",
                    step.kind()));
        }
        try (AttemptWorkspace workspace = new AttemptWorkspace(attempt, scratchRoot, store, jobs)) {
            return handler.run(workspace);
        } catch (InterruptedException _) {
            return new StepOutcome.Cancelled();
        } catch (StorageFullException e) {
            return trouble(step, "storage_full", "The storage is full. It is tried again when there is space.", e);
        } catch (StorageException e) {
            return trouble(step, "storage_trouble", "The storage did not answer as it should. It is tried again.", e);
        } catch (RuntimeException e) {
            return trouble(step, "internal_trouble", "Something around the video went wrong. It is tried again.", e);
        }
    }

    private static StepOutcome trouble(LeasedStep step, String code, String message, RuntimeException cause) {
        LOG.atWarn()
                .setCause(cause)
                .addKeyValue("job_id", step.jobId())
                .addKeyValue("step", step.name())
                .log("an attempt ran into trouble; the step is tried again after a back-off");
        return new StepOutcome.RetryLater(
                new StepError(code, message, cause.getClass().getSimpleName() + ": " + cause.getMessage()));
    }

    /** Records the outcome; while the database is away, again and again until the lease must have run out. */
    private boolean record(Attempt attempt, StepOutcome outcome) {
        LeasedStep step = attempt.step();
        boolean recorded = switch (outcome) {
            case StepOutcome.Succeeded succeeded -> persistently(() -> outcomes.complete(step, succeeded));
            case StepOutcome.RetryLater later -> persistently(() -> outcomes.retryLater(step, later.error()));
            case StepOutcome.MadeBadly badly -> persistently(() -> outcomes.makeAgain(step, badly));
            case StepOutcome.FailedForGood failed -> persistently(() -> outcomes.failForGood(step, failed.error()));
            case StepOutcome.Cancelled _ ->
                attempt.wasHandedBack()
                        && persistently(() -> {
                            leases.release(step.lease());
                            return true;
                        });
        };
        if (!recorded) {
            sweepOutputs(step);
        }
        return recorded;
    }

    /** What a refused attempt wrote is nobody's: its keys carry its own number. */
    private void sweepOutputs(LeasedStep step) {
        try {
            store.deletePrefix(step.outputPrefix());
        } catch (StorageException e) {
            LOG.atWarn()
                    .setCause(e)
                    .addKeyValue("prefix", step.outputPrefix())
                    .log("outputs of a lost attempt stay until the sweeper takes them");
        }
    }

    private boolean persistently(BooleanSupplier recording) {
        long deadline = System.nanoTime() + leaseDuration.toNanos();
        for (long pause = 50; ; pause = Math.min(pause * 2, 2_000)) {
            try {
                return recording.getAsBoolean();
            } catch (DatabaseUnavailableException e) {
                if (System.nanoTime() > deadline || !paused(pause)) {
                    LOG.atError()
                            .setCause(e)
                            .log("an outcome could not be recorded; the step is done again when its lease has run out");
                    return false;
                }
            } catch (RuntimeException e) {
                LOG.atError()
                        .setCause(e)
                        .log("an outcome could not be recorded; the step is done again when its lease has run out");
                return false;
            }
        }
    }

    private static boolean paused(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
            return true;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
