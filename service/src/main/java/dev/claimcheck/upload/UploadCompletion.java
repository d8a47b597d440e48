package dev.claimcheck.upload;

import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.ReceivedSource;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Hands an upload whose bytes have all come over to its job. Every way in ends here. The object is completed first, then the record and the job in one
 * transaction; a crash in between leaves an upload that is found whole and handed in by the next request of its client, or by the housekeeping. Thread-safe.
 */
final class UploadCompletion {
    private final UploadSessions sessions;
    private final ObjectStore store;
    private final FirstSteps firstSteps;
    private final RunningHashes hashes;

    UploadCompletion(UploadSessions sessions, ObjectStore store, FirstSteps firstSteps, RunningHashes hashes) {
        this.sessions = sessions;
        this.store = store;
        this.firstSteps = firstSteps;
        this.hashes = hashes;
    }

    /** Bytes that are durable, also of an upload that a crash caught between its object's completion and its record's. */
    long received(UploadSession session) {
        if (session.complete()) {
            return session.length().orElseThrow();
        }
        try {
            return store.length(session.object());
        } catch (StorageException e) {
            return store.stat(session.object().key())
                    .map(ObjectStore.ObjectInfo::size)
                    .orElseThrow(() -> e);
        }
    }

    /**
     * Completes the upload; repeating it is harmless. Empty for a part, which has no job.
     *
     * @throws UploadRefused where the bytes are not those announced, NOT_FOUND where it was ended meanwhile; then nothing of it stays
     */
    Optional<Submission> complete(UploadSession session, long size) {
        if (session.complete()) {
            return again(session);
        }
        UploadOpening.requireContent(OptionalLong.of(size));
        Optional<Fingerprint> fingerprint =
                hashes.take(session.id(), size).map(hash -> hash.fingerprint(new FileName(session.filename())));
        if (fingerprint.isPresent()
                && session.sha256().isPresent()
                && !session.sha256().equals(fingerprint.map(Fingerprint::sha256))) {
            sessions.end(session);
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_CHECKSUM,
                    "The file that arrived is not the one that was announced: its SHA-256 differs. Upload it again.");
        }
        if (session.kind() != UploadKind.PRESIGNED) {
            store.complete(session.object(), size);
        }
        return handIn(session, size, fingerprint);
    }

    /** What became of an upload that was handed in before; empty for a part. */
    Optional<Submission> again(UploadSession session) {
        return handIn(session, session.length().orElseThrow(), Optional.empty());
    }

    private Optional<Submission> handIn(UploadSession session, long size, Optional<Fingerprint> fingerprint) {
        if (session.kind() == UploadKind.PART) {
            return sessions.complete(session, size, null);
        }
        ReceivedSource source = new ReceivedSource(
                size,
                fingerprint.orElse(null),
                fingerprint.isPresent() ? firstSteps.known() : firstSteps.unknown(session.sha256()));
        return sessions.complete(session, size, source);
    }
}
