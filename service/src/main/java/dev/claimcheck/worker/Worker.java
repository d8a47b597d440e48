package dev.claimcheck.worker;

import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.Lease;
import dev.claimcheck.job.LeaseReport;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.queue.StepQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims steps and runs them, with a heart that keeps their leases. Thread-safe. */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration FALLBACK_POLL = Duration.ofSeconds(5);
    private static final Duration HEARTBEAT = Duration.ofSeconds(1);

    private final String name;
    private final Map<QueueName, Integer> concurrency;
    private final StepQueue queue;
    private final Leases leases;
    private final StepRunner runner;
    private final Duration renewEvery;
    private final Duration drainGrace;
    private final Map<Lease, Attempt> running = new ConcurrentHashMap<>();
    private final List<Thread> dispatchers = new ArrayList<>();
    private final Semaphore stopped = new Semaphore(0);
    private final Thread heart;
    private volatile boolean draining;

    /**
     * Starts the worker.
     *
     * @param name of this worker, the same after each restart on the same data folder, and nobody else's
     */
    Worker(
            String name,
            Map<QueueName, Integer> concurrency,
            StepQueue queue,
            Leases leases,
            StepRunner runner,
            Duration renewEvery,
            Duration drainGrace) {
        this.name = name;
        this.concurrency = Map.copyOf(concurrency);
        this.queue = queue;
        this.leases = leases;
        this.runner = runner;
        this.renewEvery = renewEvery;
        this.drainGrace = drainGrace;
        this.concurrency.forEach((which, slots) -> dispatchers.add(
                Thread.ofVirtual().name("dispatch-" + which.wireName()).start(() -> dispatch(which, slots))));
        this.heart = Thread.ofVirtual().name("worker-heart").start(this::beat);
    }

    /** Ends every attempt at that job now; its lease is already gone. */
    public void callOff(JobId job) {
        running.values().stream()
                .filter(attempt -> attempt.step().jobId().equals(job))
                .forEach(Attempt::callOff);
    }

    /** Whether the worker takes work. */
    public boolean isRunning() {
        return !draining;
    }

    /** Drains: claims no more, gives running steps a grace period, then hands them back to the queue at once. */
    @Override
    public void close() {
        draining = true;
        dispatchers.forEach(Thread::interrupt);
        try {
            for (Thread dispatcher : dispatchers) {
                dispatcher.join();
            }
            awaitIdle(drainGrace);
            running.values().forEach(Attempt::handBack);
            awaitIdle(Duration.ofSeconds(10));
            stopped.release();
            heart.join();
        } catch (InterruptedException _) {
            running.values().forEach(Attempt::handBack);
            stopped.release();
            Thread.currentThread().interrupt();
        }
    }

    private void awaitIdle(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!running.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private void dispatch(QueueName which, int slots) {
        Semaphore free = new Semaphore(slots);
        try {
            while (!draining) {
                free.acquire();
                int room = 1 + free.drainPermits();
                List<LeasedStep> claimed = claim(which, room);
                free.release(room - claimed.size());
                claimed.forEach(step -> start(step, free));
                if (claimed.isEmpty()) {
                    queue.awaitWork(which, FALLBACK_POLL);
                }
            }
        } catch (InterruptedException _) {
            // Draining; nothing is claimed that was not started.
        }
    }

    /** Claims without being interruptible: a claim cut off in the middle would leave steps leased that nobody runs. */
    private List<LeasedStep> claim(QueueName which, int room) throws InterruptedException {
        boolean interrupted = Thread.interrupted();
        if (interrupted || draining) {
            throw new InterruptedException();
        }
        try {
            return queue.claim(which, name, room);
        } catch (DatabaseUnavailableException e) {
            LOG.atWarn()
                    .addKeyValue("queue", which.wireName())
                    .addKeyValue("cause", e.getMessage())
                    .log("nothing can be claimed; tried again in a second");
        } catch (RuntimeException e) {
            LOG.atError()
                    .setCause(e)
                    .addKeyValue("queue", which.wireName())
                    .log("nothing can be claimed; tried again in a second");
        }
        TimeUnit.SECONDS.sleep(1);
        return List.of();
    }

    private void start(LeasedStep step, Semaphore free) {
        Thread.ofVirtual().name("step-" + step.lease().stepId()).start(() -> {
            Attempt attempt = new Attempt(step, Thread.currentThread());
            running.put(step.lease(), attempt);
            try {
                if (draining) {
                    attempt.handBack();
                }
                runner.run(attempt);
            } finally {
                running.remove(step.lease());
                free.release();
            }
        });
    }

    private void beat() {
        long renewed = System.nanoTime();
        try {
            while (!stopped.tryAcquire(HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                boolean renewal = System.nanoTime() - renewed >= renewEvery.toNanos() - HEARTBEAT.toNanos() / 2;
                if (report(renewal) && renewal) {
                    renewed = System.nanoTime();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Reports progress and finds attempts whose lease is gone: the fallback where a notice did not arrive. */
    private boolean report(boolean renewal) {
        List<Attempt> attempts = List.copyOf(running.values());
        if (attempts.isEmpty()) {
            return true;
        }
        List<LeaseReport> reports = attempts.stream()
                .map(attempt -> attempt.report(renewal))
                .filter(Objects::nonNull)
                .toList();
        try {
            Set<Lease> held = leases.renew(name, reports);
            attempts.stream()
                    .filter(attempt -> !held.contains(attempt.step().lease()))
                    .forEach(Attempt::callOff);
            return true;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("cause", e.toString())
                    .log("leases could not be renewed; they run out unless the next heartbeat gets through");
            return false;
        }
    }
}
