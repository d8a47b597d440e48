package dev.claimcheck.upload;

import dev.claimcheck.storage.SpoolFile;
import dev.claimcheck.storage.SpoolFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.MessageDigest;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A body whose bytes count only if all of them came and have the right checksum: they wait in a file until that is known, so that neither a cut nor a crash lets
 * unchecked bytes into the upload.
 */
public final class VerifiedBody implements UploadBody {
    private static final int BUFFER = 256 << 10;

    private final UploadBody body;
    private final SpoolFolder spool;
    private final Supplier<BodyChecksum> checksum;
    private volatile boolean cancelled;

    /** @param checksum asked for after the last byte: it may have come behind it, as a trailer */
    public VerifiedBody(UploadBody body, UploadSettings settings, Supplier<BodyChecksum> checksum) {
        this.body = body;
        this.spool = settings.spool();
        this.checksum = checksum;
    }

    @Override
    public void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
        try (SpoolFile bytes = spool.create()) {
            body.read(bytes::write);
            BodyChecksum wanted = checksum.get();
            MessageDigest digest = wanted.digest();
            bytes.read(channel -> forEach(channel, digest::update));
            wanted.require(digest);
            bytes.read(channel -> forEach(channel, consumer));
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        body.cancel();
    }

    /** Looks between the buffers whether a later request waits: a large body takes a while to check and to copy. */
    private void forEach(FileChannel channel, Consumer<ByteBuffer> consumer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.read(buffer.clear()) >= 0) {
            if (cancelled) {
                throw new UploadRefused(
                        UploadRefused.Reason.SUPERSEDED,
                        "A later request of the same upload took this one's place. Go on from where the upload stands.");
            }
            consumer.accept(buffer.flip());
        }
    }
}
