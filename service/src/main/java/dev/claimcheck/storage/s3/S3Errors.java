package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The one place that tells what the SDK's exceptions mean here. */
final class S3Errors {
    /** What servers other than Amazon's say when their disks or quotas are full. */
    private static final Set<String> FULL =
            Set.of("XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "QuotaExceeded", "QuotaExceededException");

    private static final int INSUFFICIENT_STORAGE = 507;

    private S3Errors() {}

    /** Does it; failures come out as {@link StorageException} that says what was being done. */
    static <T> T during(String doing, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failure(doing, e);
        }
    }

    /** Does it; empty where the object or the upload does not exist. */
    static <T> Optional<T> ifThere(String doing, Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (S3Exception e) {
            // Answers to HEAD have no body that could name the error.
            if (e.statusCode() == 404 && !"NoSuchBucket".equals(code(e))) {
                return Optional.empty();
            }
            throw failure(doing, e);
        } catch (SdkException e) {
            throw failure(doing, e);
        }
    }

    static StorageException failure(String doing, SdkException e) {
        if (e instanceof AbortedException) {
            Thread.currentThread().interrupt(); // The SDK has swallowed it.
            return new StorageException("interrupted while " + doing, e);
        }
        if (e instanceof S3Exception refused) {
            boolean full = refused.statusCode() == INSUFFICIENT_STORAGE || FULL.contains(code(refused));
            return full
                    ? new StorageFullException("the object storage is full", e)
                    : new StorageException(
                            "the object storage refused while " + doing + ": " + refused.statusCode() + " "
                                    + code(refused),
                            e);
        }
        return new StorageException("the object storage did not answer while " + doing + ": " + e.getMessage(), e);
    }

    /** S3's own name for the error; empty where it gave none. */
    static String code(S3Exception e) {
        return Optional.ofNullable(e.awsErrorDetails())
                .map(AwsErrorDetails::errorCode)
                .orElse("");
    }
}
