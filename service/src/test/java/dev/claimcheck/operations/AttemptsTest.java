package dev.claimcheck.operations;

import static dev.claimcheck.queue.JobsOnDatabase.WORKER;
import static dev.claimcheck.queue.JobsOnDatabase.output;
import static dev.claimcheck.queue.JobsOnDatabase.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobTimeline;
import dev.claimcheck.job.LeaseReport;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepAttempt;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.Timelines;
import dev.claimcheck.job.WorkerRegistry;
import dev.claimcheck.queue.JobsOnDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What operators see of a job's steps and their attempts. */
class AttemptsTest {
    private static final Duration LIFE = Duration.ofSeconds(15);

    private final JobsOnDatabase jobs = JobsOnDatabase.open(Duration.ofMinutes(5));
    private final Leases leases = new Leases(jobs.database(), LIFE);
    private final Timelines timelines = new Timelines(jobs.database());

    @AfterEach
    void close() {
        jobs.close();
    }

    @Test
    void everyAttemptIsRememberedWithItsPlaceAndItsEnd() {
        WorkerRegistry registry = new WorkerRegistry(jobs.database(), LIFE);
        registry.enter(WORKER, "host-1", Map.of(QueueName.METADATA, 4, QueueName.VIDEO_PROCESSING, 2));
        JobId job = jobs.submit("alice");
        jobs.outcomes(3)
                .retryLater(
                        jobs.claim(),
                        new StepError("process_killed", "It was killed.", "exit code 137", "last words\nof ffmpeg"));
        await().until(() -> leases.promoteDue() == 1);
        LeasedStep lost = jobs.claim();
        leases.renew(WORKER, List.of(new LeaseReport(lost.lease(), job, 0.4, "Reading")));
        jobs.database()
                .withHandle(handle -> handle.execute("UPDATE lease SET lease_until = now() - interval '1 second'"));
        assertThat(leases.reapExpired()).isEqualTo(1);
        leases.release(jobs.claim().lease());
        registry.leave(WORKER);
        LeasedStep last = jobs.claim();
        assertThat(only(timelines.find(job).orElseThrow()).attempts().getLast().outcome())
                .as("the one that runs")
                .isEmpty();
        jobs.complete(last, output(last, "a"), output(last, "b"));

        JobTimeline.Step step = only(timelines.find(job).orElseThrow());

        assertThat(step.state()).isEqualTo(StepState.SUCCEEDED);
        assertThat(step.attempts())
                .extracting(StepAttempt::attempt, attempt -> attempt.outcome().orElseThrow())
                .containsExactly(
                        tuple(1, "retrying"), tuple(2, "lease_expired"), tuple(3, "released"), tuple(4, "succeeded"));
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
        JobId job = jobs.submit("alice");
        jobs.plan(jobs.claim(), step("poster", false, "metadata"), step("finish", true, "poster", "metadata"));
        jobs.claim();
        jobs.control().cancel(new OwnerId("alice"), job);

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
        JobId job = jobs.submit("alice");
        LeasedStep step = jobs.claim();
        jobs.complete(
                step,
                IntStream.range(0, 25)
                        .mapToObj(number -> output(step, String.format(Locale.ROOT, "hls/%03d.m4s", number)))
                        .toArray(Output[]::new));

        JobTimeline.Step seen = only(timelines.find(job).orElseThrow());

        assertThat(seen.outputs()).hasSize(10);
        assertThat(seen.outputs().getFirst().path()).isEqualTo("hls/000.m4s");
        assertThat(seen.outputCount()).isEqualTo(25);
    }

    private static JobTimeline.Step only(JobTimeline timeline) {
        assertThat(timeline.steps()).hasSize(1);
        return timeline.steps().getFirst();
    }
}
