package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ObjectStore} on one folder. */
public final class FileSystemObjectStore implements ObjectStore, LocalFiles {
    private static final Logger LOG = LoggerFactory.getLogger(FileSystemObjectStore.class);

    private static final int MOST_OPEN_FILES = 1_000;

    private final Path root;
    private final Path incoming;
    private final PartialFiles partials;
    /** Slow uploads may be more than the descriptors of a process. */
    private final Semaphore openFiles = new Semaphore(MOST_OPEN_FILES);

    private final DiskSpace space;
    private final boolean fsync;
    private final AlignedBuffers buffers;
    private final AtomicBoolean uncached = new AtomicBoolean(true);

    private FileSystemObjectStore(Path root, DiskSpace space, boolean fsync, int blockSize) {
        this.root = root;
        this.incoming = root.resolve(".incoming");
        this.partials = new PartialFiles(this, root.resolve(".partial"), space);
        this.space = space;
        this.fsync = fsync;
        this.buffers = new AlignedBuffers(blockSize);
    }

    /**
     * Opens the store and sweeps what a crash left of unfinished writes. One process at a time may open a folder.
     *
     * @param minFreeBytes {@link #reserve} refuses what would leave less than this free
     * @param fsync whether commits wait for the disk; only a benchmark should say no
     */
    public static FileSystemObjectStore open(Path root, long minFreeBytes, boolean fsync) {
        try {
            Files.createDirectories(root);
            FileStore disk = Files.getFileStore(root);
            FileSystemObjectStore store = new FileSystemObjectStore(
                    root, new DiskSpace(disk, minFreeBytes), fsync, Math.toIntExact(disk.getBlockSize()));
            Files.createDirectories(store.incoming);
            Files.createDirectories(root.resolve(".partial"));
            try (Stream<Path> leftovers = Files.list(store.incoming)) {
                for (Path leftover : leftovers.toList()) {
                    Files.delete(leftover);
                }
            }
            return store;
        } catch (IOException e) {
            throw new StorageException("the folder " + root + " cannot be used", e);
        }
    }

    @Override
    public ObjectWriter create(String key) {
        Path target = path(key);
        DiskSpace.Share share = space.shareOf(key);
        share.requireRoom();
        return new FileObjectWriter(this, incoming.resolve(UUID.randomUUID().toString()), target, share);
    }

    @Override
    public void put(String key, Path file) {
        Path target = path(key);
        try {
            if (fsync) {
                sync(file);
            }
            Files.createDirectories(parent(target));
            try {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                Path copy = incoming.resolve(UUID.randomUUID().toString());
                Files.copy(file, copy);
                sync(copy);
                Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
            }
            if (fsync) {
                sync(parent(target));
            }
        } catch (IOException e) {
            throw failure("object " + key + " cannot be stored", e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return file(key).flatMap(file -> info(key, file));
    }

    @Override
    public Optional<SeekableByteChannel> open(String key) {
        try {
            return Optional.of(Files.newByteChannel(path(key)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("object " + key + " cannot be opened", e);
        }
    }

    @Override
    public Optional<Path> file(String key) {
        Path file = path(key);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    @Override
    public void deletePrefix(String prefix) {
        ObjectKeys.requirePrefix(prefix);
        try {
            space.releaseAll(prefix);
            partials.abortAll(prefix);
            for (Path file : filesBelow(prefix)) {
                Files.deleteIfExists(file);
                removeEmptyFolders(parent(file));
            }
        } catch (IOException e) {
            throw failure("objects below " + prefix + " cannot be deleted", e);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
        try {
            List<ObjectInfo> found = new ArrayList<>();
            for (Path file : filesBelow(prefix)) {
                info(root.relativize(file).toString(), file).ifPresent(found::add);
            }
            return found;
        } catch (IOException e) {
            throw failure("objects below " + prefix + " cannot be listed", e);
        }
    }

    @Override
    public void reserve(String key, long bytes) {
        space.reserve(key, bytes);
    }

    @Override
    public void release(String key) {
        space.release(key);
    }

    @Override
    public void resume(PartialObject object, long size, OptionalLong come) {
        if (stat(object.key()).isEmpty()) {
            space.resume(object.key(), size - come.orElseGet(() -> partials.sizeOf(object)));
        }
    }

    @Override
    public Optional<Space> space() {
        return Optional.of(space.now());
    }

    @Override
    public void copy(String from, String to) {
        Path source = file(from).orElseThrow(() -> new StorageException("object " + from + " does not exist", null));
        try {
            Path copy = incoming.resolve(UUID.randomUUID().toString());
            Files.copy(source, copy);
            put(to, copy);
        } catch (IOException e) {
            throw failure("object " + from + " cannot be copied", e);
        }
    }

    @Override
    public boolean isReachable() {
        return Files.isWritable(incoming);
    }

    @Override
    public PartialObject begin(String key, long expectedSize) {
        return partials.begin(key, expectedSize);
    }

    @Override
    public long length(PartialObject object) {
        return partials.length(object);
    }

    @Override
    public PartialWriter append(PartialObject object, long offset) {
        return partials.append(object, offset);
    }

    @Override
    public PartialWriter chunk(PartialObject object, int number, long offset, long size) {
        return partials.chunk(object, number, offset, size);
    }

    @Override
    public long smallestChunk() {
        return partials.smallestChunk();
    }

    @Override
    public void concatenate(PartialObject target, List<String> parts) {
        partials.concatenate(target, parts);
    }

    @Override
    public void complete(PartialObject object, long size) {
        partials.complete(object, size);
        space.release(object.key());
    }

    @Override
    public void abort(PartialObject object) {
        partials.abort(object);
        space.release(object.key());
    }

    @Override
    public List<PartialObject> unfinished(Instant before) {
        return partials.unfinished(before);
    }

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

    private static Optional<ObjectInfo> info(String key, Path file) {
        try {
            return Optional.of(new ObjectInfo(
                    key, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure("object " + key + " cannot be looked at", e);
        }
    }

    Path path(String key) {
        return root.resolve(ObjectKeys.requireKey(key));
    }

    /** Files whose key starts with the prefix, which may end within a name. */
    private List<Path> filesBelow(String prefix) throws IOException {
        int slash = prefix.lastIndexOf('/');
        Path folder = root.resolve(prefix.substring(0, slash));
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        String name = prefix.substring(slash + 1);
        List<Path> starts;
        try (Stream<Path> entries = Files.list(folder)) {
            starts = entries.filter(entry -> String.valueOf(entry.getFileName()).startsWith(name))
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        }
        List<Path> files = new ArrayList<>();
        for (Path start : starts) {
            try (Stream<Path> tree = Files.walk(start)) {
                tree.filter(Files::isRegularFile).forEach(files::add);
            } catch (NoSuchFileException _) {
                // Somebody else deleted it meanwhile.
            } catch (java.io.UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e.getCause();
                }
            }
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    private void removeEmptyFolders(Path folder) throws IOException {
        Path empty = folder;
        while (!empty.equals(root) && !parent(empty).equals(root)) {
            try {
                Files.deleteIfExists(empty);
            } catch (DirectoryNotEmptyException _) {
                return;
            }
            empty = parent(empty);
        }
    }

    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
