package dev.claimcheck.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.Notifications;
import dev.claimcheck.database.PostgresAddress;
import dev.claimcheck.database.TestDatabase;
import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.JobTimeline;
import dev.claimcheck.job.LeaseReport;
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
import dev.claimcheck.job.StepAttempt;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.Timelines;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.queue.postgres.PostgresStepQueue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What operators see of real jobs in a real database, which are taken through their steps by hand. */
class AttemptsAndQueuesTest {
    private static final Duration LIFE = Duration.ofSeconds(15);
    private static final OwnerId ALICE = new OwnerId("alice");
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final PostgresAddress address = TestDatabase.fresh();
    private final Database database = Database.open(address, 8);
    private final Notifications notifications = new Notifications(address);
    private final PostgresStepQueue queue = new PostgresStepQueue(database, notifications, Duration.ofMinutes(5));
    private final WorkerRegistry registry = new WorkerRegistry(database, LIFE);
    private final Timelines timelines = new Timelines(database);
    private final JobControl control = new JobControl(database);
    private final Operations operations = Operations.of(database, control);

    @BeforeEach
    void aWorkerIsThere() {
        await().until(notifications::isConnected);
        registry.enter("worker-1", "host-1", Map.of(QueueName.METADATA, 4, QueueName.VIDEO_PROCESSING, 2));
    }

    @AfterEach
    void close() {
        notifications.close();
        database.close();
    }

