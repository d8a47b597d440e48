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
        while (true) {
            Attempt attempt = database.inTransaction(handle -> JobRow.lock(handle, owner, id)
                    .map(job -> attempt(handle, job, processing, priority))
                    .orElseGet(() -> Attempt.ended(new Result.NotFound())));
            NewJob known = attempt.known();
            if (known == null) {
                return attempt.result();
            }
            // In a transaction of its own: nobody holds two jobs' locks who has not taken them in the same order as
            // all.
            Submission submission = database.inTransaction(handle -> JobIntake.existing(handle, known));
            if (!(submission instanceof Submission.Existing existing) || existing.status() != JobStatus.CANCELLED) {
                return new Result.Submitted(submission);
            }
            // The job that stood in the way was cancelled or deleted in between: its place is free now.
        }
    }

    /**
     * One try.
     *
     * @param result what came of it, unless {@code known}
     * @param known the job that could not be made, as there is one of the same content and wishes
     */
    private record Attempt(Result result, @Nullable NewJob known) {
        static Attempt ended(Result result) {
            return new Attempt(result, null);
        }
    }

    private Attempt attempt(Handle handle, JobRow job, Processing processing, Optional<Priority> priority) {
        return switch (job.status()) {
            case UPLOADING -> Attempt.ended(new Result.NotPossible("The file has not arrived yet. Wait until it has."));
            case CANCELLED, EXPIRED ->
                Attempt.ended(
                        new Result.NotPossible("The job was called off and its file is gone. Upload the file again."));
            case PENDING, IN_PROGRESS, COMPLETED, FAILED ->
                handle.createQuery(SOURCE)
                        .bind("job", job.id().value())
                        .map((row, _) -> submit(handle, job, Source.of(row), processing, priority))
                        .one();
        };
    }

    private Attempt submit(
            Handle handle, JobRow job, Source source, Processing processing, Optional<Priority> priority) {
        Digest sha256 = source.sha256();
        Digest contentKey = source.contentKey();
        String key = source.key();
        if (sha256 == null || contentKey == null) {
            return Attempt.ended(
                    new Result.NotPossible("The file is still being looked at. Try again in a few seconds."));
        }
        if (key == null) {
            return Attempt.ended(
                    new Result.NotPossible(
                            "The uploaded file is not kept any more. Upload it again with these options; an operator who sets retention.source keeps files for longer."));
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
                key,
                firstStep.get());
        Result made = new Result.Submitted(new Submission.Created(again.id()));
        return JobIntake.insert(handle, again, false) ? Attempt.ended(made) : new Attempt(made, again);
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
