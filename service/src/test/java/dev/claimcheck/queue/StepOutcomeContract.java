package dev.claimcheck.queue;

import static dev.claimcheck.queue.JobsOnDatabase.offering;
import static dev.claimcheck.queue.JobsOnDatabase.output;
import static dev.claimcheck.queue.JobsOnDatabase.planning;
import static dev.claimcheck.queue.JobsOnDatabase.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobProgress;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.Leases;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.StepOutcome;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Outcomes: what becomes ready, is tried again, made again or ended by how a step ended. */
public abstract class StepOutcomeContract extends StepQueueContract {
    protected StepOutcomeContract(JobsOnDatabase jobs) {
        super(jobs);
    }

    @Test
    void successMakesTheNextStepsReady() {
        JobId job = jobs.submit("alice");
        finishFirst(step("a", true, "metadata"), step("b", true, "metadata"), step("c", true, "a", "b"));

        List<LeasedStep> parallel = jobs.claimAll();
        assertThat(parallel.stream().map(LeasedStep::name)).containsExactlyInAnyOrder("a", "b");
        outcomes(3).complete(parallel.get(0), succeeded(parallel.get(0)));
        assertThat(jobs.claimAll()).isEmpty();
        outcomes(3).complete(parallel.get(1), succeeded(parallel.get(1)));
        LeasedStep last = jobs.claimAll().getFirst();
        assertThat(last.name()).isEqualTo("c");
        assertThat(status(job)).isEqualTo(JobStatus.IN_PROGRESS);
        outcomes(3).complete(last, succeeded(last));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void troubleIsTriedAgainAFewTimesAndThenFailsWithARetryAllowed() {
        JobId job = jobs.submit("alice");
        Leases leases = new Leases(jobs.database(), Duration.ofSeconds(15));
        for (int attempt = 1; attempt <= 3; attempt++) {
            LeasedStep step = jobs.claimAll().getFirst();
            assertThat(step.lease().attempt()).isEqualTo(attempt);
            assertThat(outcomes(2).retryLater(step, TROUBLE)).isTrue();
            if (attempt < 3) {
                assertThat(jobs.claimAll()).as("it waits for its back-off").isEmpty();
                await().until(() -> leases.promoteDue() == 1);
            }
        }
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(jobs.view(job).retryAllowed()).isTrue();

        assertThat(jobs.control().retry(new OwnerId("alice"), job))
                .isEqualTo(new ControlResult.Done(JobStatus.PENDING));
        LeasedStep again = jobs.claimAll().getFirst();
        assertThat(again.lease().attempt())
                .as("attempts are never numbered twice")
                .isEqualTo(4);
        outcomes(2).complete(again, succeeded(again));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void aRetryRepeatsOnlyWhatFailed() {
        JobId job = jobs.submit("alice");
        finishFirst(step("a", true, "metadata"), step("b", true, "a"));
        LeasedStep a = jobs.claimAll().getFirst();
        outcomes(0).complete(a, succeeded(a));
        outcomes(0).failForGood(jobs.claimAll().getFirst(), TROUBLE);
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(jobs.view(job).retryAllowed()).isFalse();

        jobs.control().retry(new OwnerId("alice"), job);

        assertThat(jobs.claimAll().stream().map(LeasedStep::name)).containsExactly("b");
    }

    @Test
    void whatWasLostIsMadeAgainAloneAndThenUsed() {
        JobId job = jobs.submit("alice");
        finishFirst(
                step("a", true, "metadata"),
                step("b", true, "metadata"),
                step("c", true, "a", "b"),
                step("d", true, "c"));
        jobs.claimAll()
                .forEach(step -> assertThat(outcomes(1).complete(step, offering(output(step, step.name()))))
                        .isTrue());
        LeasedStep c = jobs.claimAll().getFirst();
        double before = JobProgress.percent(jobs.view(job));

        assertThat(outcomes(1).makeAgain(c, new StepOutcome.MadeBadly(List.of("a"), TROUBLE)))
                .isTrue();

        assertThat(JobProgress.percent(jobs.view(job))).as("progress stays").isGreaterThanOrEqualTo(before);
        assertThat(outcomes(1).complete(c, succeeded(c)))
                .as("its lease is gone")
                .isFalse();
        LeasedStep again = jobs.claimAll().getFirst();
        assertThat(again.name()).isEqualTo("a");
        assertThat(again.lease().attempt()).isEqualTo(2);
        assertThat(jobs.claimAll()).as("all else waits").isEmpty();
        outcomes(1).complete(again, offering(output(again, "a")));
        assertThat(jobs.queries().output(job, "a").orElseThrow().objectKey()).startsWith(again.outputPrefix());
        assertThat(count("SELECT count(*) FROM garbage WHERE prefix = 'jobs/" + job + "/"
                        + again.lease().stepId() + "-1/'"))
                .as("what was damaged is swept")
                .isEqualTo(1);
        LeasedStep last = jobs.claimAll().getFirst();
        assertThat(last.name()).isEqualTo("c");
        outcomes(1).complete(last, succeeded(last));
        LeasedStep d = jobs.claimAll().getFirst();
        outcomes(1).complete(d, succeeded(d));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
    }

    @Test
    void storageThatLosesEverythingEndsTheJob() {
        JobId job = jobs.submit("alice");
        finishFirst(step("a", true, "metadata"), step("b", true, "a"));
        for (int round = 0; round < 3; round++) {
            LeasedStep a = jobs.claimAll().getFirst();
            outcomes(2).complete(a, offering(output(a, "a")));
            outcomes(2).makeAgain(jobs.claimAll().getFirst(), new StepOutcome.MadeBadly(List.of("a"), TROUBLE));
        }
        assertThat(status(job)).isEqualTo(JobStatus.FAILED);
        assertThat(jobs.view(job).retryAllowed()).isTrue();
    }

    /** All of the sound takes the place of its beginning, also where the beginning is made again later. */
    @Test
    void anEarlierStepDoesNotTakeOverWhatALaterOneOffers() {
        JobId job = jobs.submit("alice");
        finishFirst(step("intro", true, "metadata"), step("sound", true, "intro"), step("end", true, "intro", "sound"));
        LeasedStep intro = jobs.claimAll().getFirst();
        outcomes(1).complete(intro, offering(output(intro, "picture"), output(intro, "sound")));
        LeasedStep sound = jobs.claimAll().getFirst();
        outcomes(1).complete(sound, offering(output(sound, "sound")));
        outcomes(1).makeAgain(jobs.claimAll().getFirst(), new StepOutcome.MadeBadly(List.of("picture"), TROUBLE));

        LeasedStep again = jobs.claimAll().getFirst();
        outcomes(1).complete(again, offering(output(again, "picture"), output(again, "sound")));

        assertThat(jobs.queries().output(job, "sound").orElseThrow().objectKey())
                .startsWith(sound.outputPrefix());
        assertThat(jobs.queries().output(job, "picture").orElseThrow().objectKey())
                .startsWith(again.outputPrefix());
    }

    @Test
    void anOptionalStepThatFailsLeavesAWarningAndCanBeRetriedAlone() {
        JobId job = jobs.submit("alice");
        finishFirst(step("poster", false, "metadata"), step("finish", true, "poster"));
        outcomes(0).failForGood(jobs.claimAll().getFirst(), TROUBLE);
        LeasedStep finish = jobs.claimAll().getFirst();
        outcomes(0).complete(finish, succeeded(finish));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
        assertThat(jobs.view(job).warnings()).hasSize(1);

        jobs.control().retry(new OwnerId("alice"), job);
        LeasedStep poster = jobs.claimAll().getFirst();
        assertThat(poster.name()).isEqualTo("poster");
        outcomes(0).complete(poster, succeeded(poster));
        assertThat(status(job)).isEqualTo(JobStatus.COMPLETED);
        assertThat(jobs.view(job).warnings()).isEmpty();
    }

    /** The one step of a new job ends with that plan. */
    private void finishFirst(PlannedStep... plan) {
        outcomes(0).complete(jobs.claimAll().getFirst(), planning(plan));
    }
}
