package dev.claimcheck.storage.s3;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;

/** A real S3 server in this process, which verifies every signature. */
final class LocalS3 implements AutoCloseable {
    static final String BUCKET = "videos";
    private static final String KEY_ID = "test-key";
    private static final String SECRET = "test-secret-that-nobody-else-has";

    private final S3Proxy server;

    private LocalS3(S3Proxy server) {
        this.server = server;
    }

    /** Starts it with one empty bucket below {@code folder}. */
    static LocalS3 start(Path folder) {
        try {
            Files.createDirectories(folder.resolve(BUCKET));
            S3Proxy server = S3Proxy.builder()
                    .endpoint(URI.create("http://127.0.0.1:0"))
                    .awsAuthentication(AuthenticationType.AWS_V4, KEY_ID, SECRET)
                    .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                    .stopTimeout(0)
                    .build();
            server.start();
            return new LocalS3(server);
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not start", e);
        }
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getPort());
    }

    S3Settings settings(String prefix) {
        return settings(BUCKET, SECRET, prefix);
    }

    S3Settings settings(String bucket, String secret, String prefix) {
        return new S3Settings(
                bucket,
                Optional.of(endpoint()),
                Optional.of("us-east-1"),
                true,
                Optional.of(new S3Settings.Credentials(KEY_ID, secret)),
                prefix,
                new S3Settings.Encryption.BucketDefault());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the S3 server does not stop", e);
        }
    }
}
