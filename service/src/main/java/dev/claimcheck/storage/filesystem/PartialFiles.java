package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialObjects;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Partial objects as files in {@code .partial}, named after their keys. Bytes are written in place, so completing one is a rename whatever its size; how far an
 * appended object has come is the file's own length.
 */
final class PartialFiles implements PartialObjects {
    private static final char SLASH = '~';

    private final ObjectTree tree;
    private final DurableFiles files;
    private final Path folder;
    private final DiskSpace space;

    PartialFiles(ObjectTree tree, DurableFiles files, Path folder, DiskSpace space) {
        this.tree = tree;
        this.files = files;
        this.folder = folder;
        this.space = space;
    }

    @Override
    public PartialObject begin(String key, long expectedSize) {
        PartialObject object = new PartialObject(key, "");
        try {
            Files.createFile(file(object));
            return object;
        } catch (IOException e) {
            throw DurableFiles.failure("an object cannot be started", e);
        }
    }

    @Override
    public long length(PartialObject object) {
        Path file = file(object);
        try {
            long size = Files.size(file); // Before the flush: what somebody writes meanwhile may not be durable.
            if (files.fsync()) {
                DurableFiles.sync(file);
            }
            return size;
        } catch (IOException e) {
            throw DurableFiles.failure("a partial object cannot be looked at", e);
        }
    }

    @Override
    public PartialWriter append(PartialObject object, long offset) {
        DiskSpace.Share share = space.shareOf(object.key());
        share.requireRoom();
        return new FilePartWriter(files, file(object), offset, share);
    }

    @Override
    public PartialWriter chunk(PartialObject object, int number, long offset, long size) {
        return append(object, offset);
    }

    @Override
    public long smallestChunk() {
        return 1;
    }

    @Override
    public void concatenate(PartialObject target, List<String> parts) {
        Path file = file(target);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (String part : parts) {
                Path source =
                        tree.file(part).orElseThrow(() -> new StorageException("object " + part + " is gone", null));
                try (FileChannel in = FileChannel.open(source, StandardOpenOption.READ)) {
                    long size = in.size();
                    for (long at = 0; at < size; ) {
                        at += in.transferTo(at, size - at, out);
                    }
                }
            }
            if (files.fsync()) {
                out.force(true);
            }
        } catch (IOException e) {
            throw DurableFiles.failure("objects cannot be joined", e);
        }
    }

    @Override
    public void complete(PartialObject object, long size) {
        Path file = file(object);
        Path target = tree.path(object.key());
        try {
            if (!Files.exists(file)
                    && tree.stat(object.key())
                            .filter(found -> found.size() == size)
                            .isPresent()) {
                return;
            }
            long written = Files.size(file);
            if (written != size) {
                throw new StorageException(
                        "object " + object.key() + " has " + written + " bytes instead of " + size, null);
            }
            Path place = DurableFiles.parent(target);
            Files.createDirectories(place);
            Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
            files.makeDurable(() -> DurableFiles.sync(target), place);
        } catch (IOException e) {
            throw DurableFiles.failure("an object cannot be completed", e);
        }
    }

    @Override
    public void abort(PartialObject object) {
        try {
            Files.deleteIfExists(file(object));
        } catch (IOException e) {
            throw DurableFiles.failure("a partial object cannot be dropped", e);
        }
    }

    @Override
    public List<PartialObject> unfinished(Instant before) {
        List<PartialObject> found = new ArrayList<>();
        for (Path file : startingWith("")) {
            try {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    found.add(
                            new PartialObject(String.valueOf(file.getFileName()).replace(SLASH, '/'), ""));
                }
            } catch (NoSuchFileException _) {
                // It was completed or dropped meanwhile.
            } catch (IOException e) {
                throw DurableFiles.failure("partial objects cannot be listed", e);
            }
        }
        return found;
    }

    /** How far the object's file reaches, durable or not; 0 where there is none. */
    long sizeOf(PartialObject object) {
        try {
            return Files.size(file(object));
        } catch (NoSuchFileException _) {
            return 0;
        } catch (IOException e) {
            throw DurableFiles.failure("a partial object cannot be looked at", e);
        }
    }

    /** Drops all whose key starts with the prefix. */
    void abortAll(String prefix) throws IOException {
        for (Path file : startingWith(prefix.replace('/', SLASH))) {
            Files.deleteIfExists(file);
        }
    }

    private List<Path> startingWith(String name) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(name))
                    .toList();
        } catch (IOException e) {
            throw DurableFiles.failure("partial objects cannot be listed", e);
        }
    }

    private Path file(PartialObject object) {
        tree.path(object.key()); // refuses what is no key of ours
        return folder.resolve(object.key().replace('/', SLASH));
    }
}
