package dev.claimcheck.upload;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialWriter;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Writes one request's bytes to the end of an upload. The caller has the {@link UploadClaims claim} and has made sure of the offset. Bytes that came are kept
 * however the request ends, and keep the upload from expiring. Thread-safe.
 */
final class UploadAppending {
    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final ObjectStore store;
    private final UploadSettings settings;
    private final RunningHashes hashes;
    private final InstantSource clock;

    UploadAppending(
            UploadSessions sessions,
            UploadOpening opening,
            ObjectStore store,
            UploadSettings settings,
            RunningHashes hashes,
            InstantSource clock) {
        this.sessions = sessions;
        this.opening = opening;
        this.store = store;
        this.settings = settings;
        this.hashes = hashes;
        this.clock = clock;
    }

    /**
     * What one request did.
     *
     * @param end the offset after it
     * @param length of the whole content, where it is known by now
     */
    record Appended(UploadSession session, long end, OptionalLong length) {}

    /** Appends at {@code at}, which must be where the upload stands. */
    Appended append(UploadSession session, long at, ResumableUploads.Append append, UploadBody body)
            throws InterruptedException {
        OptionalLong length = agreedLength(session, append);
        Running running = new Running(session, length, length.orElse(settings.maxSize()) - at, append.overflowEnds());
        if (append.announced() > running.most) {
            throw running.tooMuch(); // Known before the first byte, so none is taken.
        }
        long end = running.write(at, body);
        return new Appended(running.session, end, length);
    }

    /** The length of the whole content, by what this request and those before it say; they must say the same. */
    OptionalLong agreedLength(UploadSession session, ResumableUploads.Append append) {
        if (append.length().isEmpty()) {
            return session.length();
        }
        long declared = append.length().getAsLong();
        if (session.length().isPresent()) {
            if (session.length().getAsLong() != declared) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The upload's length was said to be " + session.length().getAsLong()
                                + " bytes before; it cannot change.");
            }
        } else {
            if (declared < append.offset()) {
                throw new UploadRefused(
                        UploadRefused.Reason.WRONG_LENGTH,
                        "The length is less than what has come already: " + append.offset() + " bytes.");
            }
            UploadOpening.requireContent(append.length());
            opening.promise(session, declared, append.offset());
            sessions.declareLength(session.id(), declared);
        }
        return append.length();
    }

    /** One request while its bytes come. */
    private final class Running {
        private final OptionalLong length;
        private final long most;
        private final boolean overflowEnds;
        private UploadSession session;
        private long keptAliveAt;
        private boolean keptAlive;

        private Running(UploadSession session, OptionalLong length, long most, boolean overflowEnds) {
            this.session = session;
            this.length = length;
            this.most = most;
            this.overflowEnds = overflowEnds;
        }

        /** Gives the offset after the body. */
        private long write(long at, UploadBody body) throws InterruptedException {
            Optional<RunningHash> hash = hashes.take(session.id(), at);
            try (PartialWriter writer = store.append(session.object(), at)) {
                try {
                    body.read(bytes -> take(bytes, writer, hash));
                } catch (RuntimeException | InterruptedException e) {
                    keepAfter(e, writer);
                    throw e;
                } finally {
                    hash.ifPresent(running -> hashes.put(session.id(), running));
                }
                writer.keep();
                return at + writer.size();
            }
        }

        private void take(ByteBuffer bytes, PartialWriter writer, Optional<RunningHash> hash) {
            if (writer.size() + bytes.remaining() > most) {
                throw tooMuch();
            }
            if (bytes.hasRemaining()) {
                keepAlive();
            }
            hash.ifPresent(running -> running.update(bytes));
            writer.write(bytes);
        }

        private UploadRefused tooMuch() {
            if (overflowEnds) {
                hashes.forget(session.id());
                sessions.end(session);
            }
            return length.isPresent()
                    ? new UploadRefused(
                            UploadRefused.Reason.WRONG_LENGTH,
                            "More bytes came than the upload's length of " + length.getAsLong() + ".")
                    : new UploadRefused(
                            UploadRefused.Reason.TOO_LARGE,
                            "The largest file accepted here is " + settings.maxSize() + " bytes.");
        }

        /** Puts off the upload's end while its bytes come, without asking the database for each of them. */
        private void keepAlive() {
            long now = System.nanoTime();
            if (keptAlive && now - keptAliveAt < settings.expiresAfter().toNanos() / 10) {
                return;
            }
            keptAlive = true;
            keptAliveAt = now;
            Instant until = clock.instant().plus(settings.expiresAfter());
            if (Duration.between(session.expiresAt(), until)
                            .compareTo(settings.expiresAfter().dividedBy(10))
                    > 0) {
                sessions.extend(session.id(), until);
                session = session.expiringAt(until);
            }
        }
    }

    /** A byte that came is a byte kept; if even that fails, the first failure is the one to tell. */
    private static void keepAfter(Exception cause, PartialWriter writer) {
        try {
            writer.keep();
        } catch (RuntimeException second) {
            cause.addSuppressed(second);
        }
    }
}
