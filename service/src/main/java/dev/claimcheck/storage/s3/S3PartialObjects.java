package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialObjects;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFolder;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.s3.S3Multipart.Stretch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * Partial objects as multipart uploads, with a tail for the bytes that are too few for a part. A tail belongs to the part that it will begin, by its name: once
 * that part is there the tail counts for nothing, and deleting it may fail or come late.
 */
final class S3PartialObjects implements PartialObjects {
    private final S3Multipart multipart;
    private final S3Objects objects;
    private final S3Tails tails;
    private final SpoolFolder spool;
    private final S3Sizes sizes;
    private final S3Joining joining;

    S3PartialObjects(S3Multipart multipart, S3Objects objects, S3Tails tails, SpoolFolder spool, S3Sizes sizes) {
        this.multipart = multipart;
        this.objects = objects;
        this.tails = tails;
        this.spool = spool;
        this.sizes = sizes;
        this.joining = new S3Joining(multipart, objects, sizes);
    }

    @Override
    public PartialObject begin(String key, long expectedSize) {
        ObjectKeys.requireKey(key);
        return UploadHandle.choose(multipart.create(key), expectedSize, sizes.part())
                .object(key);
    }

    /** For an object that a crash caught between its completion and its record, its size. */
    @Override
    public long length(PartialObject object) {
        Standing standing = standing(object);
        return standing.length() > 0
                ? standing.length()
                : objects.stat(object.key()).map(ObjectInfo::size).orElse(0L);
    }

    @Override
    public PartialWriter append(PartialObject object, long offset) {
        Standing standing = standing(object);
        if (standing.length() != offset) {
            throw new StorageException(
                    "object " + object.key() + " stands at " + standing.length() + ", not at " + offset, null);
        }
        return writer(object, standing.nextNumber(), standing.tail());
    }

    @Override
    public PartialWriter chunk(PartialObject object, int number, long offset, long size) {
        return new S3ChunkWriter(
                multipart, object.key(), UploadHandle.of(object).uploadId(), number, spool.create());
    }

    @Override
    public long smallestChunk() {
        return S3Sizes.SMALLEST_PART;
    }

    @Override
    public void concatenate(PartialObject target, List<String> parts) {
        if (!joining.joinInside(target, parts)) {
            try (PartialWriter writer = writer(target, 1, Optional.empty())) {
                joining.joinThrough(parts, writer);
                writer.keep();
            }
        }
    }

    @Override
    public void complete(PartialObject object, long size) {
        String uploadId = UploadHandle.of(object).uploadId();
        Standing standing = standing(object);
        List<CompletedPart> parts = standing.partsOf(size);
        long missing = size - standing.sizeOf(parts.size());
        Optional<ObjectInfo> tail = standing.tail().filter(found -> missing > 0 && found.size() == missing);
        if (missing > 0 && tail.isPresent()) {
            String from = tail.get().key();
            String tag = objects.head(from)
                    .orElseThrow(() -> new StorageException("the end of " + object.key() + " is gone", null))
                    .eTag();
            parts.add(
                    multipart.copy(object.key(), uploadId, standing.nextNumber(), new Stretch(from, tag, 0, missing)));
        }
        boolean whole = missing == 0 || tail.isPresent();
        if (!whole || parts.isEmpty() || !multipart.complete(object.key(), uploadId, parts, size)) {
            requireCompleted(object, size, standing);
        }
        tails.deleteAll(object.key());
    }

    /** The tails go first: as long as the upload is there, the sweep finds what is left. */
    @Override
    public void abort(PartialObject object) {
        if (object.handle().isEmpty()) {
            return; // Begun by a signed PUT: there is no upload.
        }
        tails.deleteAll(object.key());
        multipart.abort(object.key(), UploadHandle.of(object).uploadId());
    }

    @Override
    public List<PartialObject> unfinished(Instant before) {
        List<PartialObject> found = new ArrayList<>();
        for (MultipartUpload upload : multipart.underWay("")) {
            String key = multipart.keyOf(upload);
            if (upload.initiated().isBefore(before)
                    && multipart.lastWritten(key, upload).isBefore(before)) {
                found.add(new UploadHandle(upload.uploadId(), sizes.part(), true).object(key));
            }
        }
        return found;
    }

    /** Drops everything partial whose key begins so. */
    void abortAll(String prefix) {
        for (MultipartUpload upload : multipart.underWay(prefix)) {
            multipart.abort(multipart.keyOf(upload), upload.uploadId());
        }
    }

    private S3AppendWriter writer(PartialObject object, int number, Optional<ObjectInfo> tail) {
        return new S3AppendWriter(multipart, tails, spool, object.key(), UploadHandle.of(object), number, tail);
    }

    /** A crash between S3's completion and the record's leaves an object without an upload. */
    private void requireCompleted(PartialObject object, long size, Standing standing) {
        long there = objects.stat(object.key()).map(ObjectInfo::size).orElse(-1L);
        if (there != size) {
            throw new StorageException(
                    "object " + object.key() + " has " + standing.length() + " bytes instead of " + size, null);
        }
    }

    private Standing standing(PartialObject object) {
        List<Part> contiguous = new ArrayList<>();
        for (Part part : multipart.list(object.key(), UploadHandle.of(object).uploadId())) {
            if (part.partNumber() == contiguous.size() + 1) {
                contiguous.add(part);
            }
        }
        return new Standing(contiguous, tails.find(object.key(), contiguous.size() + 1));
    }

    /**
     * How far an object has come.
     *
     * @param parts from the first one on, without a gap
     * @param tail of the part behind them
     */
    private record Standing(List<Part> parts, Optional<ObjectInfo> tail) {
        int nextNumber() {
            return parts.size() + 1;
        }

        long length() {
            return sizeOf(parts.size()) + tail.map(ObjectInfo::size).orElse(0L);
        }

        long sizeOf(int count) {
            return parts.stream().limit(count).mapToLong(Part::size).sum();
        }

        /** The parts that make up at most {@code size} bytes; what stands behind them was never acknowledged. */
        List<CompletedPart> partsOf(long size) {
            List<CompletedPart> taken = new ArrayList<>();
            long sum = 0;
            for (Part part : parts) {
                sum += part.size();
                if (sum > size) {
                    break;
                }
                taken.add(S3Multipart.completed(part));
            }
            return taken;
        }
    }
}
