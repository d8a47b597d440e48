package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the files of a folder get onto its disk: what is written there, past the page cache where that pays, is there for good when a commit returns. Thread-safe. */
final class DurableFiles {
    private static final Logger LOG = LoggerFactory.getLogger(DurableFiles.class);

    private static final int MOST_OPEN_FILES = 1_000;

    private final Path root;
    private final boolean fsync;
    private final AlignedBuffers buffers;
    private final AtomicBoolean uncached = new AtomicBoolean(true);
    /** Slow uploads may be more than the descriptors of a process. */
    private final Semaphore openFiles = new Semaphore(MOST_OPEN_FILES);

    DurableFiles(Path root, boolean fsync, int blockSize) {
        this.root = root;
        this.fsync = fsync;
        this.buffers = new AlignedBuffers(blockSize);
    }

    /** One for each file that may be open. */
    Semaphore openFiles() {
        return openFiles;
    }

    /** Something to do with files. */
    @FunctionalInterface
    interface FileAction {
        void run() throws IOException;
    }

    /**
     * Flushes content and name side by side: both then wait for the same commit of the file system's journal, where one after the other would wait for two.
     * Nobody can rely on the object before this returns, since nothing refers to it yet.
     */
    void makeDurable(FileAction flushContent, Path folder) throws IOException {
        if (!fsync) {
            return;
        }
        FutureTask<Boolean> name = new FutureTask<>(() -> {
            sync(folder);
            return true;
        });
        Thread.ofVirtual().name("sync-folder").start(name);
        flushContent.run();
        try {
            name.get();
        } catch (ExecutionException e) {
            throw new IOException("the folder cannot be flushed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the object was durable", e);
        }
    }

    /**
     * Writes the rest of a file past the page cache, where the file system can and a buffer is free.
     *
     * @param position where the rest begins; a multiple of the block size
     */
    @Nullable
    UncachedTail uncachedTail(Path file, long position) {
        if (!uncached.get()) {
            return null;
        }
        return buffers.lend()
                .map(buffer -> uncachedTail(file, position, buffer))
                .orElse(null);
    }

    private @Nullable UncachedTail uncachedTail(Path file, long position, ByteBuffer buffer) {
        try {
            return new UncachedTail(file, position, buffers, buffer);
        } catch (IOException | UnsupportedOperationException e) {
            // Some file systems know no such writes (tmpfs, some network ones). The page cache does the same, dearer.
            LOG.atInfo()
                    .addKeyValue("folder", root)
                    .addKeyValue("reason", e.getMessage())
                    .log("writes go through the page cache");
            uncached.set(false);
            buffers.giveBack(buffer);
            return null;
        }
    }

    /** Whether commits wait for the disk. */
    boolean fsync() {
        return fsync;
    }

    static StorageException failure(String message, IOException e) {
        String cause = String.valueOf(e.getMessage());
        boolean full = cause.contains("No space left on device") || cause.contains("Disk quota exceeded");
        return full ? new StorageFullException("no space left on the device", e) : new StorageException(message, e);
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "a key has a folder");
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
