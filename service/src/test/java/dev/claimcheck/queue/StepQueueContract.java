package dev.claimcheck.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobProgress;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.NewJob;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.RetryPolicy;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.Submission;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** What every transport of steps promises. Subclasses give the real thing. */
public abstract class StepQueueContract {
    private static final StepError TROUBLE = new StepError("trouble", "There was trouble. It is tried again.", null);
    private static final AtomicInteger COUNTER = new AtomicInteger();

    protected abstract Database database();

    protected abstract StepQueue queue();

    @Test
    void handsOutByPriorityAndThenInOrder() {
        JobId low = submit("alice", Priority.LOW);
        JobId first = submit("alice", Priority.NORMAL);
        JobId second = submit("alice", Priority.NORMAL);
        JobId high = submit("alice", Priority.HIGH);

        assertThat(claimAll().stream().map(LeasedStep::jobId)).containsExactly(high, first, second, low);
    }

    @Test
    void aBurstOfOneOwnerDoesNotStarveAnother() {
        for (int number = 0; number < 200; number++) {
            submit("flooder", Priority.NORMAL);
        }
        submit("late", Priority.NORMAL);

        List<String> owners =
                claimAll().stream().map(step -> step.owner().value()).toList();
        assertThat(owners.indexOf("late"))
                .as("place of the late owner's only job")
                .isLessThan(3);
    }

