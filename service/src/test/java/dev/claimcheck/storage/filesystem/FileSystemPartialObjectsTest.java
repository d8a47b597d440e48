package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.PartialObjectsContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real file system. */
class FileSystemPartialObjectsTest extends PartialObjectsContract {
    @TempDir
    Path root;

    @Override
    protected ObjectStore open() {
        return FileSystemObjectStore.open(root, 0, true);
    }
}
