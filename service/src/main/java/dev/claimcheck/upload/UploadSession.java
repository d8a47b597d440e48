package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.storage.PartialObject;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * An upload that takes more than one request, as the database knows it. How many bytes have come is the store's knowledge alone.
 *
 * @param jobId its job; empty for a {@link UploadKind#PART}
 * @param filename of its job; empty for a part
 * @param metadata what the client said of it (tus: Upload-Metadata), as it said it
 * @param concat the client's Upload-Concat, as it said it
 * @param length of the whole content in bytes, where it is known
 * @param chunkSize in bytes, for {@link UploadKind#CHUNKED}
 * @param sha256 of the content, where the client announced it
 * @param complete whether everything has come and was handed in
 */
public record UploadSession(
        UUID id,
        OwnerId owner,
        UploadKind kind,
        Optional<JobId> jobId,
        String filename,
        PartialObject object,
        Optional<String> metadata,
        Optional<String> concat,
        OptionalLong length,
        OptionalLong chunkSize,
        Optional<Digest> sha256,
        boolean complete,
        Instant expiresAt) {

    /** The same, expiring then. */
    UploadSession expiringAt(Instant then) {
        return new UploadSession(
                id, owner, kind, jobId, filename, object, metadata, concat, length, chunkSize, sha256, complete, then);
    }

    /** The Upload-Concat header as the client said it. */
    public Optional<String> concatAsSaid() {
        return concat.map(text -> text.substring(text.indexOf(';') + 1));
    }

    /** How many chunks it has; 0 where it has none. */
    public int totalChunks() {
        return chunkSize.isPresent() ? Math.toIntExact(Math.ceilDiv(length.orElseThrow(), chunkSize.getAsLong())) : 0;
    }

    /** The size of that chunk (from 1) in bytes; empty where there is no such chunk. */
    public OptionalInt sizeOfChunk(int number) {
        if (number < 1 || number > totalChunks()) {
            return OptionalInt.empty();
        }
        long size = chunkSize.getAsLong();
        return OptionalInt.of((int) Math.min(size, length.orElseThrow() - (number - 1) * size));
    }
}
