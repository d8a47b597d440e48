package dev.claimcheck.estimate;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobView;
import java.time.Instant;

/** Says of open jobs when they will be done, and how many are before them. Thread-safe. */
public final class Outlooks {
    private final ConditionsSource conditions;

    public Outlooks(Database database) {
        this.conditions = new ConditionsSource(database, System::nanoTime);
    }

    /**
     * The outlook of a job as it was seen at {@code now}. Usually computed from memory; at most every two seconds it asks the database.
     *
     * @throws dev.claimcheck.database.DatabaseUnavailableException when it is away
     */
    public Outlook of(JobView job, Instant now) {
        return switch (job.status()) {
            case PENDING, IN_PROGRESS -> CompletionEstimator.outlook(job, conditions.current(), now);
            case UPLOADING, COMPLETED, FAILED, CANCELLED, EXPIRED -> Outlook.NONE;
        };
    }
}
