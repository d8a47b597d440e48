package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Fingerprint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of a content that is still coming. Not thread-safe. */
final class RunningHash {
    private final MessageDigest content = sha256();
    private long length;

    /** Takes the remaining bytes; the buffer's position stays. */
    void update(ByteBuffer bytes) {
        length += bytes.remaining();
        HashBuffers.update(content, bytes);
    }

    /** Bytes taken so far. */
    long length() {
        return length;
    }

    /** What tells the content taken so far apart, under that name. */
    Fingerprint fingerprint(FileName name) {
        MessageDigest both = copy();
        both.update(name.text().getBytes(StandardCharsets.UTF_8));
        return new Fingerprint(Digest.of(copy().digest()), Digest.of(both.digest()));
    }

    private MessageDigest copy() {
        try {
            return (MessageDigest) content.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
