package dev.claimcheck.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectStoreContract;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real file system. */
class FileSystemObjectStoreTest extends ObjectStoreContract {
    @TempDir
    Path root;

    @Override
    protected ObjectStore open() {
        return FileSystemObjectStore.open(root, 0, true);
    }

    @Test
    void sweepsWhatACrashLeftOfUnfinishedWrites() throws IOException {
        Files.createDirectories(root.resolve(".incoming"));
        Path leftover = Files.writeString(root.resolve(".incoming/leftover"), "half");

        FileSystemObjectStore.open(root, 0, true);

        assertThat(leftover).doesNotExist();
    }

    @Test
    void emptyFoldersGoWithTheirLastObject() throws IOException {
        store().put("jobs/p/1-1/deep/a", Files.writeString(root.resolve("f"), "x"));
        store().deletePrefix("jobs/p/");

        try (Stream<Path> left = Files.list(root.resolve("jobs"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void refusesAWriteWhenTooLittleIsFree() throws IOException {
        ObjectStore full = FileSystemObjectStore.open(root, Long.MAX_VALUE, true);

        assertThatThrownBy(() -> full.reserve("sources/a", 1)).isInstanceOf(StorageFullException.class);
        try (Stream<Path> left = Files.list(root.resolve(".incoming"))) {
            assertThat(left).isEmpty();
        }
    }
}
