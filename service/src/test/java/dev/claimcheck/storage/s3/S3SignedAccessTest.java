package dev.claimcheck.storage.s3;

import dev.claimcheck.storage.DirectAccessContract;
import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.SpoolFolder;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real S3 server, for endpoints that refuse overwriting and for those that cannot. */
class S3SignedAccessTest {
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

    private ObjectStore store(boolean refusesOverwriting) {
        return new S3ObjectStore(
                S3Bucket.connect(server.settings("some/where/")),
                SpoolFolder.open(root.resolve("spool"), 0),
                S3Sizes.DEFAULT,
                refusesOverwriting);
    }

    @Nested
    class WhereOverwritingIsRefused extends DirectAccessContract {
        @Override
        protected ObjectStore open() {
            return store(true);
        }

        @Override
        protected int lateStatus() {
            return 412;
        }
    }

    @Nested
    class WhereOverwritingCannotBeRefused extends DirectAccessContract {
        @Override
        protected ObjectStore open() {
            return store(false);
        }

        /** It is taken, to a place where nobody looks. */
        @Override
        protected int lateStatus() {
            return 200;
        }
    }
}
