package dev.claimcheck.estimate;

import static dev.claimcheck.queue.JobsOnDatabase.aJob;
import static dev.claimcheck.queue.JobsOnDatabase.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.estimate.ForecastLedger.ErrorClass;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.queue.JobsOnDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What estimates are made from, on a real Postgres. */
class EstimatesInDatabaseTest {
    private static final Duration LIFE = Duration.ofSeconds(15);

    private final JobsOnDatabase jobs = JobsOnDatabase.open(LIFE);
    private final Database database = jobs.database();
    private final WorkerRegistry registry = new WorkerRegistry(database, LIFE);

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void thePositionsAreTheOrderInWhichStepsAreReallyClaimed() {
        Random random = new Random(5);
        List<JobId> submitted = new ArrayList<>();
        for (int number = 0; number < 120; number++) {
            submitted.add(jobs.submit(aJob(
                    "owner" + random.nextInt(4),
                    List.of(Priority.values()).get(random.nextInt(3)),
                    digest(),
                    0.1 + random.nextInt(50))));
        }
        Conditions conditions = conditions();
        Map<Integer, JobId> byPosition = new HashMap<>();
        submitted.forEach(job -> byPosition.put(position(job, conditions), job));

        List<JobId> claimed = new ArrayList<>();
        while (claimed.size() < submitted.size()) {
            jobs.queue().claim(QueueName.METADATA, "worker", 7).forEach(step -> claimed.add(step.jobId()));
        }
        for (int place = 1; place <= submitted.size(); place++) {
            assertThat(byPosition.get(place)).as("number %s in the line", place).isEqualTo(claimed.get(place - 1));
        }
    }

    @Test
    void thePositionCountsDownToNothing() {
        jobs.submit("alice");
        jobs.submit("alice");
        JobId last = jobs.submit("alice");

        assertThat(position(last, conditions())).isEqualTo(3);
        jobs.claim();
        assertThat(position(last, conditions())).isEqualTo(2);
        jobs.queue().claim(QueueName.METADATA, "worker", 2);
        assertThat(outlook(last, conditions()).queuePosition()).isEmpty();
    }

    @Test
    void workersAreCountedWhileTheyLive() {
        assertThat(conditions().slots(QueueName.VIDEO_PROCESSING)).isZero();
        registry.enter("one", "host", Map.of(QueueName.VIDEO_PROCESSING, 2, QueueName.METADATA, 1));
        registry.enter("two", "other", Map.of(QueueName.VIDEO_PROCESSING, 3));
        registry.beat("one", "host", Map.of(QueueName.VIDEO_PROCESSING, 2, QueueName.METADATA, 1));

        assertThat(conditions().slots(QueueName.VIDEO_PROCESSING)).isEqualTo(5);
        assertThat(conditions().slots(QueueName.METADATA)).isEqualTo(1);
        registry.leave("two");
        assertThat(conditions().slots(QueueName.VIDEO_PROCESSING)).isEqualTo(2);

        database.withHandle(handle -> handle.execute("UPDATE worker SET alive_until = now() - interval '1 second'"));
        assertThat(conditions().slots(QueueName.VIDEO_PROCESSING)).isZero();
        database.withHandle(handle -> handle.execute("UPDATE worker SET alive_until = now() - interval '2 hours'"));
        registry.beat("three", "host", Map.of(QueueName.METADATA, 1));
        assertThat(count("SELECT count(*) FROM worker"))
                .as("those that are gone are removed")
                .isEqualTo(1);
    }

    @Test
    void onlyStepsThatSucceededAtTheirFirstTryAreLearntFrom() {
        LeasedStep good = claimed("transcode/000", 10, "h264/1080/libx264", 25);
        LeasedStep troubled = claimed("transcode/000", 10, "h264/1080/libx264", 25);
        jobs.complete(good);
        assertThat(jobs.outcomes(3).retryLater(troubled, new StepError("trouble", "Again.", null)))
                .isTrue();
        await().until(() -> new Leases(database, LIFE).promoteDue() == 1);
        LeasedStep again = claimTranscode();
        jobs.complete(again);
        LeasedStep failed = claimed("transcode/000", 10, "h264/1080/libx264", 25);
        assertThat(jobs.outcomes(3).failForGood(failed, new StepError("bad", "Bad.", null)))
                .isTrue();

        SpeedHistory history = new SpeedHistory(database);
        List<SpeedHistory.Sample> samples = history.samplesOf(List.of(
                good.lease().stepId(), again.lease().stepId(), failed.lease().stepId(), 999_999L));
        assertThat(samples).hasSize(1);
        assertThat(samples.getFirst().work()).isEqualTo(WorkClass.of("transcode", "h264/1080/libx264", 10));
        assertThat(Math.exp(samples.getFirst().logRatio())).isCloseTo(2.5, within(0.2));
    }

