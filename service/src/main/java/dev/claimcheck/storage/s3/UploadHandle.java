package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.PartialObject;

/**
 * The name of a multipart upload together with the size of its parts, as it is kept in {@link PartialObject#handle}. The size of a part follows from its number
 * alone, so that any process goes on where another left off.
 *
 * @param partSize of every part, or of the first ones where {@code growing}
 * @param growing for a length that is not known: each thousand parts is twice as large as the one before, which reaches S3's 5 TiB within its 10,000 parts
 */
record UploadHandle(String uploadId, long partSize, boolean growing) {
    private static final int STEP = 1_000;

    static UploadHandle choose(String uploadId, long expectedSize, long usualPartSize) {
        if (expectedSize < 0) {
            return new UploadHandle(uploadId, usualPartSize, true);
        }
        long least = Math.ceilDiv(expectedSize, (long) S3Sizes.MOST_PARTS);
        return new UploadHandle(uploadId, Math.max(usualPartSize, Math.ceilDiv(least, 1L << 20) << 20), false);
    }

    static UploadHandle of(PartialObject object) {
        String[] words = object.handle().split("\\.", 2);
        boolean growing = words[0].startsWith("+");
        return new UploadHandle(words[1], Long.parseLong(growing ? words[0].substring(1) : words[0]), growing);
    }

    PartialObject object(String key) {
        return new PartialObject(key, (growing ? "+" : "") + partSize + "." + uploadId);
    }

    /** Bytes of that part (from 1), unless it is the last. */
    long sizeOf(int number) {
        return growing ? partSize << Math.min(9, (number - 1) / STEP) : partSize;
    }
}
