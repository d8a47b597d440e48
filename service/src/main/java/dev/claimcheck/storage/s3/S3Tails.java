package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectStore.ObjectInfo;
import dev.claimcheck.storage.SpoolFile;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** Bytes too few for a part, as small objects beside it. Thread-safe. */
final class S3Tails {
    private static final String FOLDER = "tails/";
    private static final int BUFFER = 64 << 10;

    private final S3Objects objects;

    S3Tails(S3Objects objects) {
        this.objects = objects;
    }

    /** What waits to become the beginning of that part. */
    Optional<ObjectInfo> find(String key, int number) {
        return objects.stat(name(key, number));
    }

    /** Replaces what waits to become the beginning of that part. */
    void keep(String key, int number, SpoolFile bytes) {
        objects.put(name(key, number), FileSlice.body(bytes.finished(), 0, bytes.size()));
    }

    /** Fetches a tail, to be continued. */
    void fetch(ObjectInfo tail, SpoolFile into) {
        byte[] buffer = new byte[BUFFER];
        try (ResponseInputStream<GetObjectResponse> in = objects.read(tail.key())) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                into.write(ByteBuffer.wrap(buffer, 0, read));
            }
        } catch (IOException e) {
            throw new StorageException("what had come of an object cannot be read", e);
        }
        if (into.size() != tail.size()) {
            throw new StorageException("what had come of an object changed while it was read", null);
        }
    }

    void delete(ObjectInfo tail) {
        objects.delete(tail.key());
    }

    /** Drops every tail of the object. */
    void deleteAll(String key) {
        objects.deleteAll(FOLDER + key + "/");
    }

    /** Drops every tail of every object whose key begins so. */
    void deleteAllOf(String prefix) {
        objects.deleteAll(FOLDER + prefix);
    }

    private static String name(String key, int number) {
        return FOLDER + key + "/" + number;
    }
}
