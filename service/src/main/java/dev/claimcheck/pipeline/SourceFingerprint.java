package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.UploadProof;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.DoubleConsumer;

/** Reads a source for what tells it apart: its SHA-256, and questions that only somebody who has it can answer. */
final class SourceFingerprint {
    private static final int BUFFER = 1 << 20;
    private static final int PROOFS = 16;
    private static final int RANGES = 4;
    private static final int MOST_PER_RANGE = 32 << 10;

    private final StepWorkspace workspace;
    private final SecureRandom random = new SecureRandom();

    SourceFingerprint(StepWorkspace workspace) {
        this.workspace = workspace;
    }

    /** Bytes. */
    long size() {
        try (SeekableByteChannel channel = workspace.openSource()) {
            return channel.size();
        } catch (IOException e) {
            throw new StorageException("the source cannot be read", e);
        }
    }

    /**
     * Reads the whole file.
     *
     * @param progress told how much of it has been read, 0 to 1
     */
    Fingerprint compute(String filename, DoubleConsumer progress) throws InterruptedException {
        MessageDigest content = sha256();
        byte[] array = new byte[BUFFER];
        try (SeekableByteChannel channel = workspace.openSource()) {
            long size = Math.max(1, channel.size());
            ByteBuffer buffer = ByteBuffer.wrap(array);
            for (long read = 0; channel.read(buffer.clear()) >= 0; read += buffer.position()) {
                content.update(array, 0, buffer.position());
                progress.accept((double) read / size);
                if (Thread.interrupted()) {
                    throw new InterruptedException("called off while reading");
                }
            }
            MessageDigest both = (MessageDigest) content.clone();
            both.update(filename.getBytes(StandardCharsets.UTF_8));
            return new Fingerprint(Digest.of(content.digest()), Digest.of(both.digest()));
        } catch (IOException e) {
            throw new StorageException("the source cannot be read", e);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }

    /** Fresh questions about random ranges, with their answers. */
    List<UploadProof> proofs() throws InterruptedException {
        return SideBySide.run(Collections.nCopies(PROOFS, this::proof), "the source cannot be read");
    }

    private UploadProof proof() throws IOException {
        try (SeekableByteChannel channel = workspace.openSource()) {
            return proof(channel);
        }
    }

    private UploadProof proof(SeekableByteChannel channel) throws IOException {
        MessageDigest answer = sha256();
        List<UploadProof.ByteRange> ranges = new ArrayList<>();
        long size = channel.size();
        int length = (int) Math.min(MOST_PER_RANGE, size);
        for (int range = 0; range < RANGES; range++) {
            long offset = random.nextLong(size - length + 1);
            ByteBuffer bytes = ByteBuffer.allocate(length);
            channel.position(offset);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // read on
            }
            answer.update(bytes.flip());
            ranges.add(new UploadProof.ByteRange(offset, length));
        }
        return new UploadProof(ranges, Digest.of(answer.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
