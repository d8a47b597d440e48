package dev.claimcheck.upload;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/** Uploads in numbered chunks: in any order, side by side, again without harm. Thread-safe. */
public final class ChunkedUploads {
    /** Most chunks of one upload: what S3 allows. */
    public static final int MOST_CHUNKS = 10_000;

    private static final long DEFAULT_CHUNK = 16L << 20;
    private static final long MOST_CHUNK = Integer.MAX_VALUE;

    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final ObjectStore store;
    private final UploadClaims claims;

    ChunkedUploads(
            UploadSessions sessions,
            UploadOpening opening,
            UploadCompletion completion,
            ObjectStore store,
            UploadClaims claims) {
        this.sessions = sessions;
        this.opening = opening;
        this.completion = completion;
        this.store = store;
        this.claims = claims;
    }

    private record ChunkOf(UUID upload, int number) {}

    /**
     * A chunk was taken in.
     *
     * @param received how many chunks have come
     * @param submission what became of the upload, where this was its last chunk
     */
    public record Received(UploadSession session, int received, Optional<Submission> submission) {}

    /**
     * Opens an upload.
     *
     * @param chunkSize in bytes, where the client has a wish
     * @throws UploadRefused NOT_POSSIBLE where that size does not work, with one that does
     */
    public UploadSession start(UploadStart start, OptionalLong chunkSize) {
        long total = start.length().orElseThrow();
        if (total == 0) {
            throw new UploadRefused(
                    UploadRefused.Reason.EMPTY,
                    "The file has no content. Check that it was written completely and send it again.");
        }
        long least = Math.max(1, Math.ceilDiv(total, MOST_CHUNKS));
        long size = chunkSize.orElse(Math.max(DEFAULT_CHUNK, Math.ceilDiv(least, 1 << 20) << 20));
        if (size < least || size > MOST_CHUNK) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE,
                    "An upload has at most " + MOST_CHUNKS + " chunks of at most " + MOST_CHUNK
                            + " bytes: for this one, \"chunk_size\" must be at least " + least + ".");
        }
        if (size < total && size < store.smallestChunk()) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE,
                    "The object storage takes no chunks below " + store.smallestChunk()
                            + " bytes. Use that as \"chunk_size\", or more.");
        }
        return opening.open(UploadKind.CHUNKED, start, OptionalLong.of(size), null, null);
    }

    /** The owner's upload. */
    public UploadSession find(OwnerId owner, UUID id) {
        UploadSession session = sessions.find(owner, id);
        if (session.kind() != UploadKind.CHUNKED) {
            throw UploadRefused.notFound();
        }
        return session;
    }

    /** The numbers of the chunks that have come, rising. */
    public List<Integer> received(UploadSession session) {
        return sessions.chunks(session.id());
    }

    /**
     * Takes in one chunk; one that has come before is read and dropped.
     *
     * @param number from 1
     * @param checksum what the request says of its bytes
     */
    public Received put(OwnerId owner, UUID id, int number, Optional<BodyChecksum> checksum, UploadBody body)
            throws InterruptedException {
        UploadSession session = find(owner, id);
        int size = session.sizeOfChunk(number)
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_POSSIBLE,
                        "This upload has the chunks 1 to " + session.totalChunks() + "."));
        try (UploadClaims.Claim _ = claims.take(new ChunkOf(id, number), body::cancel)) {
            if (session.complete() || sessions.hasChunk(id, number)) {
                body.read(bytes -> bytes.position(bytes.limit()));
                return finishIfWhole(session, sessions.countChunks(id));
            }
            write(session, number, size, checksum, body);
            return finishIfWhole(session, sessions.received(id, number));
        }
    }

    /** Ends the upload and drops what has come. Of a complete one only the record goes. */
    public void abort(OwnerId owner, UUID id) {
        sessions.end(find(owner, id));
    }

    private void write(UploadSession session, int number, int size, Optional<BodyChecksum> checksum, UploadBody body)
            throws InterruptedException {
        long offset = (number - 1) * session.chunkSize().orElseThrow();
        Optional<MessageDigest> digest = checksum.map(BodyChecksum::digest);
        try (PartialWriter writer = store.chunk(session.object(), number, offset, size)) {
            body.read(bytes -> {
                if (writer.size() + bytes.remaining() > size) {
                    throw wrongSize(number, size, "more");
                }
                digest.ifPresent(running -> HashBuffers.update(running, bytes));
                writer.write(bytes);
            });
            if (writer.size() != size) {
                throw wrongSize(number, size, "only " + writer.size());
            }
            checksum.ifPresent(wanted -> wanted.require(digest.orElseThrow()));
            writer.keep();
        }
    }

    /** The last chunk completes the upload, also when two last ones come together or the answer to the last one was lost. */
    private Received finishIfWhole(UploadSession session, int received) throws InterruptedException {
        if (received < session.totalChunks()) {
            return new Received(session, received, Optional.empty());
        }
        try (UploadClaims.Claim _ = claims.take(session.id(), () -> {})) {
            Optional<Submission> submission =
                    completion.complete(session, session.length().orElseThrow());
            return new Received(session, received, submission);
        }
    }

    private static UploadRefused wrongSize(int number, int size, String came) {
        return new UploadRefused(
                UploadRefused.Reason.WRONG_CHUNK_SIZE,
                "Chunk " + number + " must have " + size + " bytes, but " + came + " came.");
    }
}
