package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Objects as files below one folder, each where its key says; others may delete them at any time. */
record ObjectTree(Path root) {
    /** Where the object of that key is or will be. */
    Path path(String key) {
        return root.resolve(ObjectKeys.requireKey(key));
    }

    /** The file of the object of that key, where it is there. */
    Optional<Path> file(String key) {
        Path file = path(key);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /** What is known of the object of that key, where it is there. */
    Optional<ObjectInfo> stat(String key) {
        return file(key).flatMap(file -> info(key, file));
    }

    private static Optional<ObjectInfo> info(String key, Path file) {
        try {
            return Optional.of(new ObjectInfo(
                    key, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw DurableFiles.failure("object " + key + " cannot be looked at", e);
        }
    }

    /** The objects whose keys start with the prefix, by key. */
    List<ObjectInfo> list(String prefix) throws IOException {
        List<ObjectInfo> found = new ArrayList<>();
        for (Path file : below(prefix)) {
            info(root.relativize(file).toString(), file).ifPresent(found::add);
        }
        return found;
    }

    /** Files whose key starts with the prefix, which may end within a name. */
    List<Path> below(String prefix) throws IOException {
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
            } catch (UncheckedIOException e) {
                if (!(e.getCause() instanceof NoSuchFileException)) {
                    throw e.getCause();
                }
            }
        }
        files.sort(Comparator.naturalOrder());
        return files;
    }

    /** Removes that folder and those around it, as far as nothing is in them. */
    void removeEmptyFolders(Path folder) throws IOException {
        Path empty = folder;
        while (!empty.equals(root) && !DurableFiles.parent(empty).equals(root)) {
            try {
                Files.deleteIfExists(empty);
            } catch (DirectoryNotEmptyException _) {
                return;
            }
            empty = DurableFiles.parent(empty);
        }
    }
}
