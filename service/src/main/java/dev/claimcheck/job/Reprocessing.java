package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Has the source of a job processed again, otherwise, as a job of its own: nothing is sent or copied. The jobs share the source, and the sweeper keeps it as long as one of them needs it. Thread-safe.
 */
public final class Reprocessing {
    /**
     * The source, also one that was given up and is still kept for a while. One that is due soon is left to the sweeper, which may have taken it on already.
     */
    private static final String SOURCE = """
            SELECT filename, content_type, priority, size_bytes, content_sha256, content_key,
                   coalesce(source_key, (SELECT j.released_source
                                         WHERE EXISTS (SELECT FROM garbage WHERE prefix = j.released_source)
                                           AND NOT EXISTS (SELECT FROM garbage
                                                           WHERE prefix = j.released_source AND due <= now() + interval '2 minutes')))
                   AS source
            FROM job j WHERE job_id = :job
            """;

    private final Database database;
    private final Supplier<PlannedStep> firstStep;
    private final InstantSource clock;

    /** @param firstStep the step every job starts with */
    public Reprocessing(Database database, Supplier<PlannedStep> firstStep, InstantSource clock) {
        this.database = database;
        this.firstStep = firstStep;
        this.clock = clock;
    }

    /** What came of it. */
    public sealed interface Result {
        /** There is a job for it: a new one, or one of the same content and wishes that was there. */
        record Submitted(Submission submission) implements Result {}

        /** The source cannot be processed again; {@code reason} is for the client. */
        record NotPossible(String reason) implements Result {}

        /** The owner has no such job. */
        record NotFound() implements Result {}
    }

    /**
     * Submits the job's source once more.
     *
     * @param priority of the new job; empty for that of the old one
     */
    public Result process(OwnerId owner, JobId id, Processing processing, Optional<Priority> priority) {
        return database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                .map(job -> process(handle, job, processing, priority))
                .orElseGet(Result.NotFound::new));
    }

    private Result process(Handle handle, JobRow job, Processing processing, Optional<Priority> priority) {
        return switch (job.status()) {
            case UPLOADING -> new Result.NotPossible("The file has not arrived yet. Wait until it has.");
            case CANCELLED, EXPIRED ->
                new Result.NotPossible("The job was called off and its file is gone. Upload the file again.");
            case PENDING, IN_PROGRESS, COMPLETED, FAILED ->
                handle.createQuery(SOURCE)
                        .bind("job", job.id().value())
                        .map((row, _) -> submit(handle, job, Source.of(row), processing, priority))
                        .one();
        };
    }

    private Result submit(
            Handle handle, JobRow job, Source source, Processing processing, Optional<Priority> priority) {
        Digest sha256 = source.sha256();
        Digest contentKey = source.contentKey();
        if (sha256 == null || contentKey == null) {
            return new Result.NotPossible("The file is still being looked at. Try again in a few seconds.");
        }
        if (source.key() == null) {
            return new Result.NotPossible(
                    "The uploaded file is not kept any more. Upload it again with these options; an operator who sets retention.source keeps files for longer.");
        }
        NewJob again = new NewJob(
                JobId.create(clock.instant()),
                job.owner(),
                source.filename(),
                source.contentType(),
                processing,
                priority.orElse(source.priority()),
                source.size(),
                sha256,
                contentKey,
                source.key(),
                firstStep.get());
        return new Result.Submitted(
                JobIntake.insert(handle, again)
                        ? new Submission.Created(again.id())
                        : JobIntake.existing(handle, again));
    }

    private record Source(
            String filename,
            @Nullable String contentType,
            Priority priority,
            long size,
            @Nullable Digest sha256,
            @Nullable Digest contentKey,
            @Nullable String key) {
        static Source of(ResultSet row) throws SQLException {
            return new Source(
                    row.getString("filename"),
                    row.getString("content_type"),
                    Priority.ofRank(row.getInt("priority")),
                    row.getLong("size_bytes"),
                    digest(row.getBytes("content_sha256")),
                    digest(row.getBytes("content_key")),
                    row.getString("source"));
        }

        private static @Nullable Digest digest(byte @Nullable [] bytes) {
            return bytes == null ? null : Digest.of(bytes);
        }
    }
}
