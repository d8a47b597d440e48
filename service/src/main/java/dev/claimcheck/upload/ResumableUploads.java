package dev.claimcheck.upload;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Uploads that come in order and go on after a cut: the engine under tus 1.0.0 and the IETF's resumable uploads. Every byte that came before a cut is kept, and
 * the offset told is what is durable. A later request of an upload takes the place of an earlier one. Thread-safe.
 */
public final class ResumableUploads {
    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final UploadJoining joining;
    private final ObjectStore store;
    private final UploadSettings settings;
    private final RunningHashes hashes;
    private final UploadClaims claims;

    ResumableUploads(
            UploadSessions sessions,
            UploadOpening opening,
            UploadCompletion completion,
            UploadJoining joining,
            ObjectStore store,
            UploadSettings settings,
            RunningHashes hashes,
            UploadClaims claims) {
        this.sessions = sessions;
        this.opening = opening;
        this.completion = completion;
        this.joining = joining;
        this.store = store;
        this.settings = settings;
        this.hashes = hashes;
        this.claims = claims;
    }

    /**
     * Bytes to append.
     *
     * @param offset where the client believes the upload to stand
     * @param length of the whole content, where this request says it
     * @param last whether the content ends with this request, whatever its length
     * @param overflowEnds whether more bytes than the length end the upload for good
     */
    public record Append(long offset, OptionalLong length, boolean last, boolean overflowEnds) {}

    /**
     * Where an upload stands.
     *
     * @param offset bytes that are durable; empty while a joined upload waits for its parts
     * @param submission what became of it, once complete by this request
     */
    public record Progress(UploadSession session, OptionalLong offset, Optional<Submission> submission) {}

    /** Opens an upload that will become a job. */
    public UploadSession create(UploadStart start, @Nullable String metadata) {
        return opening.open(UploadKind.RESUMABLE, start, OptionalLong.empty(), metadata, null);
    }

    /** Opens an upload that will be joined with others. */
    public UploadSession createPart(OwnerId owner, OptionalLong length, @Nullable String metadata) {
        return opening.openPart(owner, length, metadata, "partial");
    }

    /**
     * Joins parts to one upload; waits a moment for parts that are all there, and never for those still coming.
     *
     * @throws UploadRefused NOT_FOUND for a part that is not the owner's
     */
    public Progress join(UploadStart start, @Nullable String metadata, String concat, java.util.List<UUID> parts)
            throws InterruptedException {
        return joining.create(start, metadata, concat, parts);
    }

    /** Where the upload stands. A request that is still writing to it is ended first, so that what is told stays true. */
    public Progress state(OwnerId owner, UUID id) throws InterruptedException {
        UploadSession found = sessions.find(owner, id);
        requireKind(found);
        if (found.complete() || joining.isJoined(found)) {
            return new Progress(found, found.complete() ? found.length() : OptionalLong.empty(), Optional.empty());
        }
        try (UploadClaims.Claim _ = claims.take(id, () -> {})) {
            UploadSession session = sessions.find(owner, id);
            long received = completion.received(session);
            boolean whole = !session.complete()
                    && session.length().isPresent()
                    && session.length().getAsLong() == received;
            return whole
                    ? completed(session, received)
                    : new Progress(session, OptionalLong.of(received), Optional.empty());
        }
    }

