package dev.claimcheck.upload;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** One chunk while its bytes come: they are counted and hashed, and must be as many and of the checksum that was said. Used once, by one thread. */
final class ArrivingChunk {
    private final ChunkedUploads.Chunk chunk;
    private final int size;
    private final CRC32C crc = new CRC32C();
    private final Optional<MessageDigest> digest;
    private long came;

    /** @param size that it must have, in bytes */
    ArrivingChunk(ChunkedUploads.Chunk chunk, int size) {
        this.chunk = chunk;
        this.size = size;
        this.digest = chunk.checksum().map(BodyChecksum::digest);
    }

    int number() {
        return chunk.number();
    }

    int size() {
        return size;
    }

    /** Refuses a wrong size that is known before the first byte. */
    void requireAnnounced() {
        if (chunk.announced().isPresent() && chunk.announced().getAsLong() != size) {
            throw wrongSize(Long.toString(chunk.announced().getAsLong()));
        }
    }

    /** Hands on what comes; returns when it was all that was said. */
    void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
        chunk.body().read(bytes -> {
            came += bytes.remaining();
            if (came > size) {
                throw wrongSize("more");
            }
            crc.update(bytes.duplicate());
            digest.ifPresent(running -> HashBuffers.update(running, bytes));
            consumer.accept(bytes);
        });
        if (came != size) {
            throw wrongSize("only " + came);
        }
        chunk.checksum().ifPresent(wanted -> wanted.require(digest.orElseThrow()));
    }

    /** Reads and drops what comes, which must be what came before. */
    void compare(int earlier) throws InterruptedException {
        read(bytes -> bytes.position(bytes.limit()));
        if (crc32c() != earlier) {
            throw new UploadRefused(
                    UploadRefused.Reason.CHUNK_DIFFERS,
                    "Chunk " + chunk.number()
                            + " has come before with other bytes, and those are kept. If the file has changed, start a new upload.");
        }
    }

    /** The CRC-32C of what has come. */
    int crc32c() {
        return (int) crc.getValue();
    }

    private UploadRefused wrongSize(String cameText) {
        return new UploadRefused(
                UploadRefused.Reason.WRONG_CHUNK_SIZE,
                "Chunk " + chunk.number() + " must have " + size + " bytes, but " + cameText
                        + " came. Nothing of it was kept; send it again.");
    }
}
