package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/**
 * Signed URLs (Signature Version 4). Where the endpoint refuses to overwrite ({@code If-None-Match: *}, signed), a PUT goes to the object's own place and is
 * final at once; elsewhere it goes to {@code incoming/}, and settling it copies it to its place. Thread-safe.
 */
final class S3SignedAccess implements DirectAccess {
    private static final String INCOMING = "incoming/";
    /** What every HTTP client sends by itself, and browsers forbid to set. */
    private static final Set<String> SENT_ANYWAY = Set.of("host", "content-length");

    private final S3Bucket bucket;
    private final S3Objects objects;
    private final boolean refusesOverwriting;

    /** @param refusesOverwriting whether the endpoint heeds {@code If-None-Match: *} */
    S3SignedAccess(S3Bucket bucket, S3Objects objects, boolean refusesOverwriting) {
        this.bucket = bucket;
        this.objects = objects;
        this.refusesOverwriting = refusesOverwriting;
    }

    @Override
    public SignedPut signPut(
            String key, String contentType, OptionalLong length, Optional<byte[]> sha256, Duration validFor) {
        ObjectKeys.requireKey(key);
        PutObjectRequest.Builder put = S3Encryption.of(
                bucket.settings().encryption(),
                PutObjectRequest.builder()
                        .bucket(bucket.name())
                        .key(bucket.nameOf(refusesOverwriting ? key : INCOMING + key))
                        .contentType(contentType));
        length.ifPresent(put::contentLength);
        sha256.ifPresent(digest -> put.checksumSHA256(Base64.getEncoder().encodeToString(digest)));
        if (refusesOverwriting) {
            put.ifNoneMatch("*");
        }
        PresignedPutObjectRequest signed = S3Errors.during(
                "signing a PUT",
                () -> bucket.presigner()
                        .presignPutObject(
                                request -> request.signatureDuration(validFor).putObjectRequest(put.build())));
        Map<String, String> headers = new LinkedHashMap<>();
        signed.signedHeaders().forEach((name, values) -> {
            if (!SENT_ANYWAY.contains(name)) {
                headers.put(name, String.join(",", values));
            }
        });
        return new SignedPut(uri(signed.url()), headers);
    }

    /** Copies before it deletes, and copies the version that it looked at: whatever a late PUT brings stays outside. */
    @Override
    public Optional<ObjectInfo> settle(String key) {
        ObjectKeys.requireKey(key);
        Optional<ObjectInfo> settled = objects.stat(key);
        if (settled.isPresent() || refusesOverwriting) {
            return settled;
        }
        if (objects.stat(INCOMING + key).isEmpty()) {
            return Optional.empty();
        }
        objects.copy(INCOMING + key, key);
        objects.delete(INCOMING + key);
        return objects.stat(key);
    }

    @Override
    public Optional<String> keyOfNotification(String bucketName, String name) {
        if (!bucketName.equals(bucket.name()) || !name.startsWith(bucket.nameOf(""))) {
            return Optional.empty();
        }
        String key = bucket.keyOf(name);
        return Optional.of(key.startsWith(INCOMING) ? key.substring(INCOMING.length()) : key);
    }

    @Override
    public URI signGet(String key, Duration validFor) {
        ObjectKeys.requireKey(key);
        return uri(S3Errors.during(
                "signing a GET",
                () -> bucket.presigner()
                        .presignGetObject(request -> request.signatureDuration(validFor)
                                .getObjectRequest(
                                        object -> object.bucket(bucket.name()).key(bucket.nameOf(key))))
                        .url()));
    }

    /** Drops what signed PUTs brought and nobody settled. */
    void deleteIncoming(String prefix) {
        objects.deleteAll(INCOMING + prefix);
    }

    private static URI uri(URL url) {
        try {
            return url.toURI();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("what the SDK signs is a URI", e);
        }
    }
}
