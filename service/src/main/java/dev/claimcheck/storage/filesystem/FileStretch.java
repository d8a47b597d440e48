package dev.claimcheck.storage.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one stretch of an existing file, from an offset on. A fast sender's bytes go past the page cache; otherwise what is there is flushed in the background
 * as more comes, so that the last flush is short. Slow uploads by the thousand must not hold a descriptor each: beyond a number of open files, a file is open only
 * during each write. Not thread-safe.
 */
final class FileStretch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileStretch.class);
    private static final long FLUSH_EVERY = 2L << 20;
    private static final long CHECK_SPACE_EVERY = 64L << 20;
    /** Bytes that go through the page cache before the rest may go past it. */
    private static final long CACHED_HEAD = 2L << 20;
    /** A multiple of every block size, where the cached head ends. */
    private static final long BOUNDARY = 1L << 20;
    /** A sender is fast when the head came within this time. */
    private static final Duration FAST_HEAD = Duration.ofMillis(500);

    private final DurableFiles files;
    private final Path file;
    private final long offset;
    private final long uncachedFrom;
    private final DiskSpace.Share share;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private final long started = System.nanoTime();
    private @Nullable FileChannel held;
    private @Nullable UncachedTail tail;
    private long size;
    private long flushed;
    private long spaceChecked;

    /** @param share of the disk that the bytes are taken from */
    FileStretch(DurableFiles files, Path file, long offset, DiskSpace.Share share) {
        this.share = share;
        this.files = files;
        this.file = file;
        this.offset = offset;
        this.uncachedFrom = Math.ceilDiv(offset + CACHED_HEAD, BOUNDARY) * BOUNDARY;
    }

    long size() {
        return size;
    }

    void write(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        append(bytes);
        size += length;
        share.written(length);
        if (size - spaceChecked >= CHECK_SPACE_EVERY) {
            spaceChecked = size;
            share.requireRoom();
        }
        FileChannel channel = held;
        if (tail == null
                && channel != null
                && size - flushed >= FLUSH_EVERY
                && files.fsync()
                && flushing.compareAndSet(false, true)) {
            flushed = size;
            Thread.startVirtualThread(() -> flush(channel));
        }
    }

    /** Hands all bytes to the operating system, so that others see them in the file. */
    void finish() throws IOException {
        if (tail != null) {
            try (UncachedTail written = tail;
                    Access access = access()) {
                tail = null;
                written.finish(access.channel());
            }
        }
    }

    /** Makes the content durable; the file may have been renamed to {@code current}. */
    void force(Path current) throws IOException {
        FileChannel channel = held;
        if (channel != null) {
            channel.force(true);
        } else {
            DurableFiles.sync(current);
        }
    }

    @Override
    public void close() throws IOException {
        try (UncachedTail _ = tail) {
            tail = null;
        } finally {
            FileChannel channel = held;
            if (channel != null) {
                held = null;
                files.openFiles().release();
                channel.close();
            }
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        long position = offset + size;
        if (tail == null && position < uncachedFrom && position + bytes.remaining() >= uncachedFrom) {
            int limit = bytes.limit();
            bytes.limit(bytes.position() + (int) (uncachedFrom - position));
            writeCached(bytes, position);
            bytes.limit(limit);
            position = uncachedFrom;
            if (System.nanoTime() - started < FAST_HEAD.toNanos()) {
                tail = files.uncachedTail(file, uncachedFrom);
            }
        }
        if (tail != null) {
            tail.write(bytes);
        } else {
            writeCached(bytes, position);
        }
    }

    private void writeCached(ByteBuffer bytes, long position) throws IOException {
        try (Access access = access()) {
            long at = position;
            while (bytes.hasRemaining()) {
                at += access.channel().write(bytes, at);
            }
        }
    }

    /** The file, open: kept so where there is room among the open files, else closed after this use. */
    private Access access() throws IOException {
        if (held == null) {
            boolean keep = files.openFiles().tryAcquire();
            try {
                FileChannel opened = FileChannel.open(file, StandardOpenOption.WRITE);
                if (!keep) {
                    return new Access(opened, true);
                }
                held = opened;
            } catch (IOException | RuntimeException e) {
                if (keep) {
                    files.openFiles().release();
                }
                throw e;
            }
        }
        return new Access(held, false);
    }

    private void flush(FileChannel channel) {
        try {
            channel.force(false);
        } catch (IOException e) {
            // The write or the last flush meets the same fault and reports it; a channel closed meanwhile is no fault
            // at
            // all.
            LOG.atDebug().setCause(e).log("a background flush failed");
        } finally {
            flushing.set(false);
        }
    }

    private record Access(FileChannel channel, boolean once) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            if (once) {
                channel.close();
            }
        }
    }
}
