package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.SpoolFile;
import dev.claimcheck.storage.SpoolFolder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** One streaming write: a single PUT if it stays small, else a multipart upload whose parts are stored while more comes. */
final class S3ObjectWriter implements ObjectWriter {
    private final S3Objects objects;
    private final S3Multipart multipart;
    private final SpoolFolder spool;
    private final String key;
    private final long partSize;
    private final PartUploads uploads = new PartUploads();
    private @Nullable UploadHandle upload;
    private SpoolFile part;
    private int number = 1;
    private long size;
    private boolean committed;

    S3ObjectWriter(S3Objects objects, S3Multipart multipart, SpoolFolder spool, String key, long partSize) {
        this.objects = objects;
        this.multipart = multipart;
        this.spool = spool;
        this.key = key;
        this.partSize = partSize;
        this.part = spool.create();
    }

    @Override
    public void write(ByteBuffer bytes) {
        size += bytes.remaining();
        while (bytes.hasRemaining()) {
            long full = upload == null ? partSize : upload.sizeOf(number);
            if (part.size() >= full) { // Only when more comes: the last part must not be empty.
                store();
            }
            int limit = bytes.limit();
            long room = (upload == null ? partSize : upload.sizeOf(number)) - part.size();
            bytes.limit(bytes.position() + (int) Math.min(room, bytes.remaining()));
            part.write(bytes);
            bytes.limit(limit);
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void commit() {
        if (committed) {
            throw new IllegalStateException("committed before");
        }
        UploadHandle begun = upload;
        if (begun == null) {
            objects.put(key, FileSlice.body(part.finished(), 0, part.size()));
        } else {
            store();
            List<CompletedPart> parts = uploads.await();
            if (!multipart.complete(key, begun.uploadId(), parts, size)) {
                throw new dev.claimcheck.storage.StorageException("the upload of " + key + " was dropped", null);
            }
        }
        committed = true;
    }

    @Override
    public void close() {
        try (SpoolFile _ = part) {
            uploads.close();
            UploadHandle begun = upload;
            if (!committed && begun != null) {
                multipart.abort(key, begun.uploadId());
            }
        }
    }

    private void store() {
        UploadHandle begun = upload;
        if (begun == null) {
            begun = UploadHandle.choose(multipart.create(key), -1, partSize);
            upload = begun;
        }
        String uploadId = begun.uploadId();
        SpoolFile full = part;
        int stored = number;
        part = spool.create();
        number++;
        uploads.submit(
                full, file -> multipart.put(key, uploadId, stored, FileSlice.body(file.finished(), 0, file.size())));
    }
}