    @Test
    void everyAttemptIsRememberedWithItsPlaceAndItsEnd() {
        JobId job = submit("alice");
        outcomes(3)
                .retryLater(
                        claim(),
                        new StepError("process_killed", "It was killed.", "exit code 137", "last words\nof ffmpeg"));
        await().until(() -> new Leases(database, LIFE).promoteDue() == 1);
        LeasedStep lost = claim();
        new Leases(database, LIFE).renew("worker-1", List.of(new LeaseReport(lost.lease(), job, 0.4, "Reading")));
        database.withHandle(handle -> handle.execute("UPDATE lease SET lease_until = now() - interval '1 second'"));
        assertThat(new Leases(database, LIFE).reapExpired()).isEqualTo(1);
        new Leases(database, LIFE).release(claim().lease());
        registry.leave("worker-1");
        LeasedStep last = claim();
        assertThat(only(timelines.find(job).orElseThrow()).attempts().getLast().outcome())
                .as("the one that runs")
                .isEmpty();
        complete(last, List.of(output(last, "a"), output(last, "b")));

        JobTimeline.Step step = only(timelines.find(job).orElseThrow());

        assertThat(step.state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(step.attempts())
                .extracting(StepAttempt::attempt, attempt -> attempt.outcome().orElseThrow())
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1, "retrying"),
                        org.assertj.core.groups.Tuple.tuple(2, "lease_expired"),
                        org.assertj.core.groups.Tuple.tuple(3, "released"),
                        org.assertj.core.groups.Tuple.tuple(4, "succeeded"));
        assertThat(step.attempts()).allSatisfy(attempt -> {
            assertThat(attempt.worker()).isEqualTo("worker-1");
            assertThat(attempt.host())
                    .as("also of one that took its leave meanwhile")
                    .contains("host-1");
            assertThat(attempt.readyAt()).isBeforeOrEqualTo(attempt.startedAt());
            assertThat(attempt.finishedAt().orElseThrow()).isAfterOrEqualTo(attempt.startedAt());
        });
        StepAttempt killed = step.attempts().getFirst();
        assertThat(killed.error().orElseThrow().code()).isEqualTo("process_killed");
        assertThat(killed.log()).contains("last words\nof ffmpeg");
        assertThat(step.attempts().get(1).progress()).isEqualTo(0.4);
        assertThat(step.attempts().get(1).message()).contains("Reading");
        assertThat(step.attempts().getLast().progress()).isEqualTo(1);
        assertThat(step.outputs()).extracting(Output::path).containsExactly("a", "b");
        assertThat(step.outputCount()).isEqualTo(2);
        assertThat(step.outputBytes()).isEqualTo(20);
    }

    @Test
    void theTimelineSaysWhatWaitsForWhatAndHidesNoEnd() {
        JobId job = submit("alice");
        plan(claim(), step("poster", false, "metadata"), step("finish", true, "poster", "metadata"));
        claim();
        control.cancel(ALICE, job);

        List<JobTimeline.Step> steps = timelines.find(job).orElseThrow().steps();

        assertThat(steps).extracting(JobTimeline.Step::name).containsExactly("metadata", "poster", "finish");
        assertThat(steps.getLast().dependsOn()).containsExactly("metadata", "poster");
        assertThat(steps.getLast().readyAt()).isEmpty();
        assertThat(steps.getLast().attempts()).isEmpty();
        assertThat(steps.get(1).state()).isEqualTo(StepState.CANCELLED);
        assertThat(steps.get(1).attempts().getFirst().outcome()).contains("cancelled");
        assertThat(timelines.find(JobId.create(Instant.now()))).isEmpty();
    }

    @Test
    void ofManyOutputsTheFirstAreListedAndAllAreCounted() {
        JobId job = submit("alice");
        LeasedStep step = claim();
        complete(
                step,
                IntStream.range(0, 25)
                        .mapToObj(number -> output(step, String.format(Locale.ROOT, "hls/%03d.m4s", number)))
                        .toList());

        JobTimeline.Step seen = only(timelines.find(job).orElseThrow());

        assertThat(seen.outputs()).hasSize(10);
        assertThat(seen.outputs().getFirst().path()).isEqualTo("hls/000.m4s");
        assertThat(seen.outputCount()).isEqualTo(25);
    }

    @Test
    void oneStepIsRetriedAloneAndOnlyWhereThatCanHelp() {
        JobId job = submit("alice");
        plan(claim(), step("poster", false, "metadata"), step("waveform", false, "metadata"));
        outcomes(0).failForGood(claim(), trouble());
        outcomes(0).failForGood(claim(), trouble());

        assertThat(control.retryStep(new OwnerId("bob"), job, "poster")).isInstanceOf(ControlResult.NotFound.class);
        assertThat(control.retryStep(ALICE, job, "poser")).isInstanceOf(ControlResult.NotFound.class);
        assertThat(control.retryStep(ALICE, job, "metadata")).isInstanceOf(ControlResult.NotPossible.class);
        assertThat(control.retryStep(ALICE, job, "poster")).isInstanceOf(ControlResult.Done.class);

        LeasedStep again = claim();
        assertThat(again.name()).isEqualTo("poster");
        assertThat(queue.claim(QueueName.METADATA, "worker-1", 5))
                .as("the other one stays as it is")
                .isEmpty();
        complete(again, List.of());
        assertThat(operations.deadLetters().page(Optional.empty(), 10).letters())
                .extracting(DeadLetters.DeadLetter::step)
                .containsExactly("waveform");
    }

    @Test
    void aRequiredStepIsRetriedAsItsJobIs() {
        JobId job = submit("alice");
        outcomes(0).retryLater(claim(), trouble());

        assertThat(control.retryStep(ALICE, job, "metadata"))
                .isEqualTo(new ControlResult.Done(dev.claimcheck.job.JobStatus.PENDING));

        assertThat(claim().lease().attempt()).isEqualTo(2);
    }

    @Test
    void queuesAreCountedAndTheirWaitIsMeasured() {
        submit("alice");
        submit("alice");
        database.withHandle(handle -> handle.execute("UPDATE ready SET since = now() - interval '90 seconds'"));
        LeasedStep running = claim();
        new Leases(database, LIFE)
                .renew("worker-1", List.of(new LeaseReport(running.lease(), running.jobId(), 0.25, "Reading")));

        Overview overview = operations.overviews().take();

        QueueFigures metadata = overview.queues().getFirst();
        assertThat(metadata.queue()).isEqualTo(QueueName.METADATA);
        assertThat(metadata.waiting()).isEqualTo(1);
        assertThat(metadata.running()).isEqualTo(1);
        assertThat(metadata.capacity()).isEqualTo(4);
        assertThat(metadata.oldestWaitSeconds()).isBetween(90.0, 120.0);
        assertThat(metadata.startedPerMinute()).isEqualTo(1);
        assertThat(metadata.lagSeconds())
                .as("what the one that was started had waited")
                .isBetween(90.0, 120.0);
        assertThat(overview.queues().get(1).capacity())
                .as("nobody takes thumbnails")
                .isZero();
        WorkerFigures worker = overview.workers().getFirst();
        assertThat(worker.life()).isEqualTo(WorkerFigures.Life.ALIVE);
        assertThat(worker.doing()).hasSize(1);
        assertThat(worker.doing().getFirst().filename()).isEqualTo("clip.mp4");
        assertThat(worker.doing().getFirst().progress()).isEqualTo(0.25);

        complete(running, List.of());
        Overview later = operations.overviews().take();
        assertThat(later.queues().getFirst().finishedPerMinute()).isEqualTo(1);
        assertThat(later.doneLastHour()).isEqualTo(1);
        outcomes(0).failForGood(claim(), trouble());
        assertThat(operations.overviews().take().failedLastHour()).isEqualTo(1);
    }

    @Test
    void aWorkerIsSeenToGoAndToFallSilent() {
        submit("alice");
        claim();
        registry.enter("worker-2", "host-2", Map.of(QueueName.METADATA, 1));
        registry.leave("worker-1");
        database.withHandle(handle -> handle.execute(
                "UPDATE worker SET alive_until = now() - interval '2 seconds' WHERE worker = 'worker-2'"));

        assertThat(operations.overviews().take().workers())
                .extracting(WorkerFigures::worker, WorkerFigures::life)
                .as("the one that leaves still has something to do")
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("worker-1", WorkerFigures.Life.LEAVING),
                        org.assertj.core.groups.Tuple.tuple("worker-2", WorkerFigures.Life.SILENT));

        registry.enter("worker-1", "host-1", Map.of(QueueName.METADATA, 1));
        database.withHandle(handle -> handle.execute(
                "UPDATE worker SET alive_until = now() - interval '2 minutes' WHERE worker = 'worker-2'"));
        assertThat(operations.overviews().take().workers())
                .extracting(WorkerFigures::worker, WorkerFigures::life)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("worker-1", WorkerFigures.Life.ALIVE));
    }

    @Test
    void deadLettersComeNewestFirstPageByPage() {
        for (int number = 0; number < 5; number++) {
            submit("owner" + number);
            outcomes(0).failForGood(claim(), trouble());
        }

        DeadLetters letters = operations.deadLetters();
        DeadLetters.Page first = letters.page(Optional.empty(), 2);
        DeadLetters.Page second = letters.page(first.next(), 2);
        DeadLetters.Page third = letters.page(second.next(), 2);

        assertThat(owners(first, second, third)).containsExactly("owner4", "owner3", "owner2", "owner1", "owner0");
        assertThat(third.next()).isEmpty();
        assertThat(first.letters().getFirst().error().code()).isEqualTo("undecodable");
        assertThat(first.letters().getFirst().attempts()).isEqualTo(1);
        assertThat(first.letters().getFirst().retryAllowed()).isFalse();
        assertThatThrownBy(() -> letters.page(Optional.of("x"), 2)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void deadLettersAreRetriedTogetherByWhatTheyHaveInCommon() {
        JobId bad = submit("alice");
        outcomes(0).failForGood(claim(), trouble());
        JobId unlucky = submit("bob");
        outcomes(0).retryLater(claim(), new StepError("process_killed", "It was killed.", null));
        DeadLetters letters = operations.deadLetters();

        assertThat(letters.retry(choice(Optional.of(QueueName.THUMBNAILS), Optional.empty(), Set.of())))
                .isEqualTo(new DeadLetters.Retried(0, false));
        assertThat(letters.retry(choice(Optional.empty(), Optional.empty(), Set.of())))
                .as("what can be helped")
                .isEqualTo(new DeadLetters.Retried(1, false));
        assertThat(claim().jobId()).isEqualTo(unlucky);
        assertThat(letters.retry(choice(Optional.empty(), Optional.of("undecodable"), Set.of(unlucky))))
                .as("both must fit")
                .isEqualTo(new DeadLetters.Retried(0, false));
        assertThat(letters.retry(choice(Optional.empty(), Optional.of("undecodable"), Set.of())))
                .as("what is named is meant, helped or not")
                .isEqualTo(new DeadLetters.Retried(1, false));
        assertThat(claim().jobId()).isEqualTo(bad);
        assertThat(letters.page(Optional.empty(), 10).letters()).isEmpty();
    }

    @Test
    void ownersAreListedWithWhatTheyHave() {
        JobId job = submit("alice");
        LeasedStep step = claim();
        complete(step, List.of(output(step, "a"), output(step, "b")));
        submit("bob");
        submit("bob");
        claim();

        List<Owners.Owner> owners = operations.owners().all();

        assertThat(owners).extracting(owner -> owner.owner().value()).containsExactly("alice", "bob");
        assertThat(owners.getFirst().openJobs()).isZero();
        assertThat(owners.getFirst().stored()).isEqualTo(new StorageUse.Use(1, 3, 1_020));
        assertThat(owners.getFirst().lastActivity()).isPresent();
        assertThat(owners.getLast().openJobs()).isEqualTo(2);
        assertThat(owners.getLast().runningSteps()).isEqualTo(1);
        assertThat(operations.use().total().jobs()).isEqualTo(3);
        assertThat(timelines.find(job)).isPresent();
    }

    @Test
    void historyIsSampledOnceForAllAndForgottenAfterADay() {
        submit("alice");
        LeasedStep running = claim();
        submit("alice");
        complete(running, List.of());
        // What happened now belongs to ten seconds that have not ended: it happened a little earlier.
        database.withHandle(
                handle -> handle.execute(
                        "UPDATE step_attempt SET started_at = started_at - interval '11 seconds', finished_at = finished_at - interval '11 seconds'"));
        database.withHandle(handle -> handle.execute(
                "INSERT INTO queue_sample SELECT now() - interval '25 hours', 'metadata', 1, 1, 1, 1, 1, 1"));

        assertThat(database.inTransaction(QueueSampler::sample)).isTrue();
        boolean again = database.inTransaction(QueueSampler::sample);

        List<Integer> samples =
                database.withHandle(handle -> handle.createQuery("SELECT count(*)::int FROM queue_sample GROUP BY at")
                        .mapTo(Integer.class)
                        .list());
        assertThat(samples)
                .as("one for each ten seconds, though the second call may be in the next ten; none of yesterday")
                .hasSize(again ? 2 : 1)
                .containsOnly(3);
        QueueHistory.History history = operations.history().read(60);
        assertThat(history.resolution()).isEqualTo(Duration.ofSeconds(10));
        assertThat(history.points().getFirst().queues()).containsOnlyKeys("metadata", "thumbnails", "video_processing");
        assertThat(history.points().getFirst().queues())
                .extractingByKey("metadata")
                .extracting(QueueHistory.Figures::waiting)
                .isEqualTo(1);
        assertThat(history.points().getFirst().at().getEpochSecond() % 10).isZero();
    }

    @Test
    void aDayOfHistoryFitsAChart() {
        assertThat(QueueHistory.resolution(1)).isEqualTo(Duration.ofSeconds(10));
        assertThat(QueueHistory.resolution(60)).isEqualTo(Duration.ofSeconds(10));
        assertThat(QueueHistory.resolution(61)).isEqualTo(Duration.ofSeconds(20));
        assertThat(QueueHistory.resolution(24 * 60)).isEqualTo(Duration.ofMinutes(4));
        database.withHandle(handle -> handle.execute("""
                INSERT INTO queue_sample
                SELECT date_bin('240 seconds', now(), 'epoch') - make_interval(secs => 10 * n), 'metadata', n, 1, 2.5, 1, 2, 3
                FROM generate_series(0, 23) AS n
                """));

        List<QueueHistory.Point> points = operations.history().read(24 * 60).points();

        assertThat(points).hasSize(1);
        assertThat(points.getFirst().queues())
                .extractingByKey("metadata")
                .isEqualTo(new QueueHistory.Figures(23, 1, 2.5, 24, 48, 72));
    }

    private static List<String> owners(DeadLetters.Page... pages) {
        return java.util.Arrays.stream(pages)
                .flatMap(page -> page.letters().stream())
                .map(letter -> letter.owner().value())
                .toList();
    }

    private static DeadLetters.Choice choice(Optional<QueueName> queue, Optional<String> code, Set<JobId> jobs) {
        return new DeadLetters.Choice(queue, code, jobs);
    }

    private static JobTimeline.Step only(JobTimeline timeline) {
        assertThat(timeline.steps()).hasSize(1);
        return timeline.steps().getFirst();
    }

    private static StepError trouble() {
        return new StepError("undecodable", "It is damaged.", "a line");
    }

    private StepOutcomes outcomes(int retries) {
        return new StepOutcomes(
                database,
                new RetryPolicy(retries, Duration.ofMillis(1)),
                new SourceRetention(Optional.empty()),
                new Random(1));
    }

    private LeasedStep claim() {
        return queue.claim(QueueName.METADATA, "worker-1", 1).getFirst();
    }

    private void complete(LeasedStep step, List<Output> outputs) {
        assertThat(outcomes(3).complete(step, new StepOutcome.Succeeded(json(), outputs, List.of(), Optional.empty())))
                .isTrue();
    }

    private void plan(LeasedStep step, PlannedStep... plan) {
        assertThat(outcomes(3)
                        .complete(step, new StepOutcome.Succeeded(json(), List.of(), List.of(plan), Optional.empty())))
                .isTrue();
    }

    private static Output output(LeasedStep step, String path) {
        return new Output(path, step.outputPrefix() + path, "text/plain", 10);
    }

    private static PlannedStep step(String name, boolean required, String... needs) {
        return new PlannedStep(name, name, QueueName.METADATA, required, List.of(needs), 1, json());
    }

    private JobId submit(String owner) {
        JobId id = JobId.create(Instant.now());
        Digest digest = new Digest(String.format(Locale.ROOT, "%064x", COUNTER.incrementAndGet()));
        new JobIntake(database)
                .submit(new NewJob(
                        id,
                        new OwnerId(owner),
                        "clip.mp4",
                        null,
                        new Processing("web", JobOptions.NONE),
                        Priority.NORMAL,
                        1_000,
                        digest,
                        digest,
                        "sources/" + id,
                        step("metadata", true)));
        return id;
    }

    private static ObjectNode json() {
        return JsonMapper.shared().createObjectNode();
    }
}
