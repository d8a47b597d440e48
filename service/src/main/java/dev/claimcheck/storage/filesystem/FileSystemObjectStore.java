package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.LocalFiles;
import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.Stream;

/** {@link ObjectStore} on one folder. */
public final class FileSystemObjectStore implements ObjectStore, LocalFiles {
    private final Path incoming;
    private final ObjectTree tree;
    private final PartialFiles partials;
    private final DiskSpace space;
    private final DurableFiles files;

    private FileSystemObjectStore(Path root, DiskSpace space, DurableFiles files) {
        this.incoming = root.resolve(".incoming");
        this.tree = new ObjectTree(root);
        this.partials = new PartialFiles(tree, files, root.resolve(".partial"), space);
        this.space = space;
        this.files = files;
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
                    root,
                    new DiskSpace(disk, minFreeBytes),
                    new DurableFiles(root, fsync, Math.toIntExact(disk.getBlockSize())));
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
        Path target = tree.path(key);
        DiskSpace.Share share = space.shareOf(key);
        share.requireRoom();
        return new FileObjectWriter(files, incoming.resolve(UUID.randomUUID().toString()), target, share);
    }

    @Override
    public void put(String key, Path file) {
        Path target = tree.path(key);
        try {
            if (files.fsync()) {
                DurableFiles.sync(file);
            }
            Files.createDirectories(DurableFiles.parent(target));
            try {
                Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException _) {
                Path copy = incoming.resolve(UUID.randomUUID().toString());
                Files.copy(file, copy);
                DurableFiles.sync(copy);
                Files.move(copy, target, StandardCopyOption.ATOMIC_MOVE);
            }
            if (files.fsync()) {
                DurableFiles.sync(DurableFiles.parent(target));
            }
        } catch (IOException e) {
            throw DurableFiles.failure("object " + key + " cannot be stored", e);
        }
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return tree.stat(key);
    }

    @Override
    public Optional<SeekableByteChannel> open(String key) {
        try {
            return Optional.of(Files.newByteChannel(tree.path(key)));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.failure("object " + key + " cannot be opened", e);
        }
    }

    @Override
    public Optional<Path> file(String key) {
        return tree.file(key);
    }

    @Override
    public void deletePrefix(String prefix) {
        ObjectKeys.requirePrefix(prefix);
        try {
            space.releaseAll(prefix);
            partials.abortAll(prefix);
            for (Path file : tree.below(prefix)) {
                Files.deleteIfExists(file);
                tree.removeEmptyFolders(DurableFiles.parent(file));
            }
        } catch (IOException e) {
            throw DurableFiles.failure("objects below " + prefix + " cannot be deleted", e);
        }
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
        try {
            return tree.list(prefix);
        } catch (IOException e) {
            throw DurableFiles.failure("objects below " + prefix + " cannot be listed", e);
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
            throw DurableFiles.failure("object " + from + " cannot be copied", e);
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
}
