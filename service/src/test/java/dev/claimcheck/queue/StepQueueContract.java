package dev.claimcheck.queue;

import static dev.claimcheck.queue.JobsOnDatabase.offering;
import static dev.claimcheck.queue.JobsOnDatabase.output;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.LeasedStep;
import dev.claimcheck.job.SourceRetention;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.job.StepOutcomes;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;

/**
 * What every transport of steps promises, by subject: the tests of a transport extend {@link StepHandoutContract} and {@link StepOutcomeContract}, each with jobs on the real thing.
 */
public abstract class StepQueueContract {
    static final StepError TROUBLE = new StepError("trouble", "There was trouble. It is tried again.", null);

    final JobsOnDatabase jobs;

    /** @param jobs closed after each test */
    StepQueueContract(JobsOnDatabase jobs) {
        this.jobs = jobs;
    }

    @AfterEach
    void close() {
        jobs.close();
    }

    /** So many retries; a source is not kept beyond its job. */
    final StepOutcomes outcomes(int retries) {
        return jobs.outcomes(retries, new SourceRetention(Optional.of(Duration.ZERO)));
    }

    final JobStatus status(JobId job) {
        return jobs.view(job).status();
    }

    final int count(String sql) {
        return jobs.database()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }

    static StepOutcome.Succeeded succeeded(LeasedStep step) {
        return offering(output(step, "result"));
    }
}
