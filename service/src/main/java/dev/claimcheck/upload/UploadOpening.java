package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.UploadingJob;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObject;
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
        Instant now = clock.instant();
        JobId job = JobId.create(now);
        String key = "sources/" + job;
        UploadSession session = new UploadSession(
                UUID.randomUUID(),
                start.owner(),
                kind,
                Optional.of(job),
                start.name().text(),
                kind == UploadKind.PRESIGNED
                        ? new PartialObject(key, "")
                        : store.begin(key, start.length().orElse(-1)),
                Optional.ofNullable(metadata),
                Optional.ofNullable(concat),
                start.length(),
                chunkSize,
                start.sha256(),
                false,
                now.plus(settings.expiresAfter()));
        Long size = start.length().isPresent() ? start.length().getAsLong() : null;
        record(
                session,
                Optional.of(new UploadingJob(
                        job,
                        start.owner(),
                        start.name().text(),
                        start.contentType(),
                        start.profile(),
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
                store.begin("parts/" + id, length.orElse(-1)),
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

    /** Refuses what is larger than allowed, or than fits. */
    void requireAcceptable(OptionalLong length) {
        if (length.isPresent() && length.getAsLong() > settings.maxSize()) {
            throw new UploadRefused(
                    UploadRefused.Reason.TOO_LARGE,
                    "The largest file accepted here is " + settings.maxSize()
                            + " bytes. Send a smaller file, or ask the operator to raise the limit.");
        }
        store.admit(length.orElse(-1));
    }

    private void record(UploadSession session, Optional<UploadingJob> job) {
        try {
            sessions.create(session, job);
        } catch (RuntimeException e) {
            store.abort(session.object());
            throw e;
        }
    }
}
