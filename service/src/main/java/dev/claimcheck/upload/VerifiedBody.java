package dev.claimcheck.upload;

import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
    private final Path folder;
    private final Supplier<BodyChecksum> checksum;

    /** @param checksum asked for after the last byte: it may have come behind it, as a trailer */
    public VerifiedBody(UploadBody body, UploadSettings settings, Supplier<BodyChecksum> checksum) {
        this.body = body;
        this.folder = settings.spool();
        this.checksum = checksum;
    }

    @Override
    public void read(Consumer<ByteBuffer> consumer) throws InterruptedException {
        try {
            Path file = Files.createTempFile(folder, "body-", null);
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE)) {
                body.read(bytes -> spool(channel, bytes));
                verify(channel);
                hand(channel, consumer);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    @Override
    public void cancel() {
        body.cancel();
    }

    private static void spool(FileChannel channel, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private void verify(FileChannel channel) throws IOException {
        BodyChecksum wanted = checksum.get();
        MessageDigest digest = wanted.digest();
        byte[] array = new byte[BUFFER];
        ByteBuffer buffer = ByteBuffer.wrap(array);
        channel.position(0);
        while (channel.read(buffer.clear()) >= 0) {
            digest.update(array, 0, buffer.position());
        }
        wanted.require(digest);
    }

    private static void hand(FileChannel channel, Consumer<ByteBuffer> consumer) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        channel.position(0);
        while (channel.read(buffer.clear()) >= 0) {
            consumer.accept(buffer.flip());
        }
    }

    private static StorageException failure(IOException e) {
        String cause = String.valueOf(e.getMessage());
        return cause.contains("No space left on device")
                ? new StorageFullException("no space left on the device", e)
                : new StorageException("a body cannot be kept until it is checked", e);
    }
}
