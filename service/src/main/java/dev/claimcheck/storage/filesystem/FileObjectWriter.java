package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a file in {@code .incoming}. While more bytes come, what is there is flushed in the background, so that the last fsync,
 * which the client waits for, is short whatever the size.
 */
final class FileObjectWriter implements ObjectWriter {
    private static final Logger LOG = LoggerFactory.getLogger(FileObjectWriter.class);
    private static final long FLUSH_EVERY = 2L << 20;
    private static final long CHECK_SPACE_EVERY = 64L << 20;
    /** Bytes that go through the page cache before the rest may go past it; a multiple of every block size. */
    private static final long CACHED_HEAD = 2L << 20;
    /** A sender is fast when the head came within this time. */
    private static final Duration FAST_HEAD = Duration.ofMillis(500);

    private final FileSystemObjectStore store;
    private final Path temporary;
    private final Path target;
    private final FileChannel channel;
    private final AtomicBoolean flushing = new AtomicBoolean();
    private long size;
    private long flushed;
    private long spaceChecked;
    private boolean committed;
    private final long started = System.nanoTime();
    private @Nullable UncachedTail tail;

    FileObjectWriter(FileSystemObjectStore store, Path temporary, Path target) {
        this.store = store;
        this.temporary = temporary;
        this.target = target;
        try {
            this.channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw FileSystemObjectStore.failure("an object cannot be started", e);
        }
    }

    @Override
    public void write(ByteBuffer bytes) {
        try {
            int length = bytes.remaining();
            append(bytes);
            size += length;
        } catch (IOException e) {
            throw FileSystemObjectStore.failure("an object cannot be written", e);
        }
        if (size - spaceChecked >= CHECK_SPACE_EVERY) {
            spaceChecked = size;
            store.requireFreeSpace();
        }
        if (tail == null && size - flushed >= FLUSH_EVERY && store.fsync() && flushing.compareAndSet(false, true)) {
            flushed = size;
            Thread.startVirtualThread(this::flush);
        }
    }

    private void append(ByteBuffer bytes) throws IOException {
        if (tail == null && size < CACHED_HEAD && size + bytes.remaining() >= CACHED_HEAD) {
            int limit = bytes.limit();
            bytes.limit(bytes.position() + (int) (CACHED_HEAD - size));
            writeCached(bytes);
            bytes.limit(limit);
            if (System.nanoTime() - started < FAST_HEAD.toNanos()) {
                tail = store.uncachedTail(temporary, CACHED_HEAD);
            }
        }
        if (tail != null) {
            tail.write(bytes);
        } else {
            writeCached(bytes);
        }
    }

    private void writeCached(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void commit() {
        if (committed) {
            throw new IllegalStateException("committed before");
        }
        try {
            if (tail != null) {
                try (UncachedTail written = tail) {
                    tail = null;
                    written.finish(channel);
                }
            }
            Path folder = FileSystemObjectStore.parent(target);
            Files.createDirectories(folder);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            committed = true;
            if (store.fsync()) {
                makeDurable(folder);
            }
            channel.close();
        } catch (IOException e) {
            throw FileSystemObjectStore.failure("an object cannot be made durable", e);
        }
    }

    /**
     * Flushes the content and the name side by side: both then wait for the same commit of the file system's journal, where one after the other would wait
     * for two. Nobody can rely on the object before this returns, since nothing refers to it yet.
     */
    private void makeDurable(Path folder) throws IOException {
        FutureTask<Boolean> name = new FutureTask<>(() -> {
            store.syncFolder(folder);
            return true;
        });
        Thread.ofVirtual().name("sync-folder").start(name);
        channel.force(true);
        try {
            name.get();
        } catch (ExecutionException e) {
            throw new IOException("the folder cannot be flushed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the object was durable", e);
        }
    }

    @Override
    public void close() {
        if (committed) {
            return;
        }
        try (UncachedTail _ = tail) {
            tail = null;
            channel.close();
            Files.deleteIfExists(temporary);
        } catch (IOException e) {
            throw new StorageException("an unfinished object cannot be dropped; it goes at the next start", e);
        }
    }

    private void flush() {
        try {
            channel.force(false);
        } catch (IOException e) {
            // The write or the commit meets the same fault and reports it; a channel closed meanwhile is no fault at
            // all.
            LOG.atDebug().setCause(e).log("a background flush failed");
        } finally {
            flushing.set(false);
        }
    }
}
