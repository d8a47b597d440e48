package dev.claimcheck.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/** The folder where bytes wait until they are known to be right, or on their way to a bucket. Thread-safe. */
public final class SpoolFolder {
    private static final int MOST_OPEN_FILES = 1_000;

    private final Path folder;
    private final long minFreeBytes;
    /** Slow uploads may be more than the descriptors of a process. */
    private final Semaphore openFiles = new Semaphore(MOST_OPEN_FILES);

    private SpoolFolder(Path folder, long minFreeBytes) {
        this.folder = folder;
        this.minFreeBytes = minFreeBytes;
    }

    /**
     * Makes the folder and sweeps what a crash left in it: nothing there was acknowledged.
     *
     * @param minFreeBytes {@link #requireRoom} wants so much free
     */
    public static SpoolFolder open(Path folder, long minFreeBytes) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> leftovers = Files.list(folder)) {
                for (Path leftover : leftovers.toList()) {
                    Files.delete(leftover);
                }
            }
            return new SpoolFolder(folder, minFreeBytes);
        } catch (IOException e) {
            throw new StorageException("the folder " + folder + " cannot be used", e);
        }
    }

    /** An empty file; the caller closes it. */
    public SpoolFile create() {
        return new SpoolFile(folder.resolve(UUID.randomUUID().toString()), openFiles);
    }

    /**
     * Refuses new uploads while the disk has too little room for bytes on their way.
     *
     * @throws StorageFullException then
     */
    public void requireRoom() {
        try {
            if (Files.getFileStore(folder).getUsableSpace() < minFreeBytes) {
                throw new StorageFullException(
                        "less than " + minFreeBytes + " bytes are free for what is on its way", null);
            }
        } catch (IOException e) {
            throw SpoolFile.failure("the free space is unknown", e);
        }
    }
}
