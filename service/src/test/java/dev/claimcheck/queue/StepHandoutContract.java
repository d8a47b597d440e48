package dev.claimcheck.queue;

import static dev.claimcheck.queue.JobsOnDatabase.planning;
import static dev.claimcheck.queue.JobsOnDatabase.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeaseReport;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.QueueName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Handing out: in which order, to one worker at a time, again when a lease has ended, and with everybody at once. */
public abstract class StepHandoutContract extends StepQueueContract {
    protected StepHandoutContract(JobsOnDatabase jobs) {
        super(jobs);
    }

    @Test
    void handsOutByPriorityAndThenInOrder() {
        JobId low = submit("alice", Priority.LOW);
        JobId first = jobs.submit("alice");
        JobId second = jobs.submit("alice");
        JobId high = submit("alice", Priority.HIGH);

        assertThat(jobs.claimAll().stream().map(LeasedStep::jobId)).containsExactly(high, first, second, low);
    }

    @Test
    void aBurstOfOneOwnerDoesNotStarveAnother() {
        for (int number = 0; number < 200; number++) {
            jobs.submit("flooder");
        }
        jobs.submit("late");

        List<String> owners =
                jobs.claimAll().stream().map(step -> step.owner().value()).toList();
        assertThat(owners.indexOf("late"))
                .as("place of the late owner's only job")
                .isLessThan(3);
    }

