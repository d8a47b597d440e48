package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads by one PUT to a signed URL: to the object store itself where it can take them, else to this server. What is signed is the way in; the job starts when
 * the client says that it is done, when the store tells, or when the housekeeping finds the object. Thread-safe.
 */
public final class PresignedUploads {
    private static final Logger LOG = LoggerFactory.getLogger(PresignedUploads.class);
    private static final int MOST_AT_ONCE = 500;

    private final UploadSessions sessions;
    private final OpenUploads open;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final ObjectStore store;
    private final UploadSigner signer;
    private final RunningHashes hashes;
    private final UploadSettings settings;
    private final InstantSource clock;

    PresignedUploads(
            UploadSessions sessions,
            OpenUploads open,
            UploadOpening opening,
            UploadCompletion completion,
            ObjectStore store,
            UploadSigner signer,
            RunningHashes hashes,
            UploadSettings settings,
            InstantSource clock) {
        this.sessions = sessions;
        this.open = open;
        this.opening = opening;
        this.completion = completion;
        this.store = store;
        this.signer = signer;
        this.hashes = hashes;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * A way to send the bytes.
     *
     * @param url absolute for an object store, a path of this server else
     * @param headers to be sent exactly so
     */
    public record Signed(UploadSession session, String url, Map<String, String> headers, Instant expiresAt) {}

    /** Opens an upload and signs its PUT. */
    public Signed create(UploadStart start) {
        String type = start.contentType() == null ? ContentTypes.UNDECLARED : start.contentType();
        UploadStart typed = new UploadStart(
                start.owner(),
                start.name(),
                type,
                start.processing(),
                start.priority(),
                start.length(),
                start.sha256());
        UploadSession session = opening.open(UploadKind.PRESIGNED, typed, OptionalLong.empty(), type, null);
        Instant expiry = clock.instant().plus(settings.signedFor());
        if (store instanceof DirectAccess direct) {
            DirectAccess.SignedPut put = direct.signPut(
                    session.object().key(),
                    type,
                    start.length(),
                    start.sha256().map(Digest::bytes),
                    settings.signedFor());
            return new Signed(session, put.url().toString(), put.headers(), expiry);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        return new Signed(session, SignedPuts.path(signer.token(session.id(), expiry)), headers, expiry);
    }

    /**
     * The client says that its bytes are there: starts the job. Repeating it is harmless.
     *
     * @throws UploadRefused OBJECT_MISSING where they are not, WRONG_LENGTH where they are not what was announced
     */
    public JobId complete(OwnerId owner, JobId job, String fileKey) {
        UploadSession session = sessions.ofKey(fileKey)
                .filter(found -> found.kind() == UploadKind.PRESIGNED
                        && found.owner().equals(owner)
                        && fileKey.equals(UploadOpening.sourceKey(job)))
                .orElseThrow(UploadRefused::notFound);
        if (session.complete()) {
            return session.jobId().orElse(job);
        }
        return completeIfThere(session)
                .map(Submission::jobId)
                .orElseThrow(
                        () -> new UploadRefused(
                                UploadRefused.Reason.OBJECT_MISSING,
                                "The file has not arrived. PUT it to the \"upload_url\", wait for the answer, then call this again."));
    }

    /**
     * The store says that an object was made: completes the upload it belongs to, if it is one. Repeating it is harmless.
     *
     * @param bucket where it was made
     * @param name of the object there, as the store has it
     * @return whether it belongs to an upload that was handed in by this
     */
    public boolean objectCreated(String bucket, String name) {
        Optional<String> key =
                store instanceof DirectAccess direct ? direct.keyOfNotification(bucket, name) : Optional.of(name);
        return key.flatMap(sessions::ofKey)
                .filter(session -> session.kind() == UploadKind.PRESIGNED && !session.complete())
                .filter(this::handedIn)
                .isPresent();
    }

    /** Completes the uploads whose bytes have come though their client never said so. */
    void completeForgotten() {
        for (UploadSession session : open.toLookAt(MOST_AT_ONCE)) {
            try {
                if (!handedIn(session)) {
                    open.lookLater(session.id());
                }
            } catch (StorageException e) {
                open.lookLater(session.id());
                LOG.atWarn()
                        .addKeyValue("upload", session.id())
                        .addKeyValue("cause", e.getMessage())
                        .log("an upload cannot be looked at; it is looked at again later");
            }
        }
    }

    /** Hands the upload in if its object is there, though nobody waits to hear of it. */
    boolean handedIn(UploadSession session) {
        try {
            boolean there = completeIfThere(session).isPresent();
            if (there) {
                LOG.atInfo().addKeyValue("upload", session.id()).log("an upload was handed in without its client");
            }
            return there;
        } catch (UploadRefused e) {
            LOG.atInfo()
                    .addKeyValue("upload", session.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("an uploaded object was refused");
            return false;
        }
    }

    /** Empty where the object is not there. What is there but not as announced is refused, and nothing of it stays. */
    private Optional<Submission> completeIfThere(UploadSession session) {
        String key = session.object().key();
        Optional<ObjectStore.ObjectInfo> object =
                store instanceof DirectAccess direct ? direct.settle(key) : store.stat(key);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        long size = object.get().size();
        boolean asAnnounced = session.length().isEmpty() || session.length().getAsLong() == size;
        if (!asAnnounced || size > settings.maxSize() || size == 0) {
            hashes.forget(session.id());
            sessions.end(session);
            throw asAnnounced
                    ? tooLargeOrEmpty(size)
                    : wrongLength(session.length().getAsLong(), size);
        }
        return completion.complete(session, size);
    }

    private UploadRefused tooLargeOrEmpty(long size) {
        return size == 0
                ? new UploadRefused(UploadRefused.Reason.EMPTY, "The file has no content. Start a new upload.")
                : new UploadRefused(
                        UploadRefused.Reason.TOO_LARGE,
                        "The largest file accepted here is " + settings.maxSize() + " bytes, but " + size
                                + " came. Nothing was kept.");
    }

    private static UploadRefused wrongLength(long announced, long came) {
        return new UploadRefused(
                UploadRefused.Reason.WRONG_LENGTH,
                announced + " bytes were announced, but " + came
                        + " came. Nothing was kept. Start a new upload with the right size.");
    }
}
