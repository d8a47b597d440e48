package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.s3.S3Multipart.Stretch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Puts objects one behind the other: inside S3 where every one but the last is large enough for a part, else through this server. Thread-safe. */
final class S3Joining {
    private static final int BUFFER = 64 << 10;

    private final S3Multipart multipart;
    private final S3Objects objects;
    private final S3Sizes sizes;

    S3Joining(S3Multipart multipart, S3Objects objects, S3Sizes sizes) {
        this.multipart = multipart;
        this.objects = objects;
        this.sizes = sizes;
    }

    /** Joins without a byte passing here; false, and nothing done, where S3 would refuse such parts. */
    boolean joinInside(PartialObject target, List<String> parts) {
        Optional<List<Stretch>> stretches = stretches(parts);
        if (stretches.isEmpty()) {
            return false;
        }
        String uploadId = UploadHandle.of(target).uploadId();
        try (PartUploads uploads = new PartUploads()) {
            int number = 1;
            for (Stretch stretch : stretches.get()) {
                int part = number++;
                uploads.submit(() -> multipart.copy(target.key(), uploadId, part, stretch));
            }
            uploads.await();
        }
        return true;
    }

    /** Reads the objects and writes them on. */
    void joinThrough(List<String> parts, PartialWriter writer) {
        byte[] buffer = new byte[BUFFER];
        for (String part : parts) {
            try (ResponseInputStream<GetObjectResponse> in = objects.read(part)) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    writer.write(ByteBuffer.wrap(buffer, 0, read));
                }
            } catch (java.io.IOException e) {
                throw new StorageException("object " + part + " cannot be read", e);
            }
        }
    }

    /** Equal stretches of each object, none longer than one copy takes; empty where one but the last is too short, or they are too many. */
    private Optional<List<Stretch>> stretches(List<String> parts) {
        List<Stretch> stretches = new ArrayList<>();
        for (String part : parts) {
            HeadObjectResponse head =
                    objects.head(part).orElseThrow(() -> new StorageException("object " + part + " is gone", null));
            long size = head.contentLength();
            if (size < S3Sizes.SMALLEST_PART && !part.equals(parts.getLast())) {
                return Optional.empty();
            }
            long count = Math.max(1, Math.ceilDiv(size, sizes.largestCopy()));
            long length = Math.ceilDiv(size, count);
            for (long offset = 0; offset < size; offset += length) {
                stretches.add(new Stretch(part, head.eTag(), offset, Math.min(length, size - offset)));
            }
        }
        return stretches.size() <= S3Sizes.MOST_PARTS ? Optional.of(stretches) : Optional.empty();
    }
}
