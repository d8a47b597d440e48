package dev.claimcheck.storage;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Stores immutable objects under keys such as {@code jobs/0190…/12-1/hls/720p/init.mp4}. Thread-safe. Every method throws
 * {@link StorageException} when the store is in trouble and {@link StorageFullException} when it has no space left.
 */
public interface ObjectStore extends PartialObjects {
    /**
     * Says whether there is room for a new upload of {@code size} bytes (-1: unknown): stores that can fill up refuse it before they are full, with
     * {@link StorageFullException}, so that what runs already can end.
     */
    default void admit(long size) {}

    /** Starts a streaming write. Nothing is visible until {@link ObjectWriter#commit}. */
    ObjectWriter create(String key);

    /** Stores the file's content under {@code key}, durably; the file may be moved away by it. Replaces what was there. */
    void put(String key, Path file);

    /** Size and age of the object, or empty where there is none. */
    Optional<ObjectInfo> stat(String key);

    /** Opens the object for reading at any position; empty where there is none. The caller closes it. */
    Optional<SeekableByteChannel> open(String key);

    /** Deletes every object, also partial ones, whose key starts with {@code prefix}; does nothing where there is none. Idempotent. */
    void deletePrefix(String prefix);

    /** The objects whose key starts with {@code prefix}, in no order. */
    List<ObjectInfo> list(String prefix);

    /** Copies an object inside the store; replaces what was there. Throws {@link StorageException} where {@code from} does not exist. */
    void copy(String from, String to);

    /** Whether the store answers right now; for the readiness probe. Never throws. */
    boolean isReachable();

    /** An object's facts. Size in bytes. */
    record ObjectInfo(String key, long size, Instant modified) {}
}
