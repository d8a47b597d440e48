package dev.claimcheck.worker;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.estimate.WorkRecorder;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.pipeline.StepHandler;
import dev.claimcheck.queue.StepQueue;
import dev.claimcheck.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker role of a process: a {@link Worker}, the reaper of expired leases, and the ear for cancellations. Thread-safe. */
public final class WorkerRole implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerRole.class);
    private static final Duration REAP_EVERY = Duration.ofMillis(500);

    private final Settings settings;
    private final Leases leases;
    private final WorkerRegistry registry;
    private final Worker worker;
    private final Semaphore stopped = new Semaphore(0);
    private final Thread reaper;
    private long beaten;
    private volatile boolean leaving;

    /** How the worker behaves. */
    public record Settings(
            String name,
            String host,
            Map<QueueName, Integer> concurrency,
            Path scratch,
            Duration leaseDuration,
            Duration renewEvery,
            Duration drainGrace) {}

    /**
     * Starts working. What an earlier life of the same name held is given back first: the caller holds the data folder's lock, so
     * that life is over.
     */
    public WorkerRole(
            Settings settings,
            StepQueue queue,
            Notifications notifications,
            Leases leases,
            WorkerRegistry registry,
            WorkRecorder recorder,
            StepOutcomes outcomes,
            JobQueries jobs,
            ObjectStore store,
            Map<String, StepHandler> handlers) {
        this.settings = settings;
        this.leases = leases;
        this.registry = registry;
        Path scratch = settings.scratch();
        AttemptWorkspace.deleteTree(scratch);
        int returned = leases.releaseAll(settings.name());
        if (returned > 0) {
            LOG.atInfo().addKeyValue("steps", returned).log("steps of an earlier life go back to the queue");
        }
        leases.failLostTooOften();
        registry.enter(settings.name(), settings.host(), settings.concurrency());
        beaten = System.nanoTime();
        StepRunner runner =
                new StepRunner(handlers, outcomes, leases, jobs, recorder, store, scratch, settings.leaseDuration());
        this.worker = new Worker(
                settings.name(),
                settings.concurrency(),
                queue,
                leases,
                runner,
                settings.renewEvery(),
                settings.drainGrace());
        notifications.listen("claimcheck_cancel", id -> JobId.parse(id).ifPresent(worker::callOff));
        this.reaper = Thread.ofVirtual().name("reaper").start(this::reap);
    }

    /** Whether it takes work. */
    public boolean isRunning() {
        return worker.isRunning();
    }

    @Override
    public void close() {
        leave();
        worker.close();
        stopped.release();
        try {
            reaper.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void beat() {
        if (!leaving && System.nanoTime() - beaten >= settings.renewEvery().toNanos()) {
            registry.beat(settings.name(), settings.host(), settings.concurrency());
            beaten = System.nanoTime();
        }
    }

    /** Draining, it takes no more steps. Where that cannot be said, it shows when its time has run out. */
    private void leave() {
        leaving = true;
        try {
            registry.leave(settings.name());
        } catch (RuntimeException e) {
            LOG.atDebug().addKeyValue("cause", e.toString()).log("the worker's row stays until its time has run out");
        }
    }

    private void reap() {
        try {
            while (!stopped.tryAcquire(REAP_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                reapOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void reapOnce() {
        try {
            if (leases.isAnyDue()) {
                leases.promoteDue();
                int expired = leases.reapExpired();
                if (expired > 0) {
                    LOG.atWarn().addKeyValue("steps", expired).log("leases ran out; their steps are handed out again");
                }
            }
            beat();
        } catch (DatabaseUnavailableException e) {
            LOG.atDebug().addKeyValue("cause", e.getMessage()).log("the reaper waits for the database");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the reaper failed; expired leases and due retries wait until it succeeds");
        }
    }
}
