package dev.claimcheck.upload;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Who is writing to which upload right now. There are no locks to wait for: a client that comes again has given up its earlier request, whatever the server still
 * sees of it, so the later request takes the earlier one's place (draft-ietf-httpbis-resumable-upload, "Concurrency"). Thread-safe.
 */
final class UploadClaims {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<Object, Claim> claims = new ConcurrentHashMap<>();

    /** The right to write; ends with {@link #close}. */
    final class Claim implements AutoCloseable {
        private final Object target;
        private final Runnable cancel;
        private final CountDownLatch ended = new CountDownLatch(1);

        private Claim(Object target, Runnable cancel) {
            this.target = target;
            this.cancel = cancel;
        }

        @Override
        public void close() {
            claims.remove(target, this);
            ended.countDown();
        }
    }

    /**
     * Takes the right to write to {@code target}; who has it is told to end and waited for: it keeps what it has received, which takes an fsync.
     *
     * @param cancel ends this holder's work soon; called from another thread
     */
    Claim take(Object target, Runnable cancel) throws InterruptedException {
        Claim mine = new Claim(target, cancel);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Claim other = claims.putIfAbsent(target, mine);
            if (other == null) {
                return mine;
            }
            other.cancel.run();
            if (!other.ended.await(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                throw new UploadRefused(
                        UploadRefused.Reason.SUPERSEDED,
                        "An earlier request of this upload does not end. Try again in a few seconds.");
            }
        }
    }
}
