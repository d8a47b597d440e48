package dev.claimcheck.job;

import static dev.claimcheck.job.JobBuilder.aRunningJob;
import static org.assertj.core.api.Assertions.assertThat;

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
}
