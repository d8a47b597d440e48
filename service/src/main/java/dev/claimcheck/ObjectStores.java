package dev.claimcheck;

import dev.claimcheck.config.ServiceConfig;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.filesystem.FileSystemObjectStore;
import dev.claimcheck.storage.s3.S3ObjectStore;
import dev.claimcheck.storage.s3.S3Settings;
import dev.claimcheck.storage.s3.S3Settings.Encryption;
import java.nio.file.Path;

/** Chooses the object store by the configuration. Without a bucket no class of S3's is ever loaded. */
public final class ObjectStores {
    private ObjectStores() {}

    /** Opens the store that is configured; what it keeps on this machine goes below {@code data}. */
    static ObjectStore open(ServiceConfig config, Path data) {
        long minFree = config.upload().minFreeDisk().bytes();
        return config.storage()
                .s3()
                .<ObjectStore>map(s3 -> S3ObjectStore.open(settings(s3), data.resolve("s3-spool"), minFree))
                .orElseGet(() -> FileSystemObjectStore.open(
                        data.resolve("objects"), minFree, config.storage().fsync()));
    }

    /**
     * Tries out the store that is configured, without opening it.
     *
     * @return which one it is and that it answers, for people
     * @throws dev.claimcheck.storage.StorageException whose message says what is wrong and what to do
     */
    public static String check(ServiceConfig config) {
        return config.storage()
                .s3()
                .map(s3 -> S3ObjectStore.check(settings(s3)))
                .orElseGet(() -> "objects are files below " + config.data().resolve("objects"));
    }

    private static S3Settings settings(ServiceConfig.S3 s3) {
        return new S3Settings(
                s3.bucket(),
                s3.endpoint(),
                s3.region(),
                s3.pathStyle(),
                s3.key().map(key -> new S3Settings.Credentials(key.id(), key.secret())),
                s3.prefix(),
                switch (s3.sse()) {
                    case NONE -> new Encryption.BucketDefault();
                    case AES256 -> new Encryption.Aes256();
                    case KMS -> new Encryption.Kms(s3.kmsKeyId());
                });
    }
}
