package dev.claimcheck.upload;

import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobIntake;
import dev.claimcheck.job.NewJob;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.Priority;
import dev.claimcheck.job.Processing;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import java.time.InstantSource;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Turns streamed files into jobs. Thread-safe. */
public final class Uploads {
    private final ObjectStore store;
    private final JobIntake intake;
    private final Supplier<PlannedStep> firstStep;
    private final InstantSource clock;

    /** @param firstStep the step every job starts with */
    public Uploads(ObjectStore store, JobIntake intake, Supplier<PlannedStep> firstStep, InstantSource clock) {
        this.store = store;
        this.intake = intake;
        this.firstStep = firstStep;
        this.clock = clock;
    }

    /** An upload that has begun: the id its job will have, and the file to stream into. The caller closes the file. */
    public record Begun(JobId jobId, IncomingFile file) {}

    /** What the uploader said of the file. */
    public record Described(
            OwnerId owner, FileName name, @Nullable String contentType, Processing processing, Priority priority) {}

    /**
     * Starts an upload.
     *
     * @param size in bytes, -1 where it is not known
     * @throws dev.claimcheck.storage.StorageFullException when there is no space for it
     */
    public Begun begin(long size) {
        JobId id = JobId.create(clock.instant());
        String key = sourceKey(id);
        store.reserve(key, size);
        try {
            return new Begun(id, new IncomingFile(store.create(key), () -> store.release(key)));
        } catch (RuntimeException e) {
            store.release(key);
            throw e;
        }
    }

    /**
     * Ends an upload: when this returns, its bytes and its job are durable. Bytes that turn out to be known are dropped.
     *
     * @throws dev.claimcheck.storage.StorageException and nothing is kept
     * @throws dev.claimcheck.database.DatabaseUnavailableException when it is unknown whether the job was made; the same upload again
     *     finds it if so, and its bytes are swept if not
     */
    public Submission finish(Begun upload, Described described) {
        String sourceKey = sourceKey(upload.jobId());
        IncomingFile file = upload.file();
        file.commit();
        Fingerprint fingerprint = file.fingerprint(described.name());
        Submission submission = intake.submit(new NewJob(
                upload.jobId(),
                described.owner(),
                described.name().text(),
                described.contentType(),
                described.processing(),
                described.priority(),
                file.size(),
                fingerprint.sha256(),
                fingerprint.contentKey(),
                sourceKey,
                firstStep.get()));
        boolean wanted = switch (submission) {
            case Submission.Created _ -> true;
            case Submission.Existing _ -> false;
            case Submission.Reopened reopened -> reopened.sourceTaken();
        };
        if (!wanted) {
            store.deletePrefix(sourceKey);
        }
        return submission;
    }

    private static String sourceKey(JobId id) {
        return "sources/" + id;
    }
}
