package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads by one PUT to a signed URL: to the object store itself where it can take them, else to this server. What is signed is the way in; the job starts when
 * the client says that it is done, when the store tells, or when the housekeeping finds the object. Thread-safe.
 */
public final class PresignedUploads {
    private static final Logger LOG = LoggerFactory.getLogger(PresignedUploads.class);
    private static final String DEFAULT_TYPE = "application/octet-stream";

    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final ObjectStore store;
    private final UploadSigner signer;
    private final RunningHashes hashes;
    private final UploadSettings settings;
    private final InstantSource clock;

    PresignedUploads(
            UploadSessions sessions,
            UploadOpening opening,
            UploadCompletion completion,
            ObjectStore store,
            UploadSigner signer,
            RunningHashes hashes,
            UploadSettings settings,
            InstantSource clock) {
        this.sessions = sessions;
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
        String type = start.contentType() == null ? DEFAULT_TYPE : start.contentType();
        UploadStart typed = new UploadStart(
                start.owner(), start.name(), type, start.profile(), start.priority(), start.length(), start.sha256());
        UploadSession session = opening.open(UploadKind.PRESIGNED, typed, OptionalLong.empty(), type, null);
        Instant expiry = clock.instant().plus(UploadSettings.SIGNED_FOR);
        if (store instanceof DirectAccess direct) {
            DirectAccess.SignedPut put = direct.signPut(
                    session.object().key(),
                    type,
                    start.length(),
                    start.sha256().map(Digest::bytes),
                    UploadSettings.SIGNED_FOR);
            return new Signed(session, put.url().toString(), put.headers(), expiry);
        }
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Type", type);
        return new Signed(session, "/videos/presigned/" + signer.token(session.id(), expiry), headers, expiry);
    }

