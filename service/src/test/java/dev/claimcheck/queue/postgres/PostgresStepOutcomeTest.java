package dev.claimcheck.queue.postgres;

import dev.claimcheck.queue.JobsOnDatabase;
import dev.claimcheck.queue.StepOutcomeContract;
import java.time.Duration;

class PostgresStepOutcomeTest extends StepOutcomeContract {
    PostgresStepOutcomeTest() {
        super(JobsOnDatabase.open(Duration.ofMillis(300)));
    }
}
