package dev.claimcheck.storage.s3;

import java.net.URI;
import java.util.Optional;

/**
 * Which bucket, and how to reach it.
 *
 * @param endpoint of an S3 that is not Amazon's
 * @param region where it is not to be found out from the environment; with an endpoint of one's own most servers take any
 * @param pathStyle the bucket in the path ({@code host/bucket/key}) instead of in the host's name
 * @param credentials where they are not to be found by the SDK's default chain
 * @param prefix of every key; empty, or ending in {@code /}
 */
public record S3Settings(
        String bucket,
        Optional<URI> endpoint,
        Optional<String> region,
        boolean pathStyle,
        Optional<Credentials> credentials,
        String prefix,
        Encryption encryption) {

    public S3Settings {
        if (!prefix.isEmpty() && !prefix.endsWith("/")) {
            throw new IllegalArgumentException("a prefix ends in /");
        }
    }

    /** A long-lived key. */
    public record Credentials(String accessKeyId, String secretAccessKey) {
        @Override
        public String toString() {
            return "Credentials[" + accessKeyId + "]";
        }
    }

    /** What the store is asked to do with objects at rest. */
    public sealed interface Encryption {
        /** What the bucket does by itself. */
        record BucketDefault() implements Encryption {}

        /** Keys of S3's own (SSE-S3). */
        record Aes256() implements Encryption {}

        /**
         * Keys of a key management service (SSE-KMS).
         *
         * @param keyId where it is not to be the account's default one
         */
        record Kms(Optional<String> keyId) implements Encryption {}
    }

    /** The bucket as people would name it. */
    String described() {
        return "bucket " + bucket + endpoint.map(uri -> " at " + uri).orElse(" at Amazon S3")
                + (prefix.isEmpty() ? "" : ", below " + prefix);
    }
}
