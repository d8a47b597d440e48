package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObjectsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real S3 server, below a prefix. */
class S3PartialObjectsTest extends PartialObjectsContract {
    @TempDir
    Path root;

    private LocalS3 server;

    @BeforeEach
    void start() {
        server = LocalS3.start(root.resolve("s3"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Override
    protected ObjectStore open() {
        return S3ObjectStore.open(server.settings("claimcheck/"), root.resolve("spool"), 0);
    }
}
