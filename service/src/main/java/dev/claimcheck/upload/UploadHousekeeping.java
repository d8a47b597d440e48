package dev.claimcheck.upload;

import dev.claimcheck.database.Database;
import dev.claimcheck.database.DatabaseUnavailableException;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.StorageException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends uploads that were given up, hands in those that are whole though nobody said so, and sweeps what no record knows. Safe to run in several processes at once.
 */
public final class UploadHousekeeping implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadHousekeeping.class);
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final int ORPHANS_EVERY_ROUNDS = 120;
    /** The record of a partial object is committed within seconds of its creation. */
    private static final Duration ORPHAN_AGE = Duration.ofHours(1);

    private static final int BATCH = 500;

    private final Database database;
    private final UploadSessions sessions;
    private final UploadCompletion completion;
    private final UploadJoining joining;
    private final PresignedUploads presigned;
    private final ObjectStore store;
    private final InstantSource clock;
    private final Semaphore stopped = new Semaphore(0);
    private final Thread thread;

    UploadHousekeeping(
            Database database,
            UploadSessions sessions,
            UploadCompletion completion,
            UploadJoining joining,
            PresignedUploads presigned,
            ObjectStore store,
            InstantSource clock) {
        this.database = database;
        this.sessions = sessions;
        this.completion = completion;
        this.joining = joining;
        this.presigned = presigned;
        this.store = store;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("upload-housekeeping").start(this::run);
    }

    @Override
    public void close() {
        stopped.release();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            for (int round = 1; !stopped.tryAcquire(EVERY.toMillis(), TimeUnit.MILLISECONDS); round++) {
                guarded(this::endExpired);
                guarded(joining::joinReady);
                guarded(presigned::completeForgotten);
                guarded(this::forgetOld);
                if (round % ORPHANS_EVERY_ROUNDS == 0) {
                    guarded(this::sweepOrphans);
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is whole is handed in even now: its client may have died just before it could hear of it. */
    void endExpired() {
        for (UploadSession session : sessions.where("u.expires_at <= now() ORDER BY u.expires_at", BATCH)) {
            if (!session.complete() && isWhole(session)) {
                completion.complete(session, session.length().orElseThrow());
            } else {
                sessions.end(session);
            }
        }
    }

    private boolean isWhole(UploadSession session) {
        if (session.kind() != UploadKind.RESUMABLE || session.length().isEmpty()) {
            return false;
        }
        try {
            return completion.received(session) == session.length().getAsLong();
        } catch (StorageException _) {
            return false; // Nothing of it is left.
        }
    }

    private void forgetOld() {
        for (String table : new String[] {"idempotency_key", "upload_challenge"}) {
            database.useTransaction(handle -> handle.createUpdate("DELETE FROM <table> WHERE expires_at <= now()")
                    .define("table", table)
                    .execute());
        }
    }

    void sweepOrphans() {
        for (PartialObject object : store.unfinished(clock.instant().minus(ORPHAN_AGE))) {
            boolean known = database.withHandle(handle -> handle.createQuery(
                            "SELECT EXISTS (SELECT FROM upload WHERE object_key = :key AND completed_at IS NULL)")
                    .bind("key", object.key())
                    .mapTo(Boolean.class)
                    .one());
            if (!known) {
                LOG.atInfo().addKeyValue("key", object.key()).log("a partial object without an upload is dropped");
                store.abort(object);
            }
        }
    }

    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (DatabaseUnavailableException | StorageException e) {
            LOG.atWarn().addKeyValue("cause", e.getMessage()).log("uploads are looked after again in a moment");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("uploads are looked after again in a moment");
        }
    }
}