    @Test
    void aStepIsHandedOutOnceHoweverManyAsk() throws Exception {
        for (int number = 0; number < 300; number++) {
            submit("alice", Priority.NORMAL);
        }
        ConcurrentLinkedQueue<Long> claimed = new ConcurrentLinkedQueue<>();
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> claims = new ArrayList<>();
            for (int worker = 0; worker < 8; worker++) {
                String name = "worker-" + worker;
                claims.add(() -> {
                    for (List<LeasedStep> steps = queue().claim(QueueName.METADATA, name, 4);
                            !steps.isEmpty();
                            steps = queue().claim(QueueName.METADATA, name, 4)) {
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
        Leases brief = new Leases(database(), Duration.ofMillis(1));
        JobId job = submit("alice", Priority.NORMAL);
        LeasedStep late = claimAll().getFirst();
        brief.renew("worker", List.of(new dev.claimcheck.job.LeaseReport(late.lease(), job, 0.4, "Reading the file")));
        Awaitility.await().until(() -> brief.reapExpired() == 1);

        LeasedStep again = claimAll().getFirst();
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
        assertThat(queries().output(job, "result").map(Output::objectKey)).contains(again.outputPrefix() + "result");
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void successMakesTheNextStepsReady() {
        JobId job = submit("alice", Priority.NORMAL);
        LeasedStep first = claimAll().getFirst();
        outcomes(3)
                .complete(
                        first,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(),
                                List.of(
                                        step("a", List.of("metadata")),
                                        step("b", List.of("metadata")),
                                        step("c", List.of("a", "b"))),
                                Optional.empty()));

        List<LeasedStep> parallel = claimAll();
        assertThat(parallel.stream().map(LeasedStep::name)).containsExactlyInAnyOrder("a", "b");
        outcomes(3).complete(parallel.get(0), succeeded(parallel.get(0)));
        assertThat(claimAll()).isEmpty();
        outcomes(3).complete(parallel.get(1), succeeded(parallel.get(1)));
        LeasedStep last = claimAll().getFirst();
        assertThat(last.name()).isEqualTo("c");
        assertThat(status(job)).isEqualTo(JobStatus.IN_PROGRESS);
        outcomes(3).complete(last, succeeded(last));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void troubleIsTriedAgainAFewTimesAndThenFailsWithARetryAllowed() {
        JobId job = submit("alice", Priority.NORMAL);
        Leases leases = new Leases(database(), Duration.ofSeconds(15));
        for (int attempt = 1; attempt <= 3; attempt++) {
            LeasedStep step = claimAll().getFirst();
            assertThat(step.lease().attempt()).isEqualTo(attempt);
            assertThat(outcomes(2).retryLater(step, TROUBLE)).isTrue();
            if (attempt < 3) {
                assertThat(claimAll()).as("it waits for its back-off").isEmpty();
                Awaitility.await().until(() -> leases.promoteDue() == 1);
            }
        }
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(queries().find(job).orElseThrow().retryAllowed()).isTrue();

        assertThat(new JobControl(database()).retry(new OwnerId("alice"), job))
                .isEqualTo(new dev.claimcheck.job.ControlResult.Done(JobStatus.PENDING));
        LeasedStep again = claimAll().getFirst();
        assertThat(again.lease().attempt())
                .as("attempts are never numbered twice")
                .isEqualTo(4);
        outcomes(2).complete(again, succeeded(again));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aRetryRepeatsOnlyWhatFailed() {
        JobId job = submit("alice", Priority.NORMAL);
        LeasedStep first = claimAll().getFirst();
        outcomes(0)
                .complete(
                        first,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(),
                                List.of(step("a", List.of("metadata")), step("b", List.of("a"))),
                                Optional.empty()));
        LeasedStep a = claimAll().getFirst();
        outcomes(0).complete(a, succeeded(a));
        outcomes(0).failForGood(claimAll().getFirst(), TROUBLE);
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(queries().find(job).orElseThrow().retryAllowed()).isFalse();

        new JobControl(database()).retry(new OwnerId("alice"), job);

        assertThat(claimAll().stream().map(LeasedStep::name)).containsExactly("b");
    }

    @Test
    void whatWasLostIsMadeAgainAloneAndThenUsed() {
        JobId job = submit("alice", Priority.NORMAL);
        finishFirst(
                step("a", List.of("metadata")),
                step("b", List.of("metadata")),
                step("c", List.of("a", "b")),
                step("d", List.of("c")));
        claimAll()
                .forEach(step -> assertThat(outcomes(1).complete(step, offering(step, step.name())))
                        .isTrue());
        LeasedStep c = claimAll().getFirst();
        double before = JobProgress.percent(queries().find(job).orElseThrow());

        assertThat(outcomes(1).makeAgain(c, new StepOutcome.MadeBadly(List.of("a"), TROUBLE)))
                .isTrue();

        assertThat(JobProgress.percent(queries().find(job).orElseThrow()))
                .as("progress stays")
                .isGreaterThanOrEqualTo(before);
        assertThat(outcomes(1).complete(c, succeeded(c)))
                .as("its lease is gone")
                .isFalse();
        LeasedStep again = claimAll().getFirst();
        assertThat(again.name()).isEqualTo("a");
        assertThat(again.lease().attempt()).isEqualTo(2);
        assertThat(claimAll()).as("all else waits").isEmpty();
        outcomes(1).complete(again, offering(again, "a"));
        assertThat(queries().output(job, "a").orElseThrow().objectKey()).startsWith(again.outputPrefix());
        assertThat(count("SELECT count(*) FROM garbage WHERE prefix = 'jobs/" + job + "/"
                        + again.lease().stepId() + "-1/'"))
                .as("what was damaged is swept")
                .isEqualTo(1);
        LeasedStep last = claimAll().getFirst();
        assertThat(last.name()).isEqualTo("c");
        outcomes(1).complete(last, succeeded(last));
        LeasedStep d = claimAll().getFirst();
        outcomes(1).complete(d, succeeded(d));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void storageThatLosesEverythingEndsTheJob() {
        JobId job = submit("alice", Priority.NORMAL);
        finishFirst(step("a", List.of("metadata")), step("b", List.of("a")));
        for (int round = 0; round < 3; round++) {
            LeasedStep a = claimAll().getFirst();
            outcomes(2).complete(a, offering(a, "a"));
            outcomes(2).makeAgain(claimAll().getFirst(), new StepOutcome.MadeBadly(List.of("a"), TROUBLE));
        }
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(queries().find(job).orElseThrow().retryAllowed()).isTrue();
    }

    /** All of the sound takes the place of its beginning, also where the beginning is made again later. */
    @Test
    void anEarlierStepDoesNotTakeOverWhatALaterOneOffers() {
        JobId job = submit("alice", Priority.NORMAL);
        finishFirst(
                step("intro", List.of("metadata")),
                step("sound", List.of("intro")),
                step("end", List.of("intro", "sound")));
        LeasedStep intro = claimAll().getFirst();
        outcomes(1)
                .complete(
                        intro,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(output(intro, "picture"), output(intro, "sound")),
                                List.of(),
                                Optional.empty()));
        LeasedStep sound = claimAll().getFirst();
        outcomes(1).complete(sound, offering(sound, "sound"));
        outcomes(1).makeAgain(claimAll().getFirst(), new StepOutcome.MadeBadly(List.of("picture"), TROUBLE));

        LeasedStep again = claimAll().getFirst();
        outcomes(1)
                .complete(
                        again,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(output(again, "picture"), output(again, "sound")),
                                List.of(),
                                Optional.empty()));

        assertThat(queries().output(job, "sound").orElseThrow().objectKey()).startsWith(sound.outputPrefix());
        assertThat(queries().output(job, "picture").orElseThrow().objectKey()).startsWith(again.outputPrefix());
    }

    @Test
    void anOptionalStepThatFailsLeavesAWarningAndCanBeRetriedAlone() {
        JobId job = submit("alice", Priority.NORMAL);
        LeasedStep first = claimAll().getFirst();
        PlannedStep optional =
                new PlannedStep("poster", "poster", QueueName.METADATA, false, List.of("metadata"), 1, json());
        outcomes(0)
                .complete(
                        first,
                        new StepOutcome.Succeeded(
                                json(),
                                List.of(),
                                List.of(optional, step("finish", List.of("poster"))),
                                Optional.empty()));
        outcomes(0).failForGood(claimAll().getFirst(), TROUBLE);
        LeasedStep finish = claimAll().getFirst();
        outcomes(0).complete(finish, succeeded(finish));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
        assertThat(queries().find(job).orElseThrow().warnings()).hasSize(1);

        new JobControl(database()).retry(new OwnerId("alice"), job);
        LeasedStep poster = claimAll().getFirst();
        assertThat(poster.name()).isEqualTo("poster");
        outcomes(0).complete(poster, succeeded(poster));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
        assertThat(queries().find(job).orElseThrow().warnings()).isEmpty();
    }

    @Test
    void aReleasedStepIsReadyAtOnceInItsOldPlace() {
        submit("alice", Priority.NORMAL);
        submit("alice", Priority.NORMAL);
        LeasedStep first = queue().claim(QueueName.METADATA, "worker", 1).getFirst();

        new Leases(database(), Duration.ofSeconds(15)).release(first.lease());

        assertThat(queue().claim(QueueName.METADATA, "worker", 1)
                        .getFirst()
                        .lease()
                        .stepId())
                .isEqualTo(first.lease().stepId());
    }

    @Test
    void queuesAreSeparate() {
        submit("alice", Priority.NORMAL);

        assertThat(queue().claim(QueueName.VIDEO_PROCESSING, "worker", 10)).isEmpty();
        assertThat(queue().claim(QueueName.METADATA, "worker", 10)).hasSize(1);
    }

    @Test
    void anArrivalWakesWhoWaits() throws Exception {
        try (ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<LeasedStep>> woken = waiting.submit(() -> {
                long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
                List<LeasedStep> steps = List.of();
                while (steps.isEmpty() && System.nanoTime() < deadline) {
                    queue().awaitWork(QueueName.METADATA, Duration.ofSeconds(20));
                    steps = queue().claim(QueueName.METADATA, "worker", 1);
                }
                return steps;
            });
            submit("alice", Priority.NORMAL);
            assertThat(woken.get(15, java.util.concurrent.TimeUnit.SECONDS)).hasSize(1);
        }
    }

    /** Everything at once, then an audit: nothing lost, nothing twice, nothing stuck. */
    @Test
    void survivesEverybodyAtOnce() throws Exception {
        Set<JobId> jobs = java.util.concurrent.ConcurrentHashMap.newKeySet();
        Leases leases = new Leases(database(), Duration.ofMillis(300));
        JobControl control = new JobControl(database());
        AtomicInteger submitted = new AtomicInteger();
        try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> roles = new ArrayList<>();
            for (int owner = 0; owner < 3; owner++) {
                String name = "owner" + owner;
                roles.add(() -> {
                    for (int number = 0; number < 60; number++) {
                        jobs.add(submit(name, Priority.NORMAL));
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
                            || jobs.stream()
                                    .anyMatch(job -> !queries()
                                            .find(job)
                                            .orElseThrow()
                                            .status()
                                            .isTerminal())) {
                        for (LeasedStep step : queue().claim(QueueName.METADATA, name, 3)) {
                            act(step, random);
                        }
                    }
                    return true;
                });
            }
            roles.add(() -> {
                Random random = new Random(99);
                while (submitted.get() < 180
                        || jobs.stream()
                                .anyMatch(job -> !queries()
                                        .find(job)
                                        .orElseThrow()
                                        .status()
                                        .isTerminal())) {
                    leases.reapExpired();
                    leases.promoteDue();
                    leases.failLostTooOften();
                    jobs.stream()
                            .skip(random.nextInt(180))
                            .findFirst()
                            .filter(_ -> random.nextInt(10) == 0)
                            .ifPresent(job -> control.cancel(
                                    queries().find(job).orElseThrow().owner(), job));
                }
                return true;
            });
            for (Future<Boolean> role : crowd.invokeAll(roles)) {
                assertThat(role.get()).isTrue();
            }
        }
        assertThat(jobs).hasSize(180);
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
                                        ? new StepOutcome.Succeeded(
                                                json(),
                                                List.of(),
                                                List.of(
                                                        step("a", List.of("metadata")),
                                                        step("b", List.of("metadata")),
                                                        step("c", List.of("a", "b"))),
                                                Optional.empty())
                                        : succeeded(step));
        }
    }

    private int count(String sql) {
        return database()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }

    private JobId submit(String owner, Priority priority) {
        JobId id = JobId.create(Instant.now());
        Digest digest = new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
        PlannedStep first = new PlannedStep("metadata", "metadata", QueueName.METADATA, true, List.of(), 1, json());
        Submission made = new JobIntake(database())
                .submit(new NewJob(
                        id,
                        new OwnerId(owner),
                        "clip.mp4",
                        null,
                        new Processing("web", JobOptions.NONE),
                        priority,
                        1,
                        digest,
                        digest,
                        "sources/" + id,
                        first));
        assertThat(made).isEqualTo(new Submission.Created(id));
        return id;
    }

    private List<LeasedStep> claimAll() {
        return queue().claim(QueueName.METADATA, "worker", 1_000);
    }

    private StepOutcomes outcomes(int retries) {
        return new StepOutcomes(
                database(),
                new RetryPolicy(retries, Duration.ofMillis(5)),
                new SourceRetention(Optional.of(Duration.ZERO)),
                new Random(1));
    }

    private JobQueries queries() {
        return new JobQueries(database());
    }

    private JobStatus status(JobId job) {
        return queries().find(job).orElseThrow().status();
    }

    private static PlannedStep step(String name, List<String> needs) {
        return new PlannedStep(name, "work", QueueName.METADATA, true, needs, 1, json());
    }

    /** The one step of a new job ends with that plan. */
    private void finishFirst(PlannedStep... plan) {
        outcomes(0)
                .complete(
                        claimAll().getFirst(),
                        new StepOutcome.Succeeded(json(), List.of(), List.of(plan), Optional.empty()));
    }

    private static StepOutcome.Succeeded succeeded(LeasedStep step) {
        return offering(step, "result");
    }

    private static StepOutcome.Succeeded offering(LeasedStep step, String path) {
        return new StepOutcome.Succeeded(json(), List.of(output(step, path)), List.of(), Optional.empty());
    }

    private static Output output(LeasedStep step, String path) {
        return new Output(path, step.outputPrefix() + path, "text/plain", 1);
    }

    private static tools.jackson.databind.node.ObjectNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
