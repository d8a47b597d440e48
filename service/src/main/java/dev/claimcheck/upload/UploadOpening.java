package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObject;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Opens uploads that take more than one request: checks what can be known before the first byte, makes the job, the object and the record. Thread-safe. */
final class UploadOpening {
    private final UploadSessions sessions;
    private final ObjectStore store;
    private final UploadSettings settings;
    private final InstantSource clock;

    UploadOpening(UploadSessions sessions, ObjectStore store, UploadSettings settings, InstantSource clock) {
        this.sessions = sessions;
        this.store = store;
        this.settings = settings;
        this.clock = clock;
    }

    /** Opens an upload that will become a job. */
    UploadSession open(
            UploadKind kind,
            UploadStart start,
            OptionalLong chunkSize,
            @Nullable String metadata,
            @Nullable String concat) {
        requireAcceptable(start.length());
        settings.contentTypes().require(start.contentType());
        Instant now = clock.instant();
        JobId job = JobId.create(now);
        String key = sourceKey(job);
        UploadSession session = new UploadSession(
                UUID.randomUUID(),
                start.owner(),
                kind,
                Optional.of(job),
                start.name().text(),
                begun(key, start.length(), kind != UploadKind.PRESIGNED),
                Optional.ofNullable(metadata),
                Optional.ofNullable(concat),
                start.length(),
                chunkSize,
                start.sha256(),
                false,
                now.plus(lifetime(kind)));
        Long size = start.length().isPresent() ? start.length().getAsLong() : null;
        record(
                session,
                Optional.of(new UploadingJob(
                        job,
                        start.owner(),
                        start.name().text(),
                        start.contentType(),
                        start.processing(),
                        start.priority(),
                        size,
                        key)));
        return session;
    }

    /** Opens an upload that will be joined with others. */
    UploadSession openPart(OwnerId owner, OptionalLong length, @Nullable String metadata, String concat) {
        requireAcceptable(length);
        UUID id = UUID.randomUUID();
        Optional<Digest> unannounced = Optional.empty();
        UploadSession session = new UploadSession(
                id,
                owner,
                UploadKind.PART,
                Optional.empty(),
                "",
                begun("parts/" + id, length, true),
                Optional.ofNullable(metadata),
                Optional.of(concat),
                length,
                OptionalLong.empty(),
                unannounced,
                false,
                clock.instant().plus(settings.expiresAfter()));
        record(session, Optional.empty());
        return session;
    }

    /** Refuses a length of nothing: there is no video without a byte. */
    static void requireContent(OptionalLong length) {
        if (length.isPresent() && length.getAsLong() == 0) {
            throw new UploadRefused(
                    UploadRefused.Reason.EMPTY,
                    "The file has no content. Check that it was written completely and send it again.");
        }
    }

    /** Refuses what is larger than allowed. */
    void requireAcceptable(OptionalLong length) {
        if (length.isPresent() && length.getAsLong() > settings.maxSize()) {
            throw new UploadRefused(
                    UploadRefused.Reason.TOO_LARGE,
                    "The largest file accepted here is " + settings.maxSize()
                            + " bytes. Send a smaller file, or ask the operator to raise the limit.");
        }
    }

    /** Promises room for an open upload whose length has become known; refuses what is larger than allowed, or than fits. */
    void promise(UploadSession session, long length, long come) {
        requireAcceptable(OptionalLong.of(length));
        store.reserve(session.object().key(), length - come);
    }

    /** Where the bytes of a job will be. */
    static String sourceKey(JobId job) {
        return "sources/" + job;
    }

    private Duration lifetime(UploadKind kind) {
        boolean worthlessWithItsUrl = kind == UploadKind.PRESIGNED && !(store instanceof DirectAccess);
        return worthlessWithItsUrl ? settings.signedFor() : settings.expiresAfter();
    }

    private PartialObject begun(String key, OptionalLong length, boolean inPieces) {
        store.reserve(key, length.orElse(-1));
        try {
            return inPieces ? store.begin(key, length.orElse(-1)) : new PartialObject(key, "");
        } catch (RuntimeException e) {
            store.release(key);
            throw e;
        }
    }

    private void record(UploadSession session, Optional<UploadingJob> job) {
        try {
            sessions.create(session, job);
        } catch (RuntimeException e) {
            store.release(session.object().key());
            if (session.kind() != UploadKind.PRESIGNED) {
                store.abort(session.object());
            }
            throw e;
        }
    }
}
