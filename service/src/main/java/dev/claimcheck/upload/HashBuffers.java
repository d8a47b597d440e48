package dev.claimcheck.upload;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Feeds off-heap buffers to a digest through a few shared arrays. The JDK would copy in pieces of 4 KiB; an array for each upload would cost
 * hundreds of megabytes with thousands of slow ones. Thread-safe.
 */
final class HashBuffers {
    private static final int SIZE = 64 << 10;
    private static final int KEPT = 16;

    private static final BlockingQueue<byte[]> FREE = new ArrayBlockingQueue<>(KEPT);

    private HashBuffers() {}

    /** Hashes the remaining bytes; the buffer's position stays. */
    static void update(MessageDigest digest, ByteBuffer bytes) {
        if (bytes.hasArray()) {
            digest.update(bytes.duplicate());
            return;
        }
        byte[] free = FREE.poll();
        byte[] array = free == null ? new byte[SIZE] : free;
        ByteBuffer rest = bytes.duplicate();
        while (rest.hasRemaining()) {
            int length = Math.min(SIZE, rest.remaining());
            rest.get(array, 0, length);
            digest.update(array, 0, length);
        }
        boolean kept = FREE.offer(array);
        assert kept || FREE.remainingCapacity() == 0;
    }
}
