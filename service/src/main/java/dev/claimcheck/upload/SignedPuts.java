package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * The signed PUT to this server, for a store that cannot take one itself: what a presigned URL is to an object store, with the same properties. Bytes stream to the
 * disk; nothing is held for an upload that has not begun. Thread-safe.
 */
public final class SignedPuts {
    /** How long a client that has sent its bytes has to say so itself. */
    private static final Duration TIME_TO_SAY_SO = Duration.ofSeconds(10);

    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final ObjectStore store;
    private final UploadSigner signer;
    private final RunningHashes hashes;
    private final UploadClaims claims;
    private final UploadSettings settings;
    private final InstantSource clock;

    SignedPuts(
            UploadSessions sessions,
            UploadOpening opening,
            ObjectStore store,
            UploadSigner signer,
            RunningHashes hashes,
            UploadClaims claims,
            UploadSettings settings,
            InstantSource clock) {
        this.sessions = sessions;
        this.opening = opening;
        this.store = store;
        this.signer = signer;
        this.hashes = hashes;
        this.claims = claims;
        this.settings = settings;
        this.clock = clock;
    }

    /** Where a token is to be sent. */
    static String path(String token) {
        return "/videos/presigned/" + token;
    }

    /**
     * The upload that a token of ours leads to.
     *
     * @throws UploadRefused NOT_SIGNED where the token is not ours, changed, or too old; NOT_FOUND where the upload is over
     */
    public UploadSession ofToken(String token) {
        UUID id = signer.accepted(token, clock.instant())
                .orElseThrow(() -> new UploadRefused(
                        UploadRefused.Reason.NOT_SIGNED,
                        "The upload URL has expired or was changed. Ask for a new one with POST /videos/upload-url."));
        return alive(id);
    }

    /**
     * Takes the bytes of a signed PUT to this server. A later PUT of the same upload takes an earlier one's place, as long as none has ended.
     *
     * @param contentType must be the one signed
     * @param contentLength in bytes; must be the one announced, where one was
     * @return the SHA-256 of what was stored
     */
    public Digest put(UploadSession session, String contentType, OptionalLong contentLength, UploadBody body)
            throws InterruptedException {
        requireAsSigned(session, contentType, contentLength);
        requireOpen(session);
        try (UploadClaims.Claim _ = claims.take(session.id(), body::cancel)) {
            requireOpen(alive(session.id()));
            RunningHash hash = new RunningHash();
            Digest digest = write(session, contentLength, body, hash);
            hashes.put(session.id(), hash);
            if (!sessions.arrived(session.id(), TIME_TO_SAY_SO)) {
                store.deletePrefix(session.object().key());
                throw UploadRefused.notFound();
            }
            return digest;
        }
    }

    private Digest write(UploadSession session, OptionalLong announced, UploadBody body, RunningHash hash)
            throws InterruptedException {
        String key = session.object().key();
        boolean promised = session.length().isPresent();
        if (!promised) {
            store.reserve(key, announced.orElse(-1));
        }
        boolean stored = false;
        KeepAlive alive = new KeepAlive(sessions, session, settings.expiresAfter(), clock);
        try (ObjectWriter writer = store.create(key)) {
            long most = session.length().orElse(settings.maxSize());
            body.read(bytes -> {
                alive.touch();
                take(bytes, hash, writer, most);
            });
            Digest digest = requireAsAnnounced(session, writer.size(), hash);
            writer.commit();
            stored = true;
            return digest;
        } finally {
            if (stored || !promised) {
                store.release(key);
            }
        }
    }

    private static Digest requireAsAnnounced(UploadSession session, long size, RunningHash hash) {
        if (size == 0) {
            throw empty();
        }
        if (session.length().isPresent() && size != session.length().getAsLong()) {
            throw wrongLength(session.length().getAsLong(), size);
        }
        Digest digest = hash.fingerprint(new FileName(session.filename())).sha256();
        if (session.sha256().isPresent() && !session.sha256().get().equals(digest)) {
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_CHECKSUM,
                    "The bytes that arrived do not have the SHA-256 that was announced. Nothing was kept; send them again.");
        }
        return digest;
    }

    private static void take(ByteBuffer bytes, RunningHash hash, ObjectWriter writer, long most) {
        if (writer.size() + bytes.remaining() > most) {
            throw new UploadRefused(
                    UploadRefused.Reason.TOO_LARGE,
                    "More bytes came than the " + most + " that this URL was signed for. Nothing was kept.");
        }
        hash.update(bytes);
        writer.write(bytes);
    }

    private void requireAsSigned(UploadSession session, String contentType, OptionalLong contentLength) {
        if (!contentType.equals(session.metadata().orElse(ContentTypes.UNDECLARED))) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_SIGNED,
                    "The Content-Type is not the one this URL was signed for. Send the \"headers\" exactly as they were given.");
        }
        opening.requireAcceptable(contentLength);
        // HTTP/1.1 says so beforehand, HTTP/2 need not: the answer is the same.
        if (contentLength.isPresent() && contentLength.getAsLong() == 0) {
            throw empty();
        }
        if (contentLength.isPresent()
                && session.length().isPresent()
                && session.length().getAsLong() != contentLength.getAsLong()) {
            throw wrongLength(session.length().getAsLong(), contentLength.getAsLong());
        }
    }

    private void requireOpen(UploadSession session) {
        if (session.complete() || store.stat(session.object().key()).isPresent()) {
            throw new UploadRefused(
                    UploadRefused.Reason.COMPLETE,
                    "The file has arrived already and cannot be replaced. Call POST /videos/upload-complete, or start a new upload.");
        }
    }

    private UploadSession alive(UUID id) {
        return sessions.byId(id).orElseThrow(UploadRefused::notFound);
    }

    private static UploadRefused empty() {
        return new UploadRefused(UploadRefused.Reason.EMPTY, "The file has no content. Send it again.");
    }

    private static UploadRefused wrongLength(long announced, long came) {
        return new UploadRefused(
                UploadRefused.Reason.WRONG_LENGTH,
                announced + " bytes were announced, but " + came
                        + " came. Nothing was kept; send the file with the right size.");
    }
}
