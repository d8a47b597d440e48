package dev.claimcheck.storage.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.storage.StorageFullException;
import java.nio.file.FileStore;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.FileStoreAttributeView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Promises of room. */
class DiskSpaceTest {
    private final Disk disk = new Disk(1_000);
    private final DiskSpace space = new DiskSpace(disk, 400);

    @Test
    void whatIsPromisedCannotBePromisedAgain() {
        space.reserve("sources/a", 350);

        assertThatThrownBy(() -> space.reserve("sources/b", 251)).isInstanceOf(StorageFullException.class);
        space.reserve("sources/b", 250);
        assertThat(space.now().reserved()).isEqualTo(600);
        assertThatThrownBy(() -> space.reserve("sources/c", 1)).isInstanceOf(StorageFullException.class);
    }

    @Test
    void anUploadOfUnknownLengthIsTakenInWhileThereIsRoomAtAll() {
        space.reserve("sources/a", -1);
        space.reserve("sources/b", 600);
        space.reserve("sources/c", -1);
        disk.free.set(999);

        assertThatThrownBy(() -> space.reserve("sources/d", -1)).isInstanceOf(StorageFullException.class);
    }

    @Test
    void writingTurnsAPromiseIntoUse() {
        space.reserve("sources/a", 500);
        DiskSpace.Share share = space.shareOf("sources/a");
        write(share, 300);
        assertThat(space.now().reserved()).isEqualTo(200);

        share.dropped(100);
        assertThat(space.now().reserved()).as("these come again").isEqualTo(300);

        write(share, 5_000);
        assertThat(space.now().reserved()).as("more than was promised").isZero();
    }

    @Test
    void aPromiseIsTakenBackOnce() {
        space.reserve("sources/a", 500);
        DiskSpace.Share share = space.shareOf("sources/a");
        share.written(100);
        space.release("sources/a");
        space.release("sources/a");
        share.dropped(100);
        share.written(50);

        assertThat(space.now().reserved()).as("a late writer changes nothing").isZero();
        space.reserve("sources/b", 600);
    }

    @Test
    void aNewPromiseTakesTheOldOnesPlace() {
        space.reserve("sources/a", 500);
        space.reserve("sources/a", 600);
        assertThat(space.now().reserved()).isEqualTo(600);

        assertThatThrownBy(() -> space.reserve("sources/a", 601)).isInstanceOf(StorageFullException.class);
        assertThat(space.now().reserved()).as("the old one stays").isEqualTo(600);
    }

    @Test
    void promisesGoWithTheirObjects() {
        space.reserve("sources/a", 100);
        space.reserve("sources/ab", 100);
        space.reserve("parts/a", 100);
        space.releaseAll("sources/a");
        assertThat(space.now().reserved())
                .as("the key itself, where there is one")
                .isEqualTo(200);

        space.releaseAll("sources/");
        assertThat(space.now().reserved()).isEqualTo(100);
    }

    @Test
    void whatRunsGoesOnDownToTheLastReserveAndOthersStopBeforeTheyTakeWhatWasPromised() {
        space.reserve("sources/a", 300);
        disk.free.set(150);
        DiskSpace.Share promised = space.shareOf("sources/a");
        DiskSpace.Share unannounced = space.shareOf("sources/b");

        assertThatCode(promised::requireRoom).doesNotThrowAnyException();
        assertThatThrownBy(unannounced::requireRoom).isInstanceOf(StorageFullException.class);
        disk.free.set(99);
        assertThatThrownBy(promised::requireRoom).isInstanceOf(StorageFullException.class);
        disk.free.set(450);
        assertThatCode(unannounced::requireRoom).doesNotThrowAnyException();
    }

    @Test
    void manyAtOnceNeverGetMoreThanThereIs() throws Exception {
        List<Callable<Integer>> calls = new ArrayList<>();
        for (int number = 0; number < 64; number++) {
            String key = "sources/" + number;
            calls.add(() -> {
                try {
                    space.reserve(key, 100);
                    return 1;
                } catch (StorageFullException _) {
                    return 0;
                }
            });
        }
        int granted = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(8)) {
            for (Future<Integer> call : executor.invokeAll(calls)) {
                granted += call.get();
            }
        }
        assertThat(granted).isEqualTo(6);
        assertThat(space.now().reserved()).isEqualTo(600);
    }

    private void write(DiskSpace.Share share, long bytes) {
        share.written(bytes);
        disk.free.addAndGet(-bytes);
    }

    /** A disk as full as a test wants it. */
    private static final class Disk extends FileStore {
        private final AtomicLong free;

        private Disk(long free) {
            this.free = new AtomicLong(free);
        }

        @Override
        public long getUsableSpace() {
            return free.get();
        }

        @Override
        public long getTotalSpace() {
            return Long.MAX_VALUE;
        }

        @Override
        public long getUnallocatedSpace() {
            return free.get();
        }

        @Override
        public String name() {
            return "test";
        }

        @Override
        public String type() {
            return "test";
        }

        @Override
        public boolean isReadOnly() {
            return false;
        }

        @Override
        public boolean supportsFileAttributeView(Class<? extends FileAttributeView> type) {
            return false;
        }

        @Override
        public boolean supportsFileAttributeView(String name) {
            return false;
        }

        @Override
        public <V extends FileStoreAttributeView> V getFileStoreAttributeView(Class<V> type) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object getAttribute(String attribute) {
            throw new UnsupportedOperationException();
        }
    }
}
