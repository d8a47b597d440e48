package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobStatus;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.ReceivedSource;
import dev.claimcheck.job.Submission;
import dev.claimcheck.job.UploadIntake;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.storage.PartialObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The uploads that take more than one request, in the database. Thread-safe. */
final class UploadSessions {
    /** A part has no job, so no event: the log tells of the upload that it is joined to. Whoever makes the job gives notice. */
    private static final String INSERT = """
            WITH made AS (
                INSERT INTO upload (upload_id, owner, kind, job_id, object_key, store_handle, metadata, concat, length, chunk_size, sha256, expires_at)
                VALUES (:id, :owner, :kind, CAST(:job AS uuid), :key, :handle, :metadata, :concat, :length, :chunk_size, :sha256, :expires_at)
                RETURNING upload_id, owner, kind, job_id, length
            )
            INSERT INTO event (owner, job_id, type, data)
            SELECT owner, job_id, 'upload.created',
                   jsonb_build_object('upload_id', upload_id, 'kind', lower(kind), 'size', length)
            FROM made WHERE job_id IS NOT NULL
            """;

    static final String SELECT = """
            SELECT u.*, j.filename FROM upload u LEFT JOIN job j USING (job_id)
            """;

    /** An EXPIRED or CANCELLED job takes its upload with it. */
    private static final String ALIVE = """
            WHERE u.upload_id = :id AND u.owner = :owner AND u.expires_at > now()
              AND (u.job_id IS NULL OR j.status NOT IN ('EXPIRED', 'CANCELLED'))
            """;

    private static final String ALIVE_OF_ANYBODY = """
            WHERE u.upload_id = :id AND u.expires_at > now() AND (u.job_id IS NULL OR j.status NOT IN ('EXPIRED', 'CANCELLED'))
            """;

    private static final String ARRIVED = """
            UPDATE upload u SET look_at = now() + make_interval(secs => :seconds) FROM job j
            WHERE u.upload_id = :id AND u.completed_at IS NULL AND j.job_id = u.job_id AND j.status = 'UPLOADING'
            """;

    /** Has an index of its own: few uploads are joined. */
    private static final String WAITING = "WHERE u.concat LIKE 'final:%' AND u.completed_at IS NULL";

    private static final String JOINED_SO = """
            WHERE u.concat LIKE 'final:%' AND u.concat = :concat AND u.owner = :owner AND u.metadata IS NOT DISTINCT FROM CAST(:metadata AS text)
              AND u.expires_at > now() AND j.status NOT IN ('EXPIRED', 'CANCELLED')
            """;

    private final Database database;

    UploadSessions(Database database) {
        this.database = database;
    }

    /** Records the upload and, where it has one, its job. */
    void create(UploadSession session, Optional<UploadingJob> job) {
        database.useTransaction(handle -> {
            job.ifPresent(made -> UploadIntake.begin(handle, made));
            handle.createUpdate(INSERT)
                    .bind("id", session.id())
                    .bind("owner", session.owner().value())
                    .bind("kind", session.kind().name())
                    .bind("job", session.jobId().map(JobId::value).orElse(null))
                    .bind("key", session.object().key())
                    .bind("handle", session.object().handle())
                    .bind("metadata", session.metadata().orElse(null))
                    .bind("concat", session.concat().orElse(null))
                    .bind("length", boxed(session.length()))
                    .bind("chunk_size", boxed(session.chunkSize()))
                    .bind("sha256", session.sha256().map(Digest::bytes).orElse(null))
                    .bind("expires_at", session.expiresAt())
                    .execute();
        });
    }

    /**
     * The owner's upload.
     *
     * @throws UploadRefused NOT_FOUND, also for one that has expired or is another owner's
     */
    UploadSession find(OwnerId owner, UUID id) {
        return findAny(owner, id).orElseThrow(UploadRefused::notFound);
    }

    /** As {@link #find}, empty where there is none. */
    Optional<UploadSession> findAny(OwnerId owner, UUID id) {
        return database.withHandle(handle -> handle.createQuery(SELECT + ALIVE)
                .bind("id", id)
                .bind("owner", owner.value())
                .map((row, _) -> session(row))
                .findOne());
    }

    /** The owner's upload that was joined so and described so. */
    Optional<UploadSession> findJoined(OwnerId owner, String concat, @Nullable String metadata) {
        return database.withHandle(handle -> handle.createQuery(SELECT + JOINED_SO)
                .bind("owner", owner.value())
                .bind("concat", concat)
                .bind("metadata", metadata)
                .map((row, _) -> session(row))
                .findFirst());
    }

    /** The upload of that id, whoever owns it; empty where it has expired or was ended. */
    Optional<UploadSession> byId(UUID id) {
        return database.withHandle(handle -> handle.createQuery(SELECT + ALIVE_OF_ANYBODY)
                .bind("id", id)
                .map((row, _) -> session(row))
                .findOne());
    }

    /** The upload whose object has that key, whoever owns it. */
    Optional<UploadSession> ofKey(String key) {
        if (key.indexOf('\0') >= 0) {
            return Optional.empty(); // Postgres knows no such text.
        }
        return database.withHandle(handle -> handle.createQuery(SELECT + "WHERE u.object_key = :key")
                .bind("key", key)
                .map((row, _) -> session(row))
                .findOne());
    }

