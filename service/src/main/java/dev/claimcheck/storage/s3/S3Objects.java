package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.s3.S3Multipart.Stretch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** Whole objects: stored, looked at, copied, deleted. Keys are ours, without the bucket's prefix. Thread-safe. */
final class S3Objects {
    private static final int DELETES_AT_ONCE = 16;

    private final S3Bucket bucket;
    private final S3Multipart multipart;
    private final S3Sizes sizes;

    S3Objects(S3Bucket bucket, S3Multipart multipart, S3Sizes sizes) {
        this.bucket = bucket;
        this.multipart = multipart;
        this.sizes = sizes;
    }

    /** Stores by one request. */
    void put(String key, RequestBody body) {
        long length = body.optionalContentLength().orElse(0L);
        PutObjectRequest request = S3Encryption.of(
                        bucket.settings().encryption(),
                        PutObjectRequest.builder()
                                .bucket(bucket.name())
                                .key(bucket.nameOf(key))
                                .overrideConfiguration(S3Bucket.moving(length)))
                .build();
        S3Errors.during("storing " + key, () -> bucket.client().putObject(request, body));
    }

    /** Stores a file, a large one in parts side by side. */
    void put(String key, Path file) {
        long size = size(file);
        if (size <= sizes.largestPut()) {
            put(key, FileSlice.body(file, 0, size));
            return;
        }
        long slice = UploadHandle.choose("", size, sizes.part()).partSize();
        inParts(
                key,
                size,
                slice,
                (uploadId, number, offset, length) -> multipart.put(key, uploadId, number, file, offset, length));
    }

    /** The whole content as a stream, which the caller reads to its end. */
    ResponseInputStream<GetObjectResponse> read(String key) {
        return S3Errors.during(
                "reading " + key,
                () -> bucket.client()
                        .getObject(object -> object.bucket(bucket.name()).key(bucket.nameOf(key))));
    }

    Optional<HeadObjectResponse> head(String key) {
        return S3Errors.ifThere(
                "looking at " + key,
                () -> bucket.client()
                        .headObject(object -> object.bucket(bucket.name()).key(bucket.nameOf(key))));
    }

    Optional<ObjectInfo> stat(String key) {
        return head(key).map(head -> new ObjectInfo(key, head.contentLength(), head.lastModified()));
    }

    List<ObjectInfo> list(String prefix) {
        return S3Errors.during(
                "listing what begins with " + prefix,
                () -> bucket
                        .client()
                        .listObjectsV2Paginator(
                                objects -> objects.bucket(bucket.name()).prefix(bucket.nameOf(prefix)))
                        .contents()
                        .stream()
                        .map(object -> new ObjectInfo(bucket.keyOf(object.key()), object.size(), object.lastModified()))
                        .toList());
    }

    void delete(String key) {
        S3Errors.during(
                "deleting " + key,
                () -> bucket.client()
                        .deleteObject(object -> object.bucket(bucket.name()).key(bucket.nameOf(key))));
    }

    /** Deletes what begins so, several at once: not every server knows S3's request for many, and those who do want different checksums. */
    void deleteAll(String prefix) {
        List<ObjectInfo> doomed = list(prefix);
        if (doomed.size() <= 1) {
            doomed.forEach(object -> delete(object.key()));
            return;
        }
        try (ExecutorService executor =
                Executors.newFixedThreadPool(DELETES_AT_ONCE, Thread.ofVirtual().factory())) {
            List<Future<?>> deletes = new ArrayList<>();
            for (ObjectInfo object : doomed) {
                deletes.add(executor.submit(() -> delete(object.key())));
            }
            for (Future<?> delete : deletes) {
                delete.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof StorageException trouble) {
                throw trouble;
            }
            throw new StorageException("objects below " + prefix + " cannot be deleted", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StorageException("interrupted while deleting " + prefix, e);
        }
    }

    /** Copies inside S3 what is under {@code from} right now, large objects in parts side by side. */
    void copy(String from, String to) {
        HeadObjectResponse source =
                head(from).orElseThrow(() -> new StorageException("object " + from + " does not exist", null));
        long size = source.contentLength();
        if (size <= sizes.largestCopy()) {
            copyWhole(from, source.eTag(), to, size);
            return;
        }
        long least = Math.ceilDiv(size, (long) S3Sizes.MOST_PARTS);
        inParts(
                to,
                size,
                Math.max(least, sizes.largestCopy()),
                (uploadId, number, offset, length) ->
                        multipart.copy(to, uploadId, number, new Stretch(from, source.eTag(), offset, length)));
    }

    private void copyWhole(String from, String tag, String to, long size) {
        CopyObjectRequest request = S3Encryption.of(
                        bucket.settings().encryption(),
                        CopyObjectRequest.builder()
                                .sourceBucket(bucket.name())
                                .sourceKey(bucket.nameOf(from))
                                .copySourceIfMatch(tag)
                                .destinationBucket(bucket.name())
                                .destinationKey(bucket.nameOf(to))
                                .overrideConfiguration(S3Bucket.moving(size)))
                .build();
        S3Errors.during("copying " + from + " to " + to, () -> bucket.client().copyObject(request));
    }

    /** Makes one part of an upload. */
    @FunctionalInterface
    private interface PartMaker {
        CompletedPart make(String uploadId, int number, long offset, long length);
    }

    /** An object in equal parts; what fails leaves nothing. */
    private void inParts(String key, long size, long slice, PartMaker maker) {
        String uploadId = multipart.create(key);
        try (PartUploads uploads = new PartUploads()) {
            int number = 1;
            for (long offset = 0; offset < size; offset += slice, number++) {
                int part = number;
                long at = offset;
                uploads.submit(() -> maker.make(uploadId, part, at, Math.min(slice, size - at)));
            }
            multipart.complete(key, uploadId, uploads.await(), size);
        } catch (RuntimeException e) {
            multipart.abortAfter(e, key, uploadId);
            throw e;
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new StorageException("the file to be stored cannot be read", e);
        }
    }
}
