package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.PeriodicWork;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends uploads that were given up, hands in those that are whole though nobody said so, and sweeps what no record knows. Safe to run in several processes at once.
 */
public final class UploadHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadHousekeeping.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final long MOST_ROUNDS_BETWEEN_SWEEPS = 120;

    private static final int BATCH = 500;

    private final Database database;
    private final UploadSessions sessions;
    private final OpenUploads open;
    private final UploadChunks chunks;
    private final UploadCompletion completion;
    private final ChunkedUploads chunked;
    private final PresignedUploads presigned;
    private final UploadJoining joining;
    private final RunningHashes hashes;
    private final ObjectStore store;
    private final Duration orphanAge;
    private final InstantSource clock;
    private final PeriodicWork work;
    private long round;

    UploadHousekeeping(
            Database database,
            UploadSessions sessions,
            OpenUploads open,
            UploadChunks chunks,
            UploadCompletion completion,
            ChunkedUploads chunked,
            PresignedUploads presigned,
            UploadJoining joining,
            RunningHashes hashes,
            ObjectStore store,
            Duration orphanAge,
            InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.open = open;
        this.chunks = chunks;
        this.completion = completion;
        this.chunked = chunked;
        this.presigned = presigned;
        this.joining = joining;
        this.hashes = hashes;
        this.store = store;
        this.orphanAge = orphanAge;
        this.clock = clock;
        this.work = new PeriodicWork("upload-housekeeping", EVERY, this::round);
    }

    @Override
    public void close() {
        work.close();
    }

    private Duration round() {
        guarded(this::handInWhole);
        guarded(presigned::completeForgotten);
        guarded(this::endExpired);
        guarded(joining::joinReady);
        guarded(this::forgetOld);
        if (round++ % Math.clamp(orphanAge.dividedBy(EVERY), 1, MOST_ROUNDS_BETWEEN_SWEEPS) == 0) {
            guarded(this::sweepOrphans);
        }
        return EVERY;
    }

    /** A crash came between the record of the last chunk and the job's start. */
    void handInWhole() {
        for (UploadSession session : open.whole(BATCH)) {
            guarded(session, () -> chunked.handIn(session));
        }
    }

    /** What is whole is handed in even now: its client may have died just before it could hear of it. */
    void endExpired() {
        List<UploadSession> page;
        Instant after = Instant.EPOCH;
        UUID afterId = new UUID(0, 0);
        do {
            page = open.expired(after, afterId, BATCH);
            for (UploadSession session : page) {
                guarded(session, () -> endOrHandIn(session));
                after = session.expiresAt();
                afterId = session.id();
            }
        } while (page.size() == BATCH);
    }

    private void endOrHandIn(UploadSession session) {
        if (!session.complete() && handedIn(session)) {
            return;
        }
        if (sessions.endIfExpired(session)) {
            hashes.forget(session.id());
            LOG.atInfo().addKeyValue("upload", session.id()).log("an upload has expired");
        }
    }

    private boolean handedIn(UploadSession session) {
        return switch (session.kind()) {
            case PART -> false;
            case PRESIGNED -> presigned.handedIn(session);
            case CHUNKED -> chunks.count(session.id()) == session.totalChunks() && completed(session);
            case RESUMABLE -> session.length().isPresent() && hasCome(session) && completed(session);
        };
    }

    private boolean hasCome(UploadSession session) {
        try {
            return completion.received(session) == session.length().orElseThrow();
        } catch (StorageException e) {
            if (store.isReachable()) {
                return false; // Nothing of it is left.
            }
            throw e;
        }
    }

    private boolean completed(UploadSession session) {
        completion.complete(session, session.length().orElseThrow());
        return true;
    }

    private void forgetOld() {
        database.useTransaction(handle -> handle.createUpdate("DELETE FROM idempotency_key WHERE expires_at <= now()")
                .execute());
    }

    void sweepOrphans() {
        List<PartialObject> old = store.unfinished(clock.instant().minus(orphanAge));
        for (int from = 0; from < old.size(); from += BATCH) {
            List<PartialObject> some = old.subList(from, Math.min(old.size(), from + BATCH));
            Set<String> known =
                    open.writtenTo(some.stream().map(PartialObject::key).toList());
            for (PartialObject object : some) {
                if (!known.contains(object.key())) {
                    LOG.atInfo().addKeyValue("key", object.key()).log("a partial object without an upload is dropped");
                    store.abort(object);
                }
            }
        }
    }

    /** Work on one upload. */
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    /** One upload that makes trouble must not keep the others from being looked after. */
    private static void guarded(UploadSession session, Work work) {
        try {
            work.run();
        } catch (UploadRefused e) {
            LOG.atInfo()
                    .addKeyValue("upload", session.id())
                    .addKeyValue("reason", e.getMessage())
                    .log("an upload could not be handed in");
        } catch (StorageException e) {
            LOG.atWarn()
                    .addKeyValue("upload", session.id())
                    .addKeyValue("cause", e.getMessage())
                    .log("an upload is looked after again in a moment");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void guarded(Runnable work) {
        PeriodicWork.attempt(
                LOG,
                "uploads are looked after again in a moment",
                trouble -> trouble instanceof StorageException,
                work);
    }
}
