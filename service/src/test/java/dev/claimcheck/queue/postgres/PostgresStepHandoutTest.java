package dev.claimcheck.queue.postgres;

import dev.claimcheck.queue.JobsOnDatabase;
import dev.claimcheck.queue.StepHandoutContract;
import java.time.Duration;

class PostgresStepHandoutTest extends StepHandoutContract {
    PostgresStepHandoutTest() {
        super(JobsOnDatabase.open(Duration.ofMillis(300)));
    }
}