    /**
     * The upload that a token of ours leads to.
     *
     * @throws UploadRefused NOT_FOUND where the token is not ours, changed, or too old
     */
    public UploadSession ofToken(String token) {
        UUID id = signer.accepted(token, clock.instant())
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_FOUND,
                        "The upload URL has expired or was changed. Ask for a new one with POST /videos/upload-url."));
        return sessions.byId(id).orElseThrow(UploadRefused::notFound);
    }

    /**
     * Takes the bytes of a signed PUT to this server.
     *
     * @param contentType must be the one signed
     * @param contentLength in bytes; must be the one announced, where one was
     * @return the SHA-256 of what was stored
     */
    public Digest put(UploadSession session, String contentType, OptionalLong contentLength, UploadBody body)
            throws InterruptedException {
        requireAsSigned(session, contentType, contentLength);
        store.admit(contentLength.orElse(-1));
        RunningHash hash = new RunningHash();
        try (ObjectWriter writer = store.create(session.object().key())) {
            long most = session.length().orElse(settings.maxSize());
            body.read(bytes -> take(bytes, hash, writer, most));
            if (writer.size() == 0) {
                throw new UploadRefused(UploadRefused.Reason.EMPTY, "The file has no content. Send it again.");
            }
            if (session.length().isPresent()
                    && writer.size() != session.length().getAsLong()) {
                throw wrongLength(session.length().getAsLong(), writer.size());
            }
            Digest digest = hash.fingerprint(new FileName(session.filename())).sha256();
            if (session.sha256().isPresent() && !session.sha256().get().equals(digest)) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_CHECKSUM,
                        "The bytes that arrived do not have the SHA-256 that was announced. Nothing was kept; send them again.");
            }
            requireOpen(session);
            writer.commit();
            hashes.put(session.id(), hash);
            return digest;
        }
    }

    /**
     * The client says that its bytes are there: starts the job. Repeating it is harmless.
     *
     * @throws UploadRefused OBJECT_MISSING where they are not, WRONG_LENGTH where they are not what was announced
     */
    public JobId complete(OwnerId owner, JobId job, String fileKey) {
        UploadSession session = sessions.ofJob(job)
                .filter(found -> found.owner().equals(owner)
                        && found.kind() == UploadKind.PRESIGNED
                        && MessageDigest.isEqual(
                                found.object().key().getBytes(java.nio.charset.StandardCharsets.UTF_8),
                                fileKey.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .orElseThrow(
                        () -> new UploadRefused(
                                UploadRefused.Reason.NOT_FOUND,
                                "You have no upload of this \"job_id\" and \"file_key\". Use those of POST /videos/upload-url."));
        if (session.complete()) {
            return session.jobId().orElse(job);
        }
        if (!completeIfThere(session)) {
            throw new UploadRefused(
                    UploadRefused.Reason.OBJECT_MISSING,
                    "The file has not arrived. PUT it to the \"upload_url\", wait for the answer, then call this again.");
        }
        return sessions.ofJob(job).flatMap(UploadSession::jobId).orElse(job);
    }

    /** The store says that an object was made: completes the upload it belongs to, if it is one. Repeating it is harmless. */
    public void objectCreated(String key) {
        sessions.ofKey(key)
                .filter(session -> session.kind() == UploadKind.PRESIGNED && !session.complete())
                .ifPresent(this::completeIfThere);
    }

    /** Completes the uploads whose bytes have come though their client never said so. */
    void completeForgotten() {
        for (UploadSession session : sessions.where(
                "u.kind = 'PRESIGNED' AND u.completed_at IS NULL AND u.created_at < now() - interval '1 minute'"
                        + " AND j.status = 'UPLOADING' ORDER BY u.created_at",
                500)) {
            try {
                if (completeIfThere(session)) {
                    LOG.atInfo()
                            .addKeyValue("upload", session.id())
                            .log("an upload whose client fell silent was handed in");
                }
            } catch (UploadRefused e) {
                LOG.atInfo()
                        .addKeyValue("upload", session.id())
                        .addKeyValue("reason", e.getMessage())
                        .log("an uploaded object was refused");
            }
        }
    }

    private boolean completeIfThere(UploadSession session) {
        Optional<ObjectStore.ObjectInfo> object = store.stat(session.object().key());
        if (object.isEmpty()) {
            return false;
        }
        long size = object.get().size();
        if ((session.length().isPresent() && session.length().getAsLong() != size) || size > settings.maxSize()) {
            sessions.end(session);
            throw wrongLength(session.length().orElse(settings.maxSize()), size);
        }
        completion.complete(session, size);
        return true;
    }

    private void requireAsSigned(UploadSession session, String contentType, OptionalLong contentLength) {
        requireOpen(session);
        if (!contentType.equals(session.metadata().orElse(DEFAULT_TYPE))) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_PROVEN,
                    "The Content-Type is not the one this URL was signed for. Send the \"headers\" exactly as they were given.");
        }
        if (contentLength.isPresent()) {
            long length = contentLength.getAsLong();
            if (session.length().isPresent() && session.length().getAsLong() != length) {
                throw wrongLength(session.length().getAsLong(), length);
            }
            opening.requireAcceptable(contentLength);
        }
    }

    private void requireOpen(UploadSession session) {
        if (session.complete() || store.stat(session.object().key()).isPresent()) {
            throw new UploadRefused(
                    UploadRefused.Reason.COMPLETE,
                    "The file has arrived already and cannot be replaced. Call POST /videos/upload-complete, or start a new upload.");
        }
    }

    private void take(ByteBuffer bytes, RunningHash hash, ObjectWriter writer, long most) {
        if (writer.size() + bytes.remaining() > most) {
            throw new UploadRefused(
                    UploadRefused.Reason.TOO_LARGE,
                    "More bytes came than the " + most + " that this URL was signed for.");
        }
        hash.update(bytes);
        writer.write(bytes);
    }

    private static UploadRefused wrongLength(long announced, long came) {
        return new UploadRefused(
                UploadRefused.Reason.WRONG_LENGTH,
                announced + " bytes were announced, but " + came + " came. Start a new upload with the right size.");
    }
}
