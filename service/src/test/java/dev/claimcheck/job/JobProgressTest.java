package dev.claimcheck.job;

import static dev.claimcheck.job.JobBuilder.START;
import static dev.claimcheck.job.JobBuilder.aRunningJob;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobProgressTest {
    @Test
    void theProbeTakesTheFirstThreePercent() {
        assertThat(JobProgress.percent(
                        aRunningJob().with("metadata", StepState.RUNNING, 1, 0).build()))
                .isEqualTo(1);
        assertThat(JobProgress.percent(
                        aRunningJob().with("metadata", StepState.RUNNING, 1, 1).build()))
                .isEqualTo(3);
    }

    @Test
    void plannedStepsCountByTheirCost() {
        JobView job = aRunningJob()
                .with("metadata", StepState.SUCCEEDED, 1, 1)
                .with("transcode", StepState.RUNNING, 9, 0.5)
                .with("package", StepState.WAITING, 1, 0)
                .with("finish", StepState.WAITING, 0.1, 0)
                .build();

        assertThat(JobProgress.percent(job)).isEqualTo(3 + Math.round(950 * 0.45) / 10.0);
    }

    @Test
    void aStepThatIsTriedAgainKeepsWhatItReached() {
        JobView before = aRunningJob()
                .with("transcode", StepState.RUNNING, 9, 0.8)
                .with("finish", StepState.WAITING, 1, 0)
                .build();
        JobView after = aRunningJob()
                .with("transcode", StepState.READY, 9, 0.8)
                .with("finish", StepState.WAITING, 1, 0)
                .build();

        assertThat(JobProgress.percent(after)).isEqualTo(JobProgress.percent(before));
    }

    @Test
    void anOptionalStepThatFailedIsBehindUs() {
        JobView job = aRunningJob()
                .with("thumbnail", StepState.FAILED, 1, 0, false)
                .with("transcode", StepState.SUCCEEDED, 9, 1)
                .with("finish", StepState.READY, 1, 0)
                .build();

        assertThat(JobProgress.percent(job)).isEqualTo(98);
    }

    @Test
    void theEstimateFollowsTheMeasuredSpeed() {
        JobView job = aRunningJob()
                .with("transcode", StepState.RUNNING, 100, 0.5)
                .with("package", StepState.WAITING, 2, 0)
                .with("finish", StepState.WAITING, 1, 0)
                .build();

        // Half of it took 20 s, so the other half takes 20 s; three more units of cost at the same 0.4 s each.
        assertThat(CompletionEstimate.at(job, START.plusSeconds(20)))
                .hasValueSatisfying(at -> assertThat(Duration.between(START.plusSeconds(20), at))
                        .isBetween(Duration.ofMillis(21_000), Duration.ofMillis(21_400)));
    }

    @Test
    void thereIsNoEstimateBeforeThePlan() {
        assertThat(CompletionEstimate.at(
                        aRunningJob()
                                .with("metadata", StepState.RUNNING, 1, 0.1)
                                .build(),
                        START))
                .isEmpty();
    }
}
