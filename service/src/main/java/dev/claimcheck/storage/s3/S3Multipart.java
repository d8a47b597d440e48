package dev.claimcheck.storage.s3;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/** S3's multipart uploads, one method a request. Keys are ours, without the bucket's prefix. Thread-safe. */
final class S3Multipart {
    private final S3Bucket bucket;

    S3Multipart(S3Bucket bucket) {
        this.bucket = bucket;
    }

    /** Starts an upload; gives its id. */
    String create(String key) {
        CreateMultipartUploadRequest request = S3Encryption.of(
                        bucket.settings().encryption(),
                        CreateMultipartUploadRequest.builder()
                                .bucket(bucket.name())
                                .key(bucket.nameOf(key)))
                .build();
        return S3Errors.during(
                "starting an upload of " + key,
                () -> bucket.client().createMultipartUpload(request).uploadId());
    }

    /** Stores a part; one of the same number is replaced. */
    CompletedPart put(String key, String uploadId, int number, RequestBody body) {
        long length = body.optionalContentLength().orElse(0L);
        String tag = S3Errors.during(
                "storing part " + number + " of " + key,
                () -> bucket.client()
                        .uploadPart(
                                part -> part.bucket(bucket.name())
                                        .key(bucket.nameOf(key))
                                        .uploadId(uploadId)
                                        .partNumber(number)
                                        .overrideConfiguration(S3Bucket.moving(length)),
                                body)
                        .eTag());
        return completed(number, tag);
    }

    CompletedPart put(String key, String uploadId, int number, Path file, long offset, long length) {
        return put(key, uploadId, number, FileSlice.body(file, offset, length));
    }

    /** Makes a part of a stretch of an object, inside S3; the object must still be the one of that tag. */
    CompletedPart copy(String key, String uploadId, int number, Stretch from) {
        String tag = S3Errors.during(
                "copying " + from.key() + " into " + key,
                () -> bucket.client()
                        .uploadPartCopy(part -> part.sourceBucket(bucket.name())
                                .sourceKey(bucket.nameOf(from.key()))
                                .copySourceIfMatch(from.tag())
                                .copySourceRange("bytes=" + from.offset() + "-" + (from.offset() + from.length() - 1))
                                .destinationBucket(bucket.name())
                                .destinationKey(bucket.nameOf(key))
                                .uploadId(uploadId)
                                .partNumber(number)
                                .overrideConfiguration(S3Bucket.moving(from.length())))
                        .copyPartResult()
                        .eTag());
        return completed(number, tag);
    }

    /** A stretch of an object. */
    record Stretch(String key, String tag, long offset, long length) {}

    /** The parts that are there, by number; empty where there is no such upload (any more). */
    List<Part> list(String key, String uploadId) {
        Optional<List<Part>> parts = S3Errors.ifThere(
                "looking at the parts of " + key,
                () -> bucket
                        .client()
                        .listPartsPaginator(upload -> upload.bucket(bucket.name())
                                .key(bucket.nameOf(key))
                                .uploadId(uploadId))
                        .parts()
                        .stream()
                        .sorted(Comparator.comparing(Part::partNumber))
                        .toList());
        return parts.orElseGet(List::of);
    }

    /** Makes the object of these parts; false where there is no such upload (any more). */
    boolean complete(String key, String uploadId, List<CompletedPart> parts, long size) {
        List<CompletedPart> inOrder = new ArrayList<>(parts);
        inOrder.sort(Comparator.comparing(CompletedPart::partNumber));
        return S3Errors.ifThere(
                        "completing " + key,
                        () -> bucket.client()
                                .completeMultipartUpload(upload -> upload.bucket(bucket.name())
                                        .key(bucket.nameOf(key))
                                        .uploadId(uploadId)
                                        .multipartUpload(whole -> whole.parts(inOrder))
                                        .overrideConfiguration(S3Bucket.moving(size))))
                .isPresent();
    }

    /** Drops the upload with its parts; does nothing where there is none. */
    void abort(String key, String uploadId) {
        S3Errors.ifThere(
                "dropping an upload of " + key,
                () -> bucket.client()
                        .abortMultipartUpload(upload -> upload.bucket(bucket.name())
                                .key(bucket.nameOf(key))
                                .uploadId(uploadId)));
    }

    /** Drops the upload because of a failure, which stays the one to tell. */
    void abortAfter(RuntimeException failure, String key, String uploadId) {
        try {
            abort(key, uploadId);
        } catch (RuntimeException second) {
            failure.addSuppressed(second); // The sweep finds it.
        }
    }

    /** Uploads under way whose key begins so. */
    List<MultipartUpload> underWay(String prefix) {
        return S3Errors.during(
                "looking for unfinished uploads",
                () -> bucket
                        .client()
                        .listMultipartUploadsPaginator(
                                uploads -> uploads.bucket(bucket.name()).prefix(bucket.nameOf(prefix)))
                        .uploads()
                        .stream()
                        .toList());
    }

    String keyOf(MultipartUpload upload) {
        return bucket.keyOf(upload.key());
    }

    /** When the upload was last written to. */
    Instant lastWritten(String key, MultipartUpload upload) {
        return list(key, upload.uploadId()).stream()
                .map(Part::lastModified)
                .max(Comparator.naturalOrder())
                .filter(upload.initiated()::isBefore)
                .orElse(upload.initiated());
    }

    static CompletedPart completed(Part part) {
        return completed(part.partNumber(), part.eTag());
    }

    private static CompletedPart completed(int number, String tag) {
        return CompletedPart.builder().partNumber(number).eTag(tag).build();
    }
}
