package dev.claimcheck.storage.s3;

/**
 * Where one request ends and several begin, in bytes.
 *
 * @param part of an upload whose length leaves the choice; at least {@link #SMALLEST_PART}
 * @param largestPut files up to this are stored by one PUT
 * @param largestCopy objects, or slices of them, are copied by one request up to this
 */
record S3Sizes(long part, long largestPut, long largestCopy) {
    /** What S3 wants of every part but the last. */
    static final long SMALLEST_PART = 5L << 20;

    static final int MOST_PARTS = 10_000;

    /** A retry costs at most a part; a copy of this much takes S3 seconds, so that no request stays open for minutes. */
    static final S3Sizes DEFAULT = new S3Sizes(8L << 20, 64L << 20, 256L << 20);

    S3Sizes {
        if (part < SMALLEST_PART || largestCopy < SMALLEST_PART) {
            throw new IllegalArgumentException("S3 takes no parts below 5 MiB");
        }
    }
}
