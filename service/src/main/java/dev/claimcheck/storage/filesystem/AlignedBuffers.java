package dev.claimcheck.storage.filesystem;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;

/**
 * A few large buffers outside the heap, aligned as writes past the page cache need them. They are lent to fast uploads alone: ten thousand slow ones must not
 * hold ten thousand of them. Thread-safe.
 */
final class AlignedBuffers {
    /** Bytes of one buffer: large enough that the cost of a write does not show. */
    static final int SIZE = 1 << 20;

    private static final int MOST = 24;

    private final int alignment;
    private final Semaphore left = new Semaphore(MOST);
    private final BlockingQueue<ByteBuffer> free = new ArrayBlockingQueue<>(MOST);

    AlignedBuffers(int alignment) {
        this.alignment = alignment;
    }

    /** An empty buffer of {@link #SIZE} bytes, to be given back; empty while all are lent. */
    Optional<ByteBuffer> lend() {
        if (!left.tryAcquire()) {
            return Optional.empty();
        }
        ByteBuffer kept = free.poll();
        return Optional.of(
                kept != null
                        ? kept
                        : ByteBuffer.allocateDirect(SIZE + alignment)
                                .alignedSlice(alignment)
                                .limit(SIZE)
                                .slice());
    }

    void giveBack(ByteBuffer buffer) {
        if (!free.offer(buffer.clear())) {
            throw new IllegalStateException("more buffers came back than were lent");
        }
        left.release();
    }
}