    /** Appends what the body brings. Whatever ends the body, what had come is kept. */
    public Progress append(OwnerId owner, UUID id, Append append, UploadBody body) throws InterruptedException {
        requireKind(sessions.find(owner, id));
        try (UploadClaims.Claim _ = claims.take(id, body::cancel)) {
            UploadSession session = sessions.find(owner, id);
            long at = requireOffset(session, append);
            OptionalLong length = agreedLength(session, append);
            long end = write(session, at, length.orElse(settings.maxSize()), append.overflowEnds(), body);
            boolean whole = append.last() || (length.isPresent() && length.getAsLong() == end);
            if (append.last() && length.isPresent() && length.getAsLong() != end) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The upload was said to be complete, but " + end + " of " + length.getAsLong()
                                + " bytes have come.",
                        end);
            }
            return whole ? completed(session, end) : new Progress(session, OptionalLong.of(end), Optional.empty());
        }
    }

    /** Ends the upload and drops what has come. A request still writing to it is ended first. */
    public void terminate(OwnerId owner, UUID id) throws InterruptedException {
        requireKind(sessions.find(owner, id));
        try (UploadClaims.Claim _ = claims.take(id, () -> {})) {
            UploadSession session = sessions.find(owner, id);
            hashes.forget(id);
            sessions.end(session);
        }
    }

    private Progress completed(UploadSession session, long size) throws InterruptedException {
        Optional<Submission> submission = completion.complete(session, size);
        if (session.kind() == UploadKind.PART) {
            joining.partCompleted(session);
        }
        UploadSession fresh = sessions.find(session.owner(), session.id());
        return new Progress(fresh, OptionalLong.of(size), submission);
    }

    private long requireOffset(UploadSession session, Append append) {
        if (joining.isJoined(session)) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE,
                    "This upload is joined from others; nothing can be appended to it.");
        }
        long at = completion.received(session);
        if (append.offset() != at) {
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_OFFSET,
                    "The upload stands at " + at + " bytes, not at " + append.offset() + ". Go on from there.",
                    at);
        }
        if (session.complete()) {
            throw new UploadRefused(
                    UploadRefused.Reason.COMPLETE, "The upload is complete; nothing can be added to it.", at);
        }
        return at;
    }

    private OptionalLong agreedLength(UploadSession session, Append append) {
        if (append.length().isEmpty()) {
            return session.length();
        }
        long declared = append.length().getAsLong();
        if (session.length().isPresent()) {
            if (session.length().getAsLong() != declared) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The upload's length was said to be " + session.length().getAsLong()
                                + " bytes before; it cannot change.");
            }
        } else {
            if (declared < append.offset()) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The length is less than what has come already: " + append.offset() + " bytes.");
            }
            opening.promise(session, declared, append.offset());
            sessions.declareLength(session.id(), declared);
        }
        return append.length();
    }

    /** Gives the offset after the body. */
    private long write(UploadSession session, long at, long most, boolean overflowEnds, UploadBody body)
            throws InterruptedException {
        Optional<RunningHash> hash = hashes.take(session.id(), at);
        try (PartialWriter writer = store.append(session.object(), at)) {
            try {
                body.read(bytes -> take(bytes, session, writer, hash, most - at, overflowEnds));
            } catch (RuntimeException | InterruptedException e) {
                keepAfter(e, writer);
                throw e;
            } finally {
                hash.ifPresent(running -> hashes.put(session.id(), running));
            }
            writer.keep();
            return at + writer.size();
        }
    }

    private void take(
            ByteBuffer bytes,
            UploadSession session,
            PartialWriter writer,
            Optional<RunningHash> hash,
            long most,
            boolean overflowEnds) {
        if (writer.size() + bytes.remaining() > most) {
            if (overflowEnds) {
                sessions.end(session);
            }
            throw session.length().isPresent()
                    ? new UploadRefused(
                            UploadRefused.Reason.WRONG_LENGTH,
                            "More bytes came than the upload's length of "
                                    + session.length().getAsLong() + ".")
                    : new UploadRefused(
                            UploadRefused.Reason.TOO_LARGE,
                            "The largest file accepted here is " + settings.maxSize() + " bytes.");
        }
        hash.ifPresent(running -> running.update(bytes));
        writer.write(bytes);
    }

    /** A byte that came is a byte kept; if even that fails, the first failure is the one to tell. */
    private static void keepAfter(Exception cause, PartialWriter writer) {
        try {
            writer.keep();
        } catch (RuntimeException second) {
            cause.addSuppressed(second);
        }
    }

    private static void requireKind(UploadSession session) {
        if (session.kind() != UploadKind.RESUMABLE && session.kind() != UploadKind.PART) {
            throw UploadRefused.notFound();
        }
    }
}
