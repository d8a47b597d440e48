package dev.claimcheck.upload;

import java.time.Duration;
import java.time.InstantSource;

/** Puts off the expiry of an upload while its bytes come, without asking the database for each of them. Not thread-safe. */
final class KeepAlive {
    private final UploadSessions sessions;
    private final UploadSession session;
    private final Duration lifetime;
    private final InstantSource clock;
    private long touchedAt;
    private boolean touched;

    /** @param lifetime how long the upload may then pause */
    KeepAlive(UploadSessions sessions, UploadSession session, Duration lifetime, InstantSource clock) {
        this.sessions = sessions;
        this.session = session;
        this.lifetime = lifetime;
        this.clock = clock;
    }

    /** Something of it is coming. */
    void touch() {
        long now = System.nanoTime();
        if (touched && now - touchedAt < lifetime.toNanos() / 10) {
            return;
        }
        sessions.extend(session.id(), clock.instant().plus(lifetime));
        touched = true;
        touchedAt = now;
    }
}
