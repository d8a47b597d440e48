package dev.claimcheck.storage;

import java.time.Instant;
import java.util.List;

/**
 * The part of a store that takes objects in pieces: in order by {@link #append}, or as numbered chunks in any order by {@link #chunk}, never both for one object.
 * How far an object has come is known by the store itself and survives the process. Thread-safe, but only one writer may append to an object at a time,
 * and only one may write a given chunk; the caller sees to that. Throws {@link StorageException} and {@link StorageFullException} as {@link ObjectStore} does.
 */
public interface PartialObjects {
    /**
     * Begins an object that is invisible until {@link #complete}.
     *
     * @param expectedSize in bytes where it is known, else -1; lets the store choose the size of its own parts
     */
    PartialObject begin(String key, long expectedSize);

    /** Bytes from the start that are durable without a gap. The answer is durable itself: it never shrinks. */
    long length(PartialObject object);

    /** Writes on from {@code offset}, which must be {@link #length}. */
    PartialWriter append(PartialObject object, long offset);

    /**
     * Writes the chunk {@code number} (from 1), {@code size} bytes that stand at {@code offset} of the object. A chunk written again replaces the one before.
     * Every chunk but the last must be at least {@link #smallestChunk} bytes.
     */
    PartialWriter chunk(PartialObject object, int number, long offset, long size);

    /** Bytes a chunk must have unless it is the last. */
    long smallestChunk();

    /**
     * Appends the whole content of {@code parts}, each complete under its key, to the fresh object {@code target}, inside the store where that is possible.
     */
    void concatenate(PartialObject target, List<String> parts);

    /** Makes the object visible and durable under its key, whole and at once. Repeating it after success does nothing. */
    void complete(PartialObject object, long size);

    /** Drops the object with all its bytes. Does nothing where there is none. */
    void abort(PartialObject object);

    /** Partial objects last written to before {@code before}, for the sweep of those that nobody knows any more. */
    List<PartialObject> unfinished(Instant before);
}
