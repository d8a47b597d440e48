package dev.claimcheck.storage;

import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Stores immutable objects under keys such as {@code jobs/0190…/12-1/hls/720p/init.mp4}. Thread-safe. Every method throws
 * {@link StorageException} when the store is in trouble and {@link StorageFullException} when it has no space left.
 */
public interface ObjectStore extends PartialObjects {
    /**
     * Promises room for the bytes of an object that are still to come. Stores that can fill up refuse it before they are full, with {@link StorageFullException},
     * counting what was promised to others, so that what runs already can end. Takes the place of an earlier promise for that key. A promise shrinks as the
     * object's bytes are written and ends when the object is complete, dropped or deleted, or by {@link #release}; it does not outlive the process.
     *
     * @param bytes to come; -1 where that is not known: then it is only asked whether there is room at all
     */
    default void reserve(String key, long bytes) {}

    /** Takes a promise of room back; does nothing where there is none. */
    default void release(String key) {}

    /**
     * Renews the promise for an upload that was open when the process ended; never refuses.
     *
     * @param size of the whole object in bytes
     * @param come how much of it has come, where the store cannot see that itself
     */
    default void resume(PartialObject object, long size, OptionalLong come) {}

    /** How much room there is; empty for a store that does not fill up. */
    default Optional<Space> space() {
        return Optional.empty();
    }

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

    /**
     * Room in bytes.
     *
     * @param free on the disk
     * @param reserved of it for bytes that open uploads have announced
     * @param least that must stay free after what is promised, for a new upload to be taken in
     */
    record Space(long free, long reserved, long least) {}

    /** An object's facts. Size in bytes. */
    record ObjectInfo(String key, long size, Instant modified) {}
}
