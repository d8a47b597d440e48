package dev.claimcheck.upload;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Who is writing to which upload right now, in this process. There are no locks that somebody could forget: a client that comes again has given up its earlier
 * request, whatever the server still sees of it, so a later request calls off all earlier ones and then has its turn (draft-ietf-httpbis-resumable-upload,
 * "Concurrency"). Turns go by arrival: a request that was overtaken on its way in never calls off the one that overtook it, and one that would write after a
 * later one was told the offset is refused, because what was told must stay true. Thread-safe.
 */
final class UploadClaims {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** Uploads whose last requests are remembered; requests overtake each other by milliseconds. */
    private static final int REMEMBERED = 10_000;

    private final Map<Object, Claim> newest = new HashMap<>();
    private final Map<Object, Seen> seen = new LinkedHashMap<>();
    private final Duration patience;

    UploadClaims() {
        this(PATIENCE);
    }

    /** @param patience how long a request waits for an earlier one to end that hangs in the storage */
    UploadClaims(Duration patience) {
        this.patience = patience;
    }

    /**
     * When the latest request of an upload arrived.
     *
     * @param writer when the latest one arrived that writes; null where none is known
     */
    private record Seen(long latest, @Nullable Long writer) {
        static Seen of(@Nullable Seen before, long arrived, boolean writes) {
            if (before == null) {
                return new Seen(arrived, writes ? arrived : null);
            }
            long latest = arrived - before.latest > 0 ? arrived : before.latest;
            return new Seen(latest, writes ? Long.valueOf(arrived) : before.writer);
        }

        /** One that writes must be the latest of all: what a later one was told must stay true. One that asks only has to come after what was written. */
        boolean overtook(long arrived, boolean writes) {
            Long bound = writes ? Long.valueOf(latest) : writer;
            return bound != null && arrived - bound < 0;
        }
    }

    /** The right to write; ends with {@link #close}. */
    final class Claim implements AutoCloseable {
        private final Object target;
        private final Runnable cancel;
        private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
        private volatile @Nullable Claim before;

        private Claim(Object target, Runnable cancel) {
            this.target = target;
            this.cancel = cancel;
        }

        @Override
        public void close() {
            forget(this);
            before = null; // A chain of those that have had their turn would never end.
            ended.complete(true);
        }
    }

    /**
     * Takes the right to write to {@code target}. Whoever came earlier is told to end and waited for: it keeps what it has received, which takes an fsync.
     *
     * @param cancel ends this holder's work soon; called from another thread, perhaps before its turn and more than once
     * @throws UploadRefused NOT_ENDING when an earlier holder hangs, so that nobody can say how much it will have written
     */
    Claim take(Object target, Runnable cancel) throws InterruptedException {
        return take(target, System.nanoTime(), true, cancel);
    }

    /**
     * As {@link #take(Object, Runnable)}, for a request that may have been overtaken since it arrived.
     *
     * @param arrived by {@link System#nanoTime}
     * @param writes false for one that only asks where the upload stands
     * @throws UploadRefused SUPERSEDED when a later request has had its turn already
     */
    Claim take(Object target, long arrived, boolean writes, Runnable cancel) throws InterruptedException {
        Claim mine = new Claim(target, cancel);
        Claim earlier = register(mine, arrived, writes);
        if (earlier == null) {
            return mine;
        }
        for (Claim claim = earlier; claim != null; claim = claim.before) {
            claim.cancel.run();
        }
        boolean myTurn = false;
        try {
            earlier.ended.get(patience.toNanos(), TimeUnit.NANOSECONDS);
            myTurn = true;
            mine.before = null;
            return mine;
        } catch (TimeoutException _) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_ENDING,
                    "An earlier request of this upload hangs in the storage, so nobody knows yet where the upload stands. Ask again in a few seconds.");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a claim ends without a failure", e);
        } finally {
            if (!myTurn) {
                CompletableFuture<Void> _ =
                        earlier.ended.thenRun(mine::close); // Those behind still have to wait for the one in front.
            }
        }
    }

    private synchronized @Nullable Claim register(Claim claim, long arrived, boolean writes) {
        Seen known = seen.remove(claim.target);
        if (known != null) {
            seen.put(claim.target, known); // The last asked for is forgotten last.
            if (known.overtook(arrived, writes)) {
                throw new UploadRefused(
                        UploadRefused.Reason.SUPERSEDED,
                        "A later request of the same upload came first. Ask where the upload stands and go on from there.");
            }
        }
        seen.put(claim.target, Seen.of(known, arrived, writes));
        if (seen.size() > REMEMBERED) {
            seen.remove(seen.keySet().iterator().next());
        }
        claim.before = newest.put(claim.target, claim);
        return claim.before;
    }

    private synchronized void forget(Claim claim) {
        newest.remove(claim.target, claim);
    }
}
