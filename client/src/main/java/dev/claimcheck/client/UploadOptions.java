package dev.claimcheck.client;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What may be said of an upload. Immutable; begin with {@link #defaults()} and change what matters:
 *
 * <pre>{@code
 * UploadOptions.defaults().via(UploadWay.TUS).withJournal(UploadJournal.ofUser())
 * }</pre>
 *
 * @param way how the bytes travel
 * @param filename the name that the service is told; empty for the file's own
 * @param chunkSize bytes of one chunk ({@link UploadWay#CHUNKED}) or of one PATCH ({@link UploadWay#TUS}); empty leaves it to the service, and to one PATCH
 * @param parallel how many chunks are sent at once
 * @param priority of the job
 * @param processing what the service is to make of the file
 * @param instant whether to ask by the file's SHA-256 first if the service has it from an earlier upload; reads the file once before sending
 * @param journal where resumable uploads are written down, so that another run of the program can go on; empty for none
 * @param patience how long trouble may last without a single step forward before it is told, once the service has been reached
 */
public record UploadOptions(
        UploadWay way,
        Optional<String> filename,
        OptionalLong chunkSize,
        int parallel,
        UploadPriority priority,
        ProcessingOptions processing,
        boolean instant,
        Optional<UploadJournal> journal,
        Duration patience) {
    /** From this size on, in bytes, {@link UploadWay#AUTO} sends to a signed address: 100 MB. */
    public static final long PRESIGNED_FROM = 100_000_000L;

    /** From this size on, in bytes, {@link UploadWay#AUTO} sends chunks: 500 MB. */
    public static final long CHUNKED_FROM = 500_000_000L;

    /** Chunks sent at once where nothing else is said. */
    public static final int DEFAULT_PARALLEL = 4;

    /** Most chunks that may be sent at once. */
    public static final int MOST_PARALLEL = 64;

    private static final Duration DEFAULT_PATIENCE = Duration.ofMinutes(5);

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException for a chunk size below 1, {@code parallel} outside 1 to {@link #MOST_PARALLEL}, a negative patience
     */
    public UploadOptions {
        if (chunkSize.isPresent() && chunkSize.getAsLong() < 1) {
            throw new IllegalArgumentException("a chunk has at least one byte");
        }
        if (parallel < 1 || parallel > MOST_PARALLEL) {
            throw new IllegalArgumentException("between 1 and " + MOST_PARALLEL + " chunks can be sent at once");
        }
        if (patience.isNegative()) {
            throw new IllegalArgumentException("patience cannot be negative");
        }
    }

    /** The way is chosen by size, four chunks at once, normal priority, no journal, five minutes of patience. */
    public static UploadOptions defaults() {
        return new UploadOptions(
                UploadWay.AUTO,
                Optional.empty(),
                OptionalLong.empty(),
                DEFAULT_PARALLEL,
                UploadPriority.NORMAL,
                ProcessingOptions.NONE,
                false,
                Optional.empty(),
                DEFAULT_PATIENCE);
    }

    /** With that way of sending. */
    public UploadOptions via(UploadWay other) {
        return new UploadOptions(
                other, filename, chunkSize, parallel, priority, processing, instant, journal, patience);
    }

    /** Under another name than the file's own. */
    public UploadOptions withFilename(String name) {
        return new UploadOptions(
                way, Optional.of(name), chunkSize, parallel, priority, processing, instant, journal, patience);
    }

    /** With chunks of so many bytes. */
    public UploadOptions withChunkSize(long bytes) {
        return new UploadOptions(
                way, filename, OptionalLong.of(bytes), parallel, priority, processing, instant, journal, patience);
    }

    /** With so many chunks at once. */
    public UploadOptions withParallel(int transfers) {
        return new UploadOptions(way, filename, chunkSize, transfers, priority, processing, instant, journal, patience);
    }

    /** With that priority. */
    public UploadOptions withPriority(UploadPriority other) {
        return new UploadOptions(way, filename, chunkSize, parallel, other, processing, instant, journal, patience);
    }

    /** With that profile. */
    public UploadOptions withProfile(String other) {
        return withProcessing(processing.withProfile(other));
    }

    /** To be processed so. */
    public UploadOptions withProcessing(ProcessingOptions other) {
        return new UploadOptions(way, filename, chunkSize, parallel, priority, other, instant, journal, patience);
    }

    /** Asking by SHA-256 first, or not. */
    public UploadOptions withInstant(boolean asked) {
        return new UploadOptions(way, filename, chunkSize, parallel, priority, processing, asked, journal, patience);
    }

    /** Written down there, so that another run can go on. */
    public UploadOptions withJournal(UploadJournal other) {
        return new UploadOptions(
                way, filename, chunkSize, parallel, priority, processing, instant, Optional.of(other), patience);
    }

    /** Giving up after trouble of that length. */
    public UploadOptions withPatience(Duration other) {
        return new UploadOptions(way, filename, chunkSize, parallel, priority, processing, instant, journal, other);
    }

    /** The way a file of that size, in bytes, travels when no journal knows better. */
    UploadWay wayFor(long size) {
        if (way != UploadWay.AUTO) {
            return way;
        }
        if (size < PRESIGNED_FROM) {
            return UploadWay.DIRECT;
        }
        return size < CHUNKED_FROM ? UploadWay.PRESIGNED : UploadWay.CHUNKED;
    }
}
