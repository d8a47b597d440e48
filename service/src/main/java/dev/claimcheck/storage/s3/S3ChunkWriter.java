package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFile;
import java.nio.ByteBuffer;

/** Takes one numbered chunk and stores it as the part of that number. */
final class S3ChunkWriter implements PartialWriter {
    private final S3Multipart multipart;
    private final String key;
    private final String uploadId;
    private final int number;
    private final SpoolFile bytes;

    S3ChunkWriter(S3Multipart multipart, String key, String uploadId, int number, SpoolFile bytes) {
        this.multipart = multipart;
        this.key = key;
        this.uploadId = uploadId;
        this.number = number;
        this.bytes = bytes;
    }

    @Override
    public void write(ByteBuffer more) {
        bytes.write(more);
    }

    @Override
    public long size() {
        return bytes.size();
    }

    @Override
    public void keep() {
        multipart.put(key, uploadId, number, FileSlice.body(bytes.finished(), 0, bytes.size()));
    }

    @Override
    public void close() {
        bytes.close();
    }
}
