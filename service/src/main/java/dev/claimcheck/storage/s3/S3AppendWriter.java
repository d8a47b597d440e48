package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFile;
import dev.claimcheck.storage.SpoolFolder;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Continues an object: full parts are stored while more comes, and what remains is kept as a tail. */
final class S3AppendWriter implements PartialWriter {
    private final S3Multipart multipart;
    private final S3Tails tails;
    private final SpoolFolder spool;
    private final String key;
    private final UploadHandle upload;
    private final Optional<ObjectInfo> before;
    private final int firstNumber;
    private final PartUploads uploads = new PartUploads();
    private @Nullable SpoolFile part;
    private int number;
    private long size;

    /**
     * @param number of the part to be written next
     * @param before the tail that this part begins with
     */
    S3AppendWriter(
            S3Multipart multipart,
            S3Tails tails,
            SpoolFolder spool,
            String key,
            UploadHandle upload,
            int number,
            Optional<ObjectInfo> before) {
        this.multipart = multipart;
        this.tails = tails;
        this.spool = spool;
        this.key = key;
        this.upload = upload;
        this.firstNumber = number;
        this.number = number;
        this.before = before;
    }

    @Override
    public void write(ByteBuffer bytes) {
        size += bytes.remaining();
        while (bytes.hasRemaining()) {
            SpoolFile current = current();
            long room = upload.sizeOf(number) - current.size();
            int limit = bytes.limit();
            bytes.limit(bytes.position() + (int) Math.min(room, bytes.remaining()));
            current.write(bytes);
            bytes.limit(limit);
            if (current.size() >= upload.sizeOf(number)) {
                store(current);
            }
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void keep() {
        uploads.await();
        SpoolFile rest = part;
        if (rest != null && rest.size() > 0) {
            tails.keep(key, number, rest);
        }
        if (number != firstNumber) {
            before.ifPresent(tails::delete);
        }
    }

    @Override
    public void close() {
        try (SpoolFile _ = part;
                PartUploads _ = uploads) {
            part = null;
        }
    }

    private SpoolFile current() {
        SpoolFile current = part;
        if (current == null) {
            current = spool.create();
            part = current;
            if (number == firstNumber && before.isPresent()) {
                tails.fetch(before.get(), current);
            }
        }
        return current;
    }

    private void store(SpoolFile full) {
        int stored = number;
        part = null;
        number++;
        uploads.submit(
                full,
                file -> multipart.put(key, upload.uploadId(), stored, FileSlice.body(file.finished(), 0, file.size())));
    }
}
