package dev.claimcheck.job;

import java.util.List;

/**
 * A question that only somebody who has the file can answer: what is the SHA-256 of these ranges, one after the other?
 *
 * @param answer the digest of the ranges' bytes
 */
public record UploadProof(List<ByteRange> ranges, Digest answer) {
    public UploadProof {
        ranges = List.copyOf(ranges);
    }

    /** {@code length} bytes from {@code offset} on. */
    public record ByteRange(long offset, int length) {}
}
