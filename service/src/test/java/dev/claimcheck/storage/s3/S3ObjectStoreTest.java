package dev.claimcheck.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.ObjectStoreContract;
import dev.claimcheck.storage.ObjectWriter;
import dev.claimcheck.storage.SpoolFolder;
import dev.claimcheck.storage.StorageException;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a real S3 server. Sizes are small enough that files and copies of some megabytes go in parts. */
class S3ObjectStoreTest extends ObjectStoreContract {
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
        return store(server.settings(""));
    }

    private S3ObjectStore store(S3Settings settings) {
        S3Sizes small = new S3Sizes(5L << 20, 6L << 20, 5L << 20);
        return new S3ObjectStore(S3Bucket.connect(settings), SpoolFolder.open(root.resolve("spool"), 0), small, true);
    }

    @Test
    void aLargeFileIsStoredInPartsAndReadInRanges() throws IOException {
        byte[] content = new byte[17 << 20];
        new Random(3).nextBytes(content);
        store().put("jobs/x/large", Files.write(root.resolve("large"), content));

        try (SeekableByteChannel channel = store().open("jobs/x/large").orElseThrow()) {
            assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(content);
        }
        assertThat(store().unfinished(Instant.now().plus(Duration.ofHours(1)))).isEmpty();
    }

    @Test
    void anUncommittedLargeWriteLeavesNoUploadAndNoFile() throws IOException {
        try (ObjectWriter writer = store().create("sources/large")) {
            writer.write(ByteBuffer.wrap(new byte[12 << 20]));
        }
        assertThat(store().unfinished(Instant.now().plus(Duration.ofHours(1)))).isEmpty();
        try (Stream<Path> spooled = Files.list(root.resolve("spool"))) {
            assertThat(spooled).isEmpty();
        }
    }

    @Test
    void twoInstallationsShareABucketByTheirPrefixes() throws IOException {
        ObjectStore one = store(server.settings("one/"));
        ObjectStore two = store(server.settings("two/"));
        one.put("jobs/x/a", Files.writeString(root.resolve("f"), "one"));
        two.put("jobs/x/a", Files.writeString(root.resolve("f"), "two"));

        one.deletePrefix("jobs/x/");

        assertThat(one.list("jobs/")).isEmpty();
        assertThat(two.list("jobs/")).extracting(ObjectStore.ObjectInfo::key).containsExactly("jobs/x/a");
        assertThat(store().list("two/")).hasSize(1);
    }

    @Test
    void anObjectThatChangesWhileItIsReadIsNotMixed() throws IOException {
        store().put("jobs/x/v", Files.write(root.resolve("f"), new byte[1 << 20]));
        try (SeekableByteChannel channel = store().open("jobs/x/v").orElseThrow()) {
            channel.read(ByteBuffer.allocate(10));
            store().put(
                            "jobs/x/v",
                            Files.write(
                                    root.resolve("g"),
                                    "something else".repeat(100_000).getBytes(UTF_8)));
            channel.position(500_000);

            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(10))).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusesUploadsWhileTheSpoolHasNoRoom() {
        ObjectStore full = S3ObjectStore.open(server.settings(""), root.resolve("full"), Long.MAX_VALUE);

        assertThatThrownBy(() -> full.reserve("sources/a", 1)).isInstanceOf(StorageFullException.class);
    }

    @Test
    void sweepsWhatACrashLeftInTheSpool() throws IOException {
        Path leftover =
                Files.writeString(Files.createDirectories(root.resolve("spool")).resolve("leftover"), "half");

        S3ObjectStore.open(server.settings(""), root.resolve("spool"), 0);

        assertThat(leftover).doesNotExist();
    }

    @Test
    void saysWhatIsWrongWithABucketAndWhatToDo() {
        assertThatThrownBy(
                        () -> S3ObjectStore.check(server.settings("nowhere", "test-secret-that-nobody-else-has", "")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("does not exist. Create it");
        assertThatThrownBy(() -> S3ObjectStore.check(server.settings(LocalS3.BUCKET, "wrong", "")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("s3:PutObject")
                .hasMessageNotContaining("wrong");
        assertThat(S3ObjectStore.check(server.settings(""))).contains("bucket videos", "takes and gives objects");
        assertThat(store().list("checks/")).isEmpty();
    }

    @Test
    void aDeadEndpointIsNoticedWithinSeconds() {
        ObjectStore store = store();
        server.close();
        long began = System.nanoTime();

        assertThatThrownBy(() -> store.stat("jobs/x/a"))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("did not answer");
        assertThat(store.isReachable()).isFalse();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(20));
    }

    /** It takes connections and says nothing: the worst kind of dead. */
    @Test
    void aSilentEndpointIsNoticedWithinSeconds() throws IOException {
        try (java.net.ServerSocket silent =
                new java.net.ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())) {
            S3Settings settings = server.settings("");
            ObjectStore store = store(new S3Settings(
                    settings.bucket(),
                    java.util.Optional.of(java.net.URI.create("http://127.0.0.1:" + silent.getLocalPort())),
                    settings.region(),
                    true,
                    settings.credentials(),
                    "",
                    settings.encryption()));
            long began = System.nanoTime();

            assertThatThrownBy(() -> store.stat("jobs/x/a")).isInstanceOf(StorageException.class);

            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(15));
        }
    }
}
