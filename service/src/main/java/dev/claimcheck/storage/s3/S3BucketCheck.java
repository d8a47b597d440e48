package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.StorageException;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Tries out whether a bucket can be used, and how, by writing to it. */
final class S3BucketCheck {
    private static final int REFUSED_TO_OVERWRITE = 412;

    private final S3Bucket bucket;

    S3BucketCheck(S3Bucket bucket) {
        this.bucket = bucket;
    }

    /**
     * Writes and deletes a tiny object.
     *
     * @return whether the endpoint refuses overwriting where it is asked to
     * @throws StorageException whose message says what is wrong and what to do
     */
    boolean refusesOverwriting() {
        String name = bucket.nameOf("checks/" + UUID.randomUUID());
        try {
            bucket.client().headBucket(head -> head.bucket(bucket.name()));
            write(name, false);
            boolean refuses = !isOverwritten(name);
            bucket.client().deleteObject(object -> object.bucket(bucket.name()).key(name));
            return refuses;
        } catch (S3Exception e) {
            throw new StorageException(said(e), e);
        } catch (SdkException e) {
            throw new StorageException(said(e), e);
        }
    }

    private boolean isOverwritten(String name) {
        try {
            write(name, true);
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() == REFUSED_TO_OVERWRITE) {
                return false;
            }
            if (e.statusCode() == 501 || e.statusCode() == 400) {
                return true; // It does not know the header.
            }
            throw e;
        }
    }

    private void write(String name, boolean onlyNew) {
        PutObjectRequest.Builder put = S3Encryption.of(
                bucket.settings().encryption(),
                PutObjectRequest.builder().bucket(bucket.name()).key(name));
        if (onlyNew) {
            put.ifNoneMatch("*");
        }
        bucket.client().putObject(put.build(), RequestBody.fromString("claimcheck was here"));
    }

    private String said(S3Exception e) {
        String where = bucket.settings().described();
        String code = S3Errors.code(e).isEmpty() ? "HTTP " + e.statusCode() : S3Errors.code(e);
        return switch (e.statusCode()) {
            case 404 -> where + " does not exist. Create it, or set s3.bucket to one that does.";
            case 301, 307, 400 ->
                where + " refuses the request (" + code + "). Check s3.region"
                        + e.awsErrorDetails()
                                .sdkHttpResponse()
                                .firstMatchingHeader("x-amz-bucket-region")
                                .map(region -> " (the bucket is in " + region + ")")
                                .orElse("")
                        + ", s3.endpoint and s3.path_style.";
            case 401, 403 ->
                where + " refuses these credentials (" + code
                        + "). Give them s3:ListBucket, s3:ListBucketMultipartUploads, s3:GetObject, s3:PutObject, s3:DeleteObject, s3:AbortMultipartUpload and"
                        + " s3:ListMultipartUploadParts on it; set s3.access_key_id and s3.secret_access_key, or what AWS's default chain looks at.";
            case 501 ->
                where + " does not offer what is asked of it (" + code
                        + "). Set s3.sse to `none` if it knows no encryption.";
            default -> where + " refuses to be written to (" + code + "): " + e.getMessage();
        };
    }

    private String said(SdkException e) {
        String where = bucket.settings().described();
        String reason = String.valueOf(e.getMessage());
        return e instanceof SdkClientException && reason.contains("credentials")
                ? where
                        + " cannot be used without credentials. Set s3.access_key_id and s3.secret_access_key, or what AWS's default chain looks at (environment, profile, role)."
                : where
                        + " does not answer. Check s3.endpoint, and that the storage runs and can be reached from here ("
                        + reason + ").";
    }
}
