package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.DirectAccess;
import dev.claimcheck.storage.ObjectKeys;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.PartialObject;
import dev.claimcheck.storage.PartialWriter;
import dev.claimcheck.storage.SpoolFolder;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/** {@link ObjectStore} on one bucket. */
public final class S3ObjectStore implements ObjectStore, DirectAccess, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(S3ObjectStore.class);

    private final S3Bucket bucket;
    private final SpoolFolder spool;
    private final S3Sizes sizes;
    private final S3Multipart multipart;
    private final S3Objects objects;
    private final S3Tails tails;
    private final S3PartialObjects partials;
    private final S3SignedAccess signed;

    S3ObjectStore(S3Bucket bucket, SpoolFolder spool, S3Sizes sizes, boolean refusesOverwriting) {
        this.bucket = bucket;
        this.spool = spool;
        this.sizes = sizes;
        this.multipart = new S3Multipart(bucket);
        this.objects = new S3Objects(bucket, multipart, sizes);
        this.tails = new S3Tails(objects);
        this.partials = new S3PartialObjects(multipart, objects, tails, spool, sizes);
        this.signed = new S3SignedAccess(bucket, objects, refusesOverwriting);
    }

    /**
     * Opens the store and tries out that it can be written to.
     *
     * @param spoolFolder for bytes on their way to the bucket; this process's alone, emptied
     * @param minFreeBytes {@link #reserve} refuses uploads while less is free there
     * @throws dev.claimcheck.storage.StorageException whose message says what is wrong with the bucket and what to do
     */
    public static S3ObjectStore open(S3Settings settings, Path spoolFolder, long minFreeBytes) {
        S3Bucket bucket = S3Bucket.connect(settings);
        try {
            boolean refuses = new S3BucketCheck(bucket).refusesOverwriting();
            LOG.atInfo()
                    .addKeyValue("store", settings.described())
                    .addKeyValue("refuses_overwriting", refuses)
                    .log(
                            refuses
                                    ? "objects are stored in S3"
                                    : "objects are stored in S3, presigned ones by way of a copy");
            return new S3ObjectStore(bucket, SpoolFolder.open(spoolFolder, minFreeBytes), S3Sizes.DEFAULT, refuses);
        } catch (RuntimeException e) {
            bucket.close();
            throw e;
        }
    }

    /**
     * Tries out whether a store would open, for {@code doctor}.
     *
     * @return what was found, for people
     * @throws dev.claimcheck.storage.StorageException whose message says what is wrong and what to do
     */
    public static String check(S3Settings settings) {
        try (S3Bucket bucket = S3Bucket.connect(settings)) {
            boolean refuses = new S3BucketCheck(bucket).refusesOverwriting();
            return settings.described() + " takes and gives objects"
                    + (refuses ? "" : "; it cannot refuse overwriting, so presigned uploads are copied once");
        }
    }

    @Override
    public void reserve(String key, long bytes) {
        spool.requireRoom();
    }

    @Override
    public ObjectWriter create(String key) {
        return new S3ObjectWriter(objects, multipart, spool, ObjectKeys.requireKey(key), sizes.part());
    }

    @Override
    public void put(String key, Path file) {
        objects.put(ObjectKeys.requireKey(key), file);
    }

    @Override
    public Optional<ObjectInfo> stat(String key) {
        return objects.stat(ObjectKeys.requireKey(key));
    }

    @Override
    public Optional<SeekableByteChannel> open(String key) {
        return objects.head(ObjectKeys.requireKey(key))
                .map(head -> new S3ReadChannel(bucket, key, head.eTag(), head.contentLength()));
    }

    /** The object goes before what is left of its making, so that a crash in between leaves only what a repetition finds. */
    @Override
    public void deletePrefix(String prefix) {
        objects.deleteAll(ObjectKeys.requirePrefix(prefix));
        if (!prefix.startsWith("jobs/")) { // Results are never made in pieces.
            tails.deleteAllOf(prefix);
            signed.deleteIncoming(prefix);
        }
        partials.abortAll(prefix);
    }

    @Override
    public List<ObjectInfo> list(String prefix) {
        return objects.list(ObjectKeys.requirePrefix(prefix));
    }

    @Override
    public void copy(String from, String to) {
        objects.copy(ObjectKeys.requireKey(from), ObjectKeys.requireKey(to));
    }

    @Override
    public boolean isReachable() {
        try {
            bucket.client().headBucket(head -> head.bucket(bucket.name()));
            return true;
        } catch (SdkException _) {
            return false;
        }
    }

    @Override
    public PartialObject begin(String key, long expectedSize) {
        return partials.begin(key, expectedSize);
    }

    @Override
    public long length(PartialObject object) {
        return partials.length(object);
    }

    @Override
    public PartialWriter append(PartialObject object, long offset) {
        return partials.append(object, offset);
    }

    @Override
    public PartialWriter chunk(PartialObject object, int number, long offset, long size) {
        return partials.chunk(object, number, offset, size);
    }

    @Override
    public long smallestChunk() {
        return partials.smallestChunk();
    }

    @Override
    public void concatenate(PartialObject target, List<String> parts) {
        partials.concatenate(target, parts);
    }

    @Override
    public void complete(PartialObject object, long size) {
        partials.complete(object, size);
    }

    @Override
    public void abort(PartialObject object) {
        partials.abort(object);
    }

    @Override
    public List<PartialObject> unfinished(Instant before) {
        return partials.unfinished(before);
    }

    @Override
    public SignedPut signPut(
            String key, String contentType, OptionalLong length, Optional<byte[]> sha256, Duration validFor) {
        return signed.signPut(key, contentType, length, sha256, validFor);
    }

    @Override
    public Optional<ObjectInfo> settle(String key) {
        return signed.settle(key);
    }

    @Override
    public Optional<String> keyOfNotification(String bucketName, String name) {
        return signed.keyOfNotification(bucketName, name);
    }

    @Override
    public URI signGet(String key, Duration validFor) {
        return signed.signGet(key, validFor);
    }

    /** Ends the connections. Not to be used afterwards. */
    @Override
    public void close() {
        bucket.close();
    }
}