    @Test
    void manyWorkersShareWhatTheyLearn() throws Exception {
        SpeedHistory history = new SpeedHistory(database);
        WorkClass one = WorkClass.of("transcode", "a", 10);
        WorkClass two = WorkClass.of("transcode", "b", 10);
        try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> flushes = new ArrayList<>();
            for (int worker = 0; worker < 6; worker++) {
                List<SpeedHistory.Sample> samples = worker % 2 == 0
                        ? List.of(SpeedHistory.Sample.of(one, 10, 20), SpeedHistory.Sample.of(two, 10, 30))
                        : List.of(SpeedHistory.Sample.of(two, 10, 30), SpeedHistory.Sample.of(one, 10, 20));
                flushes.add(() -> {
                    history.add(samples);
                    return true;
                });
            }
            for (Future<Boolean> flush : workers.invokeAll(flushes)) {
                assertThat(flush.get()).isTrue();
            }
        }
        double all =
                DoubleStream.iterate(1, weight -> weight * Speed.KEPT).limit(6).sum();
        List<Double> weights =
                database.withHandle(handle -> handle.createQuery("SELECT weight FROM work_speed ORDER BY class")
                        .mapTo(Double.class)
                        .list());
        assertThat(weights).hasSize(2).allSatisfy(weight -> assertThat(weight).isCloseTo(all, within(1e-6)));
        assertThat(history.load().of(one).of(10).median()).isBetween(15.0, 22.0);
        assertThat(history.load().of(two).of(10).median()).isBetween(22.0, 32.0);
    }

    @Test
    void aWorkerLearnsAndJudgesWhatItPredicted() {
        registry.enter("worker", "host", Map.of(QueueName.METADATA, 2, QueueName.VIDEO_PROCESSING, 1));
        Outlooks outlooks = new Outlooks(database);
        ForecastLedger ledger = new ForecastLedger(database);
        JobId job;
        try (WorkRecorder recorder =
                new WorkRecorder(database, new JobQueries(database), outlooks, InstantSource.system())) {
            LeasedStep chunk = claimed("transcode/000", 10, "h264/1080/libx264", 25);
            job = chunk.jobId();
            recorder.planned(job);
            recorder.planned(job);
            assertThat(count("SELECT count(*) FROM forecast WHERE p90 > p50")).isEqualTo(1);
            jobs.complete(chunk);
            recorder.ended(chunk);
        }
        assertThat(jobs.view(job).status().isTerminal()).isTrue();
        assertThat(count("SELECT count(*) FROM forecast")).isZero();
        assertThat(ledger.accuracy().stream().mapToLong(ErrorClass::jobs).sum()).isEqualTo(1);
        assertThat(
                        count(
                                "SELECT count(*) FROM work_speed WHERE class IN ('transcode/h264/1080/libx264', 'plan/by size', 'plan cost') AND weight = 1"))
                .isEqualTo(3);
    }

    @Test
    void eachForecastCountsOnceAndThoseOfJobsThatDidNotCompleteNever() {
        ForecastLedger ledger = new ForecastLedger(database);
        Instant begun = Instant.now().minusSeconds(100);
        JobId right = ended(ledger, begun, 101, 120);
        JobId late = ended(ledger, begun, 40, 60);
        JobId cancelled = jobs.submit("alice");
        ledger.keep(cancelled, begun, new Forecast(begun.plusSeconds(10), begun.plusSeconds(20)));
        new JobControl(database).cancel(new OwnerId("alice"), cancelled);

        ledger.judge(List.of(right));
        ledger.judge(List.of(right, late, cancelled));
        ledger.judgeAll();

        List<ErrorClass> classes = ledger.accuracy();
        assertThat(classes.stream().map(ErrorClass::bound)).startsWith(0.05).endsWith(Double.POSITIVE_INFINITY);
        assertThat(classes.stream().mapToLong(ErrorClass::jobs).sum()).isEqualTo(2);
        assertThat(classes.stream().mapToLong(ErrorClass::withinP90).sum()).isEqualTo(1);
        assertThat(classes.getFirst().jobs()).as("off by one percent").isEqualTo(1);
        assertThat(classes.stream()
                        .filter(one -> one.bound() == 1.0)
                        .findFirst()
                        .orElseThrow()
                        .jobs())
                .as("off by 60 percent")
                .isEqualTo(1);
        assertThat(count("SELECT count(*) FROM forecast")).isZero();
    }

    @Test
    void theViewTellsWhatTheEstimatorNeeds() {
        JobId job = jobs.submit(aJob("alice", Priority.HIGH, digest()));
        LeasedStep first = jobs.claim();
        jobs.plan(
                first,
                transcode("transcode/000", 3, "vp9/720/libx264", "metadata"),
                transcode("transcode/001", 20, "vp9/720/libx264", "transcode/000", "metadata"),
                transcode("transcode/002", 5, "", "transcode/000"));
        JobView view = jobs.view(job);

        assertThat(view.steps()).hasSize(4);
        assertThat(view.steps().get(1).work()).isEqualTo("vp9/720/libx264");
        assertThat(view.steps().get(1).tag()).isPresent();
        assertThat(view.steps().get(1).needs())
                .as("what has ended is not needed")
                .isEmpty();
        assertThat(view.steps().get(2).tag()).isEmpty();
        assertThat(view.steps().get(2).needs())
                .containsExactly(view.steps().get(1).id());
        assertThat(conditions().backlog(QueueName.VIDEO_PROCESSING).opens(1))
                .as("what waits for the first chunk, at the speed of the reference")
                .isBetween(25.0, 50.0);
    }

    @Test
    void thePictureIsTakenOnceInTwoSecondsHoweverManyAsk() {
        AtomicLong time = new AtomicLong(1);
        ConditionsSource source = new ConditionsSource(database, time::get);
        JobId job = jobs.submit("alice");

        assertThat(position(job, source.current())).isEqualTo(1);
        JobId second = jobs.submit("alice");
        Conditions before = source.current();
        time.addAndGet(Duration.ofMillis(1_900).toNanos());
        assertThat(source.current()).isSameAs(before);
        time.addAndGet(Duration.ofMillis(200).toNanos());
        assertThat(source.current()).isNotSameAs(before);
        assertThat(position(second, source.current())).isEqualTo(2);
    }

    private JobId ended(ForecastLedger ledger, Instant begun, int p50, int p90) {
        JobId job = jobs.submit("alice");
        assertThat(ledger.keep(job, begun, new Forecast(begun.plusSeconds(p50), begun.plusSeconds(p90))))
                .isTrue();
        assertThat(ledger.keep(job, begun, new Forecast(begun, begun))).isFalse();
        jobs.complete(jobs.claim());
        return job;
    }

    /** A chunk of a job of its own, claimed so many seconds ago. */
    private LeasedStep claimed(String name, double cost, String work, int seconds) {
        jobs.submit("alice");
        LeasedStep first = jobs.claim();
        jobs.plan(first, transcode(name, cost, work, "metadata"));
        LeasedStep step = claimTranscode();
        database.withHandle(handle -> handle.createUpdate(
                        "UPDATE lease SET started_at = started_at - make_interval(secs => :seconds) WHERE step_id = :step")
                .bind("seconds", (double) seconds)
                .bind("step", step.lease().stepId())
                .execute());
        return step;
    }

    private LeasedStep claimTranscode() {
        return jobs.queue()
                .claim(QueueName.VIDEO_PROCESSING, JobsOnDatabase.WORKER, 1)
                .getFirst();
    }

    private static PlannedStep transcode(String name, double cost, String work, String... needs) {
        return new PlannedStep(
                name, "transcode", QueueName.VIDEO_PROCESSING, true, List.of(needs), cost, JobsOnDatabase.json(), work);
    }

    private Conditions conditions() {
        return new ConditionsSource(database, System::nanoTime).current();
    }

    private Outlook outlook(JobId job, Conditions conditions) {
        return CompletionEstimator.outlook(jobs.view(job), conditions, Instant.now());
    }

    private int position(JobId job, Conditions conditions) {
        return outlook(job, conditions).queuePosition().orElseThrow();
    }

    private int count(String sql) {
        return database.withHandle(
                handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
