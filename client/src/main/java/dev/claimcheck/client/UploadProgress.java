package dev.claimcheck.client;

import java.time.Duration;

/** Adds up what has gone over all connections of one upload, and takes back what has to go again. Thread-safe; tells the listener one thing at a time. */
final class UploadProgress {
    private final UploadListener listener;
    private final long total;
    private long sent;
    private long moved;

    UploadProgress(UploadListener listener, long total) {
        this.listener = listener;
        this.total = total;
    }

    /** One request's share of the upload. */
    final class Transfer implements FileRegion.Counter {
        private long counted;
        private boolean over;

        @Override
        public void sent(long bytes) {
            synchronized (UploadProgress.this) {
                if (!over) { // A request that was given up may still hand over a piece.
                    counted += bytes;
                    moved += bytes;
                    add(bytes);
                }
            }
        }

        /** The request was in vain. */
        void takeBack() {
            synchronized (UploadProgress.this) {
                over = true;
                add(-counted);
                counted = 0;
            }
        }
    }

    /** How many bytes were ever handed over, also those that have to go again. */
    synchronized long moved() {
        return moved;
    }

    /** Begins at that many bytes. */
    synchronized void start(UploadWay way, long there) {
        sent = there;
        listener.started(way, there, total);
        listener.sent(sent, total);
    }

    /** The service says how many bytes it has; nothing is under way. */
    synchronized void standsAt(long bytes) {
        if (bytes != sent) {
            sent = bytes;
            listener.sent(sent, total);
        }
    }

    synchronized void hashed(long bytes) {
        listener.hashed(bytes, total);
    }

    synchronized void waiting(Duration pause, ClaimcheckException trouble) {
        listener.waiting(pause, trouble);
    }

    Transfer transfer() {
        return new Transfer();
    }

    private void add(long bytes) {
        if (bytes != 0) {
            sent += bytes;
            listener.sent(sent, total);
        }
    }
}
