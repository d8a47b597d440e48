package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.storage.ObjectWriter;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** One file while it streams in: written to the store and hashed at once. Not thread-safe. Closing it without a commit drops it. */
public final class IncomingFile implements AutoCloseable {
    private final ObjectWriter writer;
    private final MessageDigest content = sha256();

    IncomingFile(ObjectWriter writer) {
        this.writer = writer;
    }

    /** Takes all remaining bytes of the buffer. */
    public void write(ByteBuffer bytes) {
        HashBuffers.update(content, bytes);
        writer.write(bytes);
    }

    /** Bytes taken so far. */
    public long size() {
        return writer.size();
    }

    @Override
    public void close() {
        writer.close();
    }

    /** Makes the bytes durable. */
    void commit() {
        writer.commit();
    }

    Digest sha256OfContent() {
        return Digest.of(copy().digest());
    }

    /** SHA-256(content ‖ filename). */
    Digest contentKey(FileName name) {
        MessageDigest both = copy();
        both.update(name.text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return Digest.of(both.digest());
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
