package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.UUID;

/** Which chunks of an upload have come, in the database. No call takes longer the more have come, but {@link #numbers}. Thread-safe. */
final class UploadChunks {
    private static final String INSERT = """
            INSERT INTO upload_chunk (upload_id, number, crc32c)
            SELECT upload_id, :number, :crc32c FROM upload WHERE upload_id = :id FOR KEY SHARE
            ON CONFLICT DO NOTHING
            """;

    /** The row's lock puts chunks that come together in an order: one of them, and only one, is the last. */
    private static final String COUNT_UP = """
            UPDATE upload SET received_chunks = received_chunks + :added, expires_at = greatest(expires_at, :expires_at)
            WHERE upload_id = :id AND EXISTS (SELECT FROM job j WHERE j.job_id = upload.job_id AND j.status = 'UPLOADING') RETURNING received_chunks
            """;

    private final Database database;

    UploadChunks(Database database) {
        this.database = database;
    }

    /**
     * Records that the chunk's bytes are durable, and keeps the upload until then; gives how many chunks are there now.
     *
     * @throws UploadRefused NOT_FOUND where the upload was ended meanwhile
     */
    int received(UUID id, int number, int crc32c, Instant expiresAt) {
        return database.inTransaction(handle -> {
            int added = handle.createUpdate(INSERT)
                    .bind("id", id)
                    .bind("number", number)
                    .bind("crc32c", crc32c)
                    .execute();
            return handle.createQuery(COUNT_UP)
                    .bind("id", id)
                    .bind("added", added)
                    .bind("expires_at", expiresAt)
                    .mapTo(Integer.class)
                    .findOne()
                    .orElseThrow(UploadRefused::notFound);
        });
    }

    /** The CRC-32C of a chunk that has come; empty where it has not. */
    OptionalInt checksum(UUID id, int number) {
        return database.withHandle(handle -> handle.createQuery(
                                "SELECT crc32c FROM upload_chunk WHERE upload_id = :id AND number = :number")
                        .bind("id", id)
                        .bind("number", number)
                        .mapTo(Integer.class)
                        .findOne())
                .map(OptionalInt::of)
                .orElseGet(OptionalInt::empty);
    }

    /** How many have come; 0 also where there is no such upload. */
    int count(UUID id) {
        return database.withHandle(
                handle -> handle.createQuery("SELECT received_chunks FROM upload WHERE upload_id = :id")
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .findOne()
                        .orElse(0));
    }

    /** Their numbers, rising. */
    List<Integer> numbers(UUID id) {
        return database.withHandle(
                handle -> handle.createQuery("SELECT number FROM upload_chunk WHERE upload_id = :id ORDER BY number")
                        .bind("id", id)
                        .mapTo(Integer.class)
                        .list());
    }
}
