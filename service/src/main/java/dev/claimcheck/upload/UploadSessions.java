package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.ReceivedSource;
import dev.claimcheck.job.Submission;
import dev.claimcheck.job.UploadIntake;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.storage.PartialObject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The uploads that take more than one request, in the database. Thread-safe. */
final class UploadSessions {
    private static final String INSERT = """
            INSERT INTO upload (upload_id, owner, kind, job_id, object_key, store_handle, metadata, concat, length, chunk_size, sha256, expires_at)
            VALUES (:id, :owner, :kind, :job, :key, :handle, :metadata, :concat, :length, :chunk_size, :sha256, :expires_at)
            """;

    private static final String SELECT = """
            SELECT u.*, j.filename FROM upload u LEFT JOIN job j USING (job_id)
            """;

    /** An EXPIRED or CANCELLED job takes its upload with it. */
    private static final String ALIVE = """
            WHERE u.upload_id = :id AND u.owner = :owner AND u.expires_at > now()
              AND (u.job_id IS NULL OR j.status NOT IN ('EXPIRED', 'CANCELLED'))
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
        return database.withHandle(handle -> handle.createQuery(SELECT + ALIVE)
                        .bind("id", id)
                        .bind("owner", owner.value())
                        .map((row, _) -> session(row))
                        .findOne())
                .orElseThrow(UploadRefused::notFound);
    }

    /** The upload of that job, whoever owns it. */
    Optional<UploadSession> ofJob(JobId job) {
        return database.withHandle(handle -> handle.createQuery(
                        SELECT + "WHERE u.job_id = :job ORDER BY u.completed_at NULLS FIRST LIMIT 1")
                .bind("job", job.value())
                .map((row, _) -> session(row))
                .findOne());
    }

    /** The upload of that id, whoever owns it; empty where it has expired. */
    Optional<UploadSession> byId(UUID id) {
        return database.withHandle(
                handle -> handle.createQuery(SELECT + "WHERE u.upload_id = :id AND u.expires_at > now()")
                        .bind("id", id)
                        .map((row, _) -> session(row))
                        .findOne());
    }

    /** The upload whose object has that key, whoever owns it. */
    Optional<UploadSession> ofKey(String key) {
        return database.withHandle(handle -> handle.createQuery(SELECT + "WHERE u.object_key = :key")
                .bind("key", key)
                .map((row, _) -> session(row))
                .findOne());
    }

    /** The uploads that an SQL condition on {@code u} and {@code j} selects, at most {@code limit}. */
    List<UploadSession> where(String condition, int limit) {
        return database.withHandle(handle -> handle.createQuery(SELECT + "WHERE " + condition + " LIMIT :limit")
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

    /** Marks the upload complete and starts its job, in one transaction; empty for one without a job. */
    Optional<Submission> complete(UploadSession session, long size, @Nullable ReceivedSource source) {
        return database.inTransaction(handle -> {
            Optional<Submission> submission = session.jobId()
                    .flatMap(job -> Optional.ofNullable(source)
                            .flatMap(received ->
                                    UploadIntake.start(handle, UploadIntake.resolve(handle, job), received)));
            handle.createUpdate(
                            "UPDATE upload SET completed_at = coalesce(completed_at, now()), length = :size WHERE upload_id = :id")
                    .bind("size", size)
                    .bind("id", session.id())
                    .execute();
            return submission;
        });
    }

    /** Forgets the upload; what came of it is swept, and its job, where that still waits for it, has expired. */
    void end(UploadSession session) {
        database.useTransaction(handle -> {
            session.jobId().ifPresent(job -> UploadIntake.expire(handle, job));
            if (session.jobId().isEmpty() || !session.complete()) {
                sweep(handle, session.object());
            }
            handle.createUpdate("DELETE FROM upload WHERE upload_id = :id")
                    .bind("id", session.id())
                    .execute();
        });
    }

    /** Records that the chunk's bytes are durable; gives how many are now. */
    int received(UUID id, int chunk) {
        return database.inTransaction(handle -> {
            handle.createUpdate(
                            "INSERT INTO upload_chunk (upload_id, number) VALUES (:id, :number) ON CONFLICT DO NOTHING")
                    .bind("id", id)
                    .bind("number", chunk)
                    .execute();
            return count(handle, id);
        });
    }

    boolean hasChunk(UUID id, int chunk) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT EXISTS (SELECT FROM upload_chunk WHERE upload_id = :id AND number = :number)")
                .bind("id", id)
                .bind("number", chunk)
                .mapTo(Boolean.class)
                .one());
    }

    int countChunks(UUID id) {
        return database.withHandle(handle -> count(handle, id));
    }

    List<Integer> chunks(UUID id) {
        return database.withHandle(
                handle -> handle.createQuery("SELECT number FROM upload_chunk WHERE upload_id = :id ORDER BY number")
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .list());
    }

    private static int count(Handle handle, UUID id) {
        return handle.createQuery("SELECT count(*) FROM upload_chunk WHERE upload_id = :id")
                .bind("id", id)
                .mapTo(Integer.class)
                .one();
    }

    private static void sweep(Handle handle, PartialObject object) {
        handle.createUpdate("INSERT INTO garbage (prefix) VALUES (:key)")
                .bind("key", object.key())
                .execute();
    }

    private static UploadSession session(ResultSet row) throws SQLException {
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
