package dev.claimcheck.upload;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.StorageException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Uploads in numbered chunks: in any order, side by side, again without harm. A chunk counts once its bytes are durable and recorded; from then on it never changes.
 * Thread-safe.
 */
public final class ChunkedUploads {
    /** Most chunks of one upload: what S3 allows. */
    public static final int MOST_CHUNKS = 10_000;

    private static final long DEFAULT_CHUNK = 16L << 20;
    private static final long MOST_CHUNK = Integer.MAX_VALUE;

    private final UploadSessions sessions;
    private final UploadChunks chunks;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final ObjectStore store;
    private final UploadClaims claims;
    private final UploadSettings settings;
    private final InstantSource clock;

    ChunkedUploads(
            UploadSessions sessions,
            UploadChunks chunks,
            UploadOpening opening,
            UploadCompletion completion,
            ObjectStore store,
            UploadClaims claims,
            UploadSettings settings,
            InstantSource clock) {
        this.sessions = sessions;
        this.chunks = chunks;
        this.opening = opening;
        this.completion = completion;
        this.store = store;
        this.claims = claims;
        this.settings = settings;
        this.clock = clock;
    }

    private record ChunkOf(UUID upload, int number) {}

    /**
     * A chunk as it comes.
     *
     * @param number from 1
     * @param announced how many bytes the request brings, where it says so
     * @param checksum what the request says of its bytes
     */
    public record Chunk(int number, OptionalLong announced, Optional<BodyChecksum> checksum, UploadBody body) {}

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
        opening.requireAcceptable(start.length());
        return opening.open(
                UploadKind.CHUNKED,
                start,
                OptionalLong.of(sizeFor(total, chunkSize, store.smallestChunk())),
                null,
                null);
    }

    /** The size of the chunks for a content of so many bytes: the client's wish, where it works. */
    static long sizeFor(long total, OptionalLong wish, long smallest) {
        long least = Math.max(1, Math.ceilDiv(total, MOST_CHUNKS));
        if (least > MOST_CHUNK) {
            throw new UploadRefused(
                    UploadRefused.Reason.TOO_LARGE,
                    "An upload in chunks has at most " + MOST_CHUNKS * MOST_CHUNK + " bytes. Use /videos/tus.");
        }
        long size = wish.orElse(Math.max(DEFAULT_CHUNK, Math.ceilDiv(least, 1 << 20) << 20));
        if (size < least || Math.min(size, total) > MOST_CHUNK) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE,
                    "An upload has at most " + MOST_CHUNKS + " chunks: for this one, \"chunk_size\" must be from "
                            + least + " to " + MOST_CHUNK + " bytes.");
        }
        if (size < total && size < smallest) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE,
                    "The object storage takes no chunks below " + smallest
                            + " bytes. Use that as \"chunk_size\", or more.");
        }
        return size;
    }

    /** The owner's upload as it stands. One that is whole but was not handed in, because of a crash, is so now. */
    public UploadSession find(OwnerId owner, UUID id) throws InterruptedException {
        UploadSession session = existing(owner, id);
        if (session.complete() || chunks.count(id) < session.totalChunks()) {
            return session;
        }
        handIn(session);
        return existing(owner, id);
    }

    /** The numbers of the chunks that have come, rising. */
    public List<Integer> received(UploadSession session) {
        return chunks.numbers(session.id());
    }

    /**
     * Takes in one chunk. One that has come before is compared and dropped.
     *
     * @throws UploadRefused CHUNK_DIFFERS where it came before with other bytes
     */
    public Received put(OwnerId owner, UUID id, Chunk chunk) throws InterruptedException {
        UploadSession session = existing(owner, id);
        int size = session.sizeOfChunk(chunk.number())
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_POSSIBLE,
                        "This upload has the chunks 1 to " + session.totalChunks() + "."));
        ArrivingChunk arriving = new ArrivingChunk(chunk, size);
        arriving.requireAnnounced();
        try (UploadClaims.Claim _ = claims.take(new ChunkOf(id, chunk.number()), chunk.body()::cancel)) {
            OptionalInt known = chunks.checksum(id, chunk.number());
            if (known.isPresent()) {
                arriving.compare(known.getAsInt());
                return finishIfWhole(session, chunks.count(id));
            }
            int crc32c = write(session, arriving);
            return finishIfWhole(
                    session,
                    chunks.received(id, chunk.number(), crc32c, clock.instant().plus(settings.expiresAfter())));
        }
    }

    /** Ends the upload and drops what has come. Of a complete one only the record goes. */
    public void abort(OwnerId owner, UUID id) {
        sessions.callOff(existing(owner, id));
    }

    /** Hands in what is whole, once, whoever else does so. */
    Optional<Submission> handIn(UploadSession session) throws InterruptedException {
        try (UploadClaims.Claim _ = claims.take(session.id(), () -> {})) {
            UploadSession fresh = existing(session.owner(), session.id());
            return completion.complete(fresh, fresh.length().orElseThrow());
        }
    }

    private UploadSession existing(OwnerId owner, UUID id) {
        UploadSession session = sessions.find(owner, id);
        if (session.kind() != UploadKind.CHUNKED) {
            throw UploadRefused.notFound();
        }
        return session;
    }

    /** Gives the CRC-32C of what was written. */
    private int write(UploadSession session, ArrivingChunk chunk) throws InterruptedException {
        long offset = (chunk.number() - 1) * session.chunkSize().orElseThrow();
        KeepAlive alive = new KeepAlive(sessions, session, settings.expiresAfter(), clock);
        try (PartialWriter writer = store.chunk(session.object(), chunk.number(), offset, chunk.size())) {
            chunk.read(bytes -> {
                alive.touch();
                writer.write(bytes);
            });
            writer.keep();
            return chunk.crc32c();
        } catch (StorageException e) {
            existing(session.owner(), session.id()); // An upload that was ended meanwhile has no file to write to.
            throw e;
        }
    }

    /** The last chunk completes the upload, also when two last ones come together or the answer to the last one was lost. */
    private Received finishIfWhole(UploadSession session, int received) throws InterruptedException {
        return new Received(session, received, received < session.totalChunks() ? Optional.empty() : handIn(session));
    }
}
