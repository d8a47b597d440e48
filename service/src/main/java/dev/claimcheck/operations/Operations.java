package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobControl;

/** What operators look at and do. Thread-safe. */
public record Operations(
        Overviews overviews, QueueHistory history, DeadLetters deadLetters, StorageUse use, Owners owners) {

    /** All of it on that database. */
    public static Operations of(Database database, JobControl control) {
        StorageUse use = new StorageUse(database, System::nanoTime);
        return new Operations(
                new Overviews(database),
                new QueueHistory(database),
                new DeadLetters(database, control),
                use,
                new Owners(database, use));
    }
}
