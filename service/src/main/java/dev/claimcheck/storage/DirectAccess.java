package dev.claimcheck.storage;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The ability of a store to hand out signed URLs, so that bytes need not pass through this service. Only some stores have it. Thread-safe. */
public interface DirectAccess {
    /**
     * A URL that takes one PUT of one object. Method, key, content type, and length and checksum where given, are signed: a request that differs in any is
     * refused by the store. What it brings is no object before {@link #settle}.
     *
     * @param length of the content in bytes
     * @param sha256 of the content, 32 bytes
     */
    SignedPut signPut(String key, String contentType, OptionalLong length, Optional<byte[]> sha256, Duration validFor);

    /**
     * Makes what a signed PUT has brought the object under {@code key}, and tells what it is; empty where nothing has come. From then on no PUT, however late,
     * changes it. Idempotent.
     */
    Optional<ObjectStore.ObjectInfo> settle(String key);

    /** The key that a signed PUT was for, from how the store's notifications name it; empty where it is none of ours. */
    Optional<String> keyOfNotification(String bucket, String name);

    /** A URL that reads the object, with ranges. */
    URI signGet(String key, Duration validFor);

    /**
     * A signed PUT.
     *
     * @param headers to be sent exactly so
     */
    record SignedPut(URI url, Map<String, String> headers) {}
}