    /** The owner's uploads that cannot be joined before that part has come. */
    List<UploadSession> waitingFor(OwnerId owner, String part) {
        return database.withHandle(
                handle -> handle.createQuery(SELECT + WAITING + " AND u.owner = :owner AND strpos(u.concat, :part) > 0")
                        .bind("owner", owner.value())
                        .bind("part", part)
                        .map((row, _) -> session(row))
                        .list());
    }

    /** Uploads to be joined, whoever owns them, at most {@code limit}. */
    List<UploadSession> waitingForParts(int limit) {
        return database.withHandle(handle -> handle.createQuery(SELECT + WAITING + " LIMIT :limit")
                .bind("limit", limit)
                .map((row, _) -> session(row))
                .list());
    }

    /** Records a length that has become known. */
    void declareLength(UUID id, long length) {
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE upload SET length = :length WHERE upload_id = :id")
                        .bind("length", length)
                        .bind("id", id)
                        .execute());
    }

    /** Keeps the upload until then. */
    void extend(UUID id, Instant until) {
        database.useTransaction(
                handle -> handle.createUpdate("UPDATE upload SET expires_at = :until WHERE upload_id = :id")
                        .bind("until", until)
                        .bind("id", id)
                        .execute());
    }

    /**
     * Records that the object of a presigned upload is there.
     *
     * @param lookIn when it is to be handed in though its client says nothing
     * @return false where nobody waits for it any more: it was ended meanwhile, or handed in
     */
    boolean arrived(UUID id, Duration lookIn) {
        return database.inTransaction(handle -> handle.createUpdate(ARRIVED)
                        .bind("seconds", lookIn.toSeconds())
                        .bind("id", id)
                        .execute()
                == 1);
    }

    /**
     * Marks the upload complete and starts its job, in one transaction; empty for one without a job. Repeating it gives the job as it stands.
     *
     * @throws UploadRefused NOT_FOUND where the upload or its job was ended meanwhile
     */
    Optional<Submission> complete(UploadSession session, long size, @Nullable ReceivedSource source) {
        return database.inTransaction(handle -> {
            Optional<Submission> submission = session.jobId().map(job -> started(handle, job, source));
            int updated = handle.createUpdate(
                            "UPDATE upload SET completed_at = coalesce(completed_at, now()), length = :size WHERE upload_id = :id")
                    .bind("size", size)
                    .bind("id", session.id())
                    .execute();
            if (updated == 0) {
                throw UploadRefused.notFound();
            }
            return submission;
        });
    }

    private static Submission started(Handle handle, JobId job, @Nullable ReceivedSource source) {
        return Optional.ofNullable(source)
                .flatMap(received -> UploadIntake.start(handle, UploadIntake.resolve(handle, job), received))
                .filter(submission -> !(submission instanceof Submission.Existing existing)
                        || (existing.status() != JobStatus.CANCELLED && existing.status() != JobStatus.EXPIRED))
                .orElseThrow(UploadRefused::notFound);
    }

    /** Forgets the upload: its bytes were refused or did not come. What came is swept, and its job, where that still waits for it, has expired. */
    void end(UploadSession session) {
        database.useTransaction(handle -> {
            session.jobId().ifPresent(job -> UploadIntake.expire(handle, job));
            forget(handle, session, "");
        });
    }

    /** As {@link #end}, because its client gave it up: the job is cancelled. */
    void callOff(UploadSession session) {
        database.useTransaction(handle -> {
            session.jobId().ifPresent(job -> UploadIntake.callOff(handle, job));
            forget(handle, session, "");
        });
    }

    /** As {@link #end}, unless the upload was extended meanwhile; gives whether it is over. */
    boolean endIfExpired(UploadSession session) {
        return database.inTransaction(handle -> {
            session.jobId().ifPresent(job -> UploadIntake.expire(handle, job));
            boolean over = forget(handle, session, " AND expires_at <= now()");
            if (!over) {
                handle.rollback();
            }
            return over;
        });
    }

    /** A job's source is swept with the job alone: what was handed in meanwhile is not touched here. */
    private static boolean forget(Handle handle, UploadSession session, String condition) {
        boolean forgotten = handle.createUpdate("DELETE FROM upload WHERE upload_id = :id" + condition)
                        .bind("id", session.id())
                        .execute()
                == 1;
        if (forgotten && session.kind() == UploadKind.PART) {
            sweep(handle, session.object());
        }
        return forgotten;
    }

    private static void sweep(Handle handle, PartialObject object) {
        handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:key)")
                .bind("key", object.key())
                .execute();
    }

    static UploadSession session(ResultSet row) throws SQLException {
        String filename = row.getString("filename");
        byte[] sha256 = row.getBytes("sha256");
        return new UploadSession(
                row.getObject("upload_id", UUID.class),
                new OwnerId(row.getString("owner")),
                UploadKind.valueOf(row.getString("kind")),
                Optional.ofNullable(row.getObject("job_id", UUID.class)).map(JobId::new),
                filename == null ? "" : filename,
                new PartialObject(row.getString("object_key"), row.getString("store_handle")),
                Optional.ofNullable(row.getString("metadata")),
                Optional.ofNullable(row.getString("concat")),
                optional(row.getObject("length", Long.class)),
                optional(row.getObject("chunk_size", Long.class)),
                Optional.ofNullable(sha256).map(Digest::of),
                row.getTimestamp("completed_at") != null,
                row.getTimestamp("expires_at").toInstant());
    }

    private static @Nullable Long boxed(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    private static OptionalLong optional(@Nullable Long value) {
        return value == null ? OptionalLong.empty() : OptionalLong.of(value);
    }
}