    @Test
    void aStepIsHandedOutOnceHoweverManyAsk() throws Exception {
        for (int number = 0; number < 300; number++) {
            jobs.submit("alice");
        }
        ConcurrentLinkedQueue<Long> claimed = new ConcurrentLinkedQueue<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> claims = new ArrayList<>();
            for (int worker = 0; worker < 8; worker++) {
                String name = "worker-" + worker;
                claims.add(() -> {
                    for (List<LeasedStep> steps = jobs.queue().claim(QueueName.METADATA, name, 4);
                            !steps.isEmpty();
                            steps = jobs.queue().claim(QueueName.METADATA, name, 4)) {
                        steps.forEach(step -> claimed.add(step.lease().stepId()));
                    }
                    return true;
                });
            }
            for (Future<Boolean> done : workers.invokeAll(claims)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(claimed).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void aStepWhoseLeaseRanOutIsHandedOutAgainAndTheLateOutcomeIsRefused() {
        Leases brief = new Leases(jobs.database(), Duration.ofMillis(1));
        JobId job = jobs.submit("alice");
        LeasedStep late = jobs.claimAll().getFirst();
        brief.renew(JobsOnDatabase.WORKER, List.of(new LeaseReport(late.lease(), job, 0.4, "Reading the file")));
        await().until(() -> brief.reapExpired() == 1);

        LeasedStep again = jobs.claimAll().getFirst();
        assertThat(again.lease().stepId()).isEqualTo(late.lease().stepId());
        assertThat(again.lease().attempt()).isEqualTo(late.lease().attempt() + 1);
        assertThat(again.outputPrefix()).isNotEqualTo(late.outputPrefix());
        assertThat(outcomes(3).complete(late, succeeded(late)))
                .as("the late worker's outcome")
                .isFalse();
        assertThat(outcomes(3).complete(again, succeeded(again))).isTrue();
        assertThat(outcomes(3).complete(again, succeeded(again)))
                .as("the same outcome twice")
                .isFalse();
        assertThat(jobs.queries().output(job, "result").map(Output::objectKey))
                .contains(again.outputPrefix() + "result");
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aReleasedStepIsReadyAtOnceInItsOldPlace() {
        jobs.submit("alice");
        jobs.submit("alice");
        LeasedStep first = jobs.queue().claim(QueueName.METADATA, "worker", 1).getFirst();

        new Leases(jobs.database(), Duration.ofSeconds(15)).release(first.lease());

        assertThat(jobs.queue()
                        .claim(QueueName.METADATA, "worker", 1)
                        .getFirst()
                        .lease()
                        .stepId())
                .isEqualTo(first.lease().stepId());
    }

    @Test
    void queuesAreSeparate() {
        jobs.submit("alice");

        assertThat(jobs.queue().claim(QueueName.VIDEO_PROCESSING, "worker", 10)).isEmpty();
        assertThat(jobs.queue().claim(QueueName.METADATA, "worker", 10)).hasSize(1);
    }

    @Test
    void anArrivalWakesWhoWaits() throws Exception {
        try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<LeasedStep>> woken = waiting.submit(() -> {
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                List<LeasedStep> steps = List.of();
                while (steps.isEmpty() && System.nanoTime() < deadline) {
                    jobs.queue().awaitWork(QueueName.METADATA, Duration.ofSeconds(20));
                    steps = jobs.queue().claim(QueueName.METADATA, "worker", 1);
                }
                return steps;
            });
            jobs.submit("alice");
            assertThat(woken.get(15, TimeUnit.SECONDS)).hasSize(1);
        }
    }

    /** Everything at once, then an audit: nothing lost, nothing twice, nothing stuck. */
    @Test
    void survivesEverybodyAtOnce() throws Exception {
        Set<JobId> all = ConcurrentHashMap.newKeySet();
        Leases leases = new Leases(jobs.database(), Duration.ofMillis(300));
        JobControl control = jobs.control();
        AtomicInteger submitted = new AtomicInteger();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> roles = new ArrayList<>();
            for (int owner = 0; owner < 3; owner++) {
                String name = "owner" + owner;
                roles.add(() -> {
                    for (int number = 0; number < 60; number++) {
                        all.add(jobs.submit(name));
                        submitted.incrementAndGet();
                    }
                    return true;
                });
            }
            for (int worker = 0; worker < 4; worker++) {
                String name = "worker" + worker;
                Random random = new Random(worker);
                roles.add(() -> {
                    while (submitted.get() < 180
                            || all.stream()
                                    .anyMatch(job -> !jobs.view(job).status().isTerminal())) {
                        for (LeasedStep step : jobs.queue().claim(QueueName.METADATA, name, 3)) {
                            act(step, random);
                        }
                    }
                    return true;
                });
            }
            roles.add(() -> {
                Random random = new Random(99);
                while (submitted.get() < 180
                        || all.stream().anyMatch(job -> !jobs.view(job).status().isTerminal())) {
                    leases.reapExpired();
                    leases.promoteDue();
                    leases.failLostTooOften();
                    all.stream()
                            .skip(random.nextInt(180))
                            .findFirst()
                            .filter(_ -> random.nextInt(10) == 0)
                            .ifPresent(job -> control.cancel(jobs.view(job).owner(), job));
                }
                return true;
            });
            for (Future<Boolean> role : crowd.invokeAll(roles)) {
                assertThat(role.get()).isTrue();
            }
        }
        assertThat(all).hasSize(180);
        for (String table : List.of("ready", "lease", "delayed")) {
            assertThat(count("SELECT count(*) FROM " + table)).as(table).isZero();
        }
        assertThat(count("SELECT count(*) FROM step WHERE state IN ('WAITING', 'READY')"))
                .as("open steps")
                .isZero();
        assertThat(
                        count(
                                "SELECT count(*) FROM job j WHERE status = 'COMPLETED' AND EXISTS (SELECT FROM step s WHERE s.job_id = j.job_id AND s.state <> 'SUCCEEDED')"))
                .as("completed jobs with unfinished steps")
                .isZero();
        assertThat(count("SELECT count(*) FROM event WHERE type = 'job.completed'"))
                .isEqualTo(count("SELECT count(*) FROM job WHERE status = 'COMPLETED'"));
    }

    private void act(LeasedStep step, Random random) {
        switch (random.nextInt(8)) {
            case 0 -> outcomes(3).retryLater(step, TROUBLE);
            case 1 -> {
                // Its worker vanishes: the lease runs out.
            }
            case 2 -> outcomes(3).failForGood(step, TROUBLE);
            default ->
                outcomes(3)
                        .complete(
                                step,
                                step.name().equals("metadata")
                                        ? planning(
                                                step("a", true, "metadata"),
                                                step("b", true, "metadata"),
                                                step("c", true, "a", "b"))
                                        : succeeded(step));
        }
    }

    private JobId submit(String owner, Priority priority) {
        return jobs.submit(JobsOnDatabase.aJob(owner, priority, JobsOnDatabase.digest()));
    }
}
