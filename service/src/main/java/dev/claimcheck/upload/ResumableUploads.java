package dev.claimcheck.upload;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import java.util.List;
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
    private final UploadAppending appending;
    private final RunningHashes hashes;
    private final UploadClaims claims;

    ResumableUploads(
            UploadSessions sessions,
            UploadOpening opening,
            UploadCompletion completion,
            UploadJoining joining,
            UploadAppending appending,
            RunningHashes hashes,
            UploadClaims claims) {
        this.sessions = sessions;
        this.opening = opening;
        this.completion = completion;
        this.joining = joining;
        this.appending = appending;
        this.hashes = hashes;
        this.claims = claims;
    }

    /**
     * Bytes to append.
     *
     * @param arrived when the request did, by {@link System#nanoTime}
     * @param offset where the client believes the upload to stand
     * @param length of the whole content, where this request says it
     * @param announced how many bytes this request brings, -1 where it does not say
     * @param last whether the content ends with this request, whatever its length
     * @param overflowEnds whether more bytes than the length end the upload for good
     */
    public record Append(
            long arrived, long offset, OptionalLong length, long announced, boolean last, boolean overflowEnds) {}

    /**
     * Where an upload stands.
     *
     * @param offset bytes that are durable; empty while a joined upload waits for its parts
     * @param submission what became of it, once complete by this request
     */
    public record Progress(UploadSession session, OptionalLong offset, Optional<Submission> submission) {}

    /** Opens an upload that will become a job. */
    public UploadSession create(UploadStart start, @Nullable String metadata) {
        UploadOpening.requireContent(start.length());
        return opening.open(UploadKind.RESUMABLE, start, OptionalLong.empty(), metadata, null);
    }

    /** Opens an upload that will be joined with others. */
    public UploadSession createPart(OwnerId owner, OptionalLong length, @Nullable String metadata) {
        UploadOpening.requireContent(length);
        return opening.openPart(owner, length, metadata, "partial");
    }

    /**
     * Joins parts to one upload; waits a moment for parts that are all there, and never for those still coming. Repeating it gives the same upload.
     *
     * @throws UploadRefused NOT_FOUND for a part that is not the owner's
     */
    public Progress join(UploadStart start, @Nullable String metadata, String concat, List<UUID> parts)
            throws InterruptedException {
        return joining.create(start, metadata, concat, parts);
    }

    /**
     * Where the upload stands. A request that is still writing to it is ended first, so that what is told stays true.
     *
     * @param arrived when the request did, by {@link System#nanoTime}
     */
    public Progress state(OwnerId owner, UUID id, long arrived) throws InterruptedException {
        UploadSession found = requireKind(sessions.find(owner, id));
        if (found.complete() || joining.isJoined(found)) {
            return new Progress(found, found.complete() ? found.length() : OptionalLong.empty(), Optional.empty());
        }
        try (UploadClaims.Claim _ = claims.take(id, arrived, false, () -> {})) {
            UploadSession session = sessions.find(owner, id);
            long received = completion.received(session);
            return !session.complete() && isWhole(session, received)
                    ? completed(session, received)
                    : new Progress(session, OptionalLong.of(received), Optional.empty());
        } catch (UploadRefused e) {
            if (e.reason() != UploadRefused.Reason.SUPERSEDED) {
                throw e;
            }
            // A later request is writing already. It must not be ended for an earlier one; what is durable by now is
            // the answer.
            return new Progress(found, OptionalLong.of(completion.received(found)), Optional.empty());
        }
    }

    /** Appends what the body brings. Whatever ends the body, what had come is kept. */
    public Progress append(OwnerId owner, UUID id, Append append, UploadBody body) throws InterruptedException {
        requireKind(sessions.find(owner, id));
        try (UploadClaims.Claim _ = claims.take(id, append.arrived(), true, body::cancel)) {
            UploadSession session = sessions.find(owner, id);
            long at = requireOffset(session, append);
            if (session.complete() || isWhole(session, at)) {
                return lastAgain(session, at, append, body);
            }
            UploadAppending.Appended appended = appending.append(session, at, append, body);
            long end = appended.end();
            if (append.last()
                    && appended.length().isPresent()
                    && appended.length().getAsLong() != end) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The upload was said to be complete, but " + end + " of "
                                + appended.length().getAsLong() + " bytes have come. Go on from there.",
                        end);
            }
            boolean whole = append.last()
                    || (appended.length().isPresent() && appended.length().getAsLong() == end);
            return whole
                    ? completed(appended.session(), end)
                    : new Progress(appended.session(), OptionalLong.of(end), Optional.empty());
        }
    }

    /**
     * Ends the upload and drops what has come. A request still writing to it is ended first.
     *
     * @param arrived when the request did, by {@link System#nanoTime}
     */
    public void terminate(OwnerId owner, UUID id, long arrived) throws InterruptedException {
        requireKind(sessions.find(owner, id));
        try (UploadClaims.Claim _ = claims.take(id, arrived, true, () -> {})) {
            UploadSession session = sessions.find(owner, id);
            hashes.forget(id);
            sessions.callOff(session);
        }
    }

    /** Ends an upload that its client never heard of. */
    public void forget(UploadSession session) {
        hashes.forget(session.id());
        sessions.end(session);
    }

    /** The last request once more, because its answer was lost: nothing may come with it, and it is answered again. */
    private Progress lastAgain(UploadSession session, long at, Append append, UploadBody body)
            throws InterruptedException {
        appending.agreedLength(session, append);
        if (append.announced() > 0) {
            throw complete(at);
        }
        body.read(bytes -> {
            if (bytes.hasRemaining()) {
                throw complete(at);
            }
        });
        return session.complete()
                ? new Progress(session, OptionalLong.of(at), completion.again(session))
                : completed(session, at);
    }

    private Progress completed(UploadSession session, long size) throws InterruptedException {
        if (size == 0) {
            sessions.end(session); // Its client has said that this is all.
        }
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
                    UploadRefused.Reason.JOINED, "This upload is joined from others; nothing can be appended to it.");
        }
        long at = completion.received(session);
        if (append.offset() != at) {
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_OFFSET,
                    "The upload stands at " + at + " bytes, not at " + append.offset() + ". Go on from there.",
                    at);
        }
        return at;
    }

    private static boolean isWhole(UploadSession session, long received) {
        return session.length().isPresent() && session.length().getAsLong() == received;
    }

    private static UploadRefused complete(long at) {
        return new UploadRefused(
                UploadRefused.Reason.COMPLETE, "The upload is complete; nothing can be added to it.", at);
    }

    private static UploadSession requireKind(UploadSession session) {
        if (session.kind() != UploadKind.RESUMABLE && session.kind() != UploadKind.PART) {
            throw UploadRefused.notFound();
        }
        return session;
    }
}
