package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.statement.Query;

/** The uploads that are not complete, as the housekeeping looks for them. Thread-safe. */
final class OpenUploads {
    private static final String EXPIRED = """
            WHERE u.expires_at <= now() AND (u.expires_at, u.upload_id) > (:after, :after_id) ORDER BY u.expires_at, u.upload_id LIMIT :limit
            """;

    private static final String WHOLE = """
            WHERE u.kind = 'CHUNKED' AND u.completed_at IS NULL AND u.received_chunks * u.chunk_size >= u.length AND j.status = 'UPLOADING'
            ORDER BY u.created_at LIMIT :limit
            """;

    private static final String TO_LOOK_AT = """
            WHERE u.kind = 'PRESIGNED' AND u.completed_at IS NULL AND u.look_at <= now() AND j.status = 'UPLOADING' ORDER BY u.look_at LIMIT :limit
            """;

    /** An object store is asked ever more seldom: the older an upload, the longer until the next look. */
    private static final String LOOK_LATER = """
            UPDATE upload SET look_at = now() + greatest(interval '30 seconds', (now() - created_at) / 2) WHERE upload_id = :id
            """;

    /** Of chunks, the last one may be shorter than the others. */
    private static final String PROMISED = """
            SELECT u.*, j.filename,
                CASE WHEN u.chunk_size IS NOT NULL THEN u.received_chunks * u.chunk_size
                    - CASE WHEN EXISTS (SELECT FROM upload_chunk c WHERE c.upload_id = u.upload_id AND c.number * u.chunk_size > u.length)
                        THEN (u.chunk_size - u.length % u.chunk_size) ELSE 0 END
                END AS come
            FROM upload u LEFT JOIN job j USING (job_id)
            WHERE u.completed_at IS NULL AND u.length IS NOT NULL AND (u.job_id IS NULL OR j.status = 'UPLOADING')
            """;

    private final Database database;

    OpenUploads(Database database) {
        this.database = database;
    }

    /** An upload and how much of it has come, where the record says. */
    record Promised(UploadSession session, OptionalLong come) {}

    /** The next ones whose time is over, by (expiry, id); the first ones after {@link Instant#EPOCH} and {@code new UUID(0, 0)}. */
    List<UploadSession> expired(Instant after, UUID afterId, int limit) {
        return sessions(EXPIRED, limit, query -> query.bind("after", after).bind("after_id", afterId));
    }

    /** Chunked ones whose chunks have all come: a crash kept the last one from being handed in. */
    List<UploadSession> whole(int limit) {
        return sessions(WHOLE, limit, query -> query);
    }

    /** Presigned ones whose object may be there though nobody said so. */
    List<UploadSession> toLookAt(int limit) {
        return sessions(TO_LOOK_AT, limit, query -> query);
    }

    void lookLater(UUID id) {
        database.useTransaction(
                handle -> handle.createUpdate(LOOK_LATER).bind("id", id).execute());
    }

    /** All that have announced their length. */
    List<Promised> promised() {
        return database.withHandle(handle -> handle.createQuery(PROMISED)
                .map((row, _) -> {
                    Long come = row.getObject("come", Long.class);
                    return new Promised(
                            UploadSessions.session(row), come == null ? OptionalLong.empty() : OptionalLong.of(come));
                })
                .list());
    }

    /** Those of the keys that an open upload writes to. */
    Set<String> writtenTo(List<String> keys) {
        return Set.copyOf(database.withHandle(handle -> handle.createQuery(
                        "SELECT object_key FROM upload WHERE completed_at IS NULL AND object_key = ANY (:keys)")
                .bindArray("keys", String.class, keys)
                .mapTo(String.class)
                .list()));
    }

    private List<UploadSession> sessions(String condition, int limit, java.util.function.UnaryOperator<Query> bound) {
        return database.withHandle(handle -> bound.apply(
                        handle.createQuery(UploadSessions.SELECT + condition).bind("limit", limit))
                .map((row, _) -> UploadSessions.session(row))
                .list());
    }
}
