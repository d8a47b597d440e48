package dev.claimcheck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every object store promises. Subclasses give the real thing. */
public abstract class ObjectStoreContract {
    @TempDir
    Path scratch;

    private @Nullable ObjectStore opened;

    protected abstract ObjectStore open();

    protected final ObjectStore store() {
        ObjectStore store = opened;
        if (store == null) {
            store = open();
            opened = store;
        }
        return store;
    }

    @Test
    void nothingIsVisibleBeforeTheCommit() throws IOException {
        try (ObjectWriter writer = store().create("sources/a")) {
            writer.write(ByteBuffer.wrap("hello ".getBytes(UTF_8)));
            writer.write(ByteBuffer.wrap("world".getBytes(UTF_8)));
            assertThat(store().stat("sources/a")).isEmpty();
            assertThat(writer.size()).isEqualTo(11);
            writer.commit();
        }
        assertThat(read("sources/a")).isEqualTo("hello world");
        assertThat(store().stat("sources/a").map(ObjectStore.ObjectInfo::size)).contains(11L);
    }

    @Test
    void aWriteThatIsNotCommittedLeavesNothing() {
        try (ObjectWriter writer = store().create("sources/b")) {
            writer.write(ByteBuffer.wrap(new byte[100_000]));
        }
        assertThat(store().stat("sources/b")).isEmpty();
        assertThat(store().list("sources/b")).isEmpty();
    }

    /** Large enough for every shortcut that a store takes with fast writers, and no multiple of any block. */
    @Test
    void keepsEveryByteOfALargeObject() throws IOException {
        byte[] content = new byte[9_876_543];
        new Random(7).nextBytes(content);
        try (ObjectWriter writer = store().create("sources/large")) {
            for (int at = 0, length = 1; at < content.length; at += length, length = length * 7 % 65_537 + 1) {
                writer.write(ByteBuffer.wrap(content, at, Math.min(length, content.length - at)));
            }
            assertThat(writer.size()).isEqualTo(content.length);
            writer.commit();
        }
        try (SeekableByteChannel channel = store().open("sources/large").orElseThrow()) {
            assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(content);
        }
    }

    @Test
    void aLargeWriteThatIsNotCommittedLeavesNothing() {
        try (ObjectWriter writer = store().create("sources/large")) {
            for (int round = 0; round < 80; round++) {
                writer.write(ByteBuffer.wrap(new byte[100_000]));
            }
        }
        assertThat(store().list("sources/")).isEmpty();
    }

    @Test
    void storesAFileAndReplacesWhatWasThere() throws IOException {
        store().put("jobs/x/1-1/out.txt", Files.writeString(scratch.resolve("one"), "one"));
        store().put("jobs/x/1-1/out.txt", Files.writeString(scratch.resolve("two"), "two"));

        assertThat(read("jobs/x/1-1/out.txt")).isEqualTo("two");
    }

    @Test
    void readsFromAnyPosition() throws IOException {
        store().put("jobs/x/r", Files.writeString(scratch.resolve("r"), "0123456789"));

        try (SeekableByteChannel channel = store().open("jobs/x/r").orElseThrow()) {
            channel.position(7);
            assertThat(new String(Channels.newInputStream(channel).readAllBytes(), UTF_8))
                    .isEqualTo("789");
        }
        assertThat(store().open("jobs/x/none")).isEmpty();
    }

    @Test
    void deletesAndListsByPrefixOnly() throws IOException {
        for (String key : new String[] {"jobs/p/1-1/a", "jobs/p/1-1/deep/b", "jobs/p/1-10/c", "jobs/q/1-1/d"}) {
            store().put(key, Files.writeString(scratch.resolve("f"), key));
        }
        assertThat(store().list("jobs/p/").stream().map(ObjectStore.ObjectInfo::key))
                .containsExactlyInAnyOrder("jobs/p/1-1/a", "jobs/p/1-1/deep/b", "jobs/p/1-10/c");

        store().deletePrefix("jobs/p/1-1/");
        store().deletePrefix("jobs/p/1-1/");

        assertThat(store().list("jobs/").stream().map(ObjectStore.ObjectInfo::key))
                .containsExactlyInAnyOrder("jobs/p/1-10/c", "jobs/q/1-1/d");
    }

    @Test
    void refusesKeysThatAreNotOurs() {
        for (String key :
                new String[] {"../etc/passwd", "/etc/passwd", "jobs/../x", "jobs//x", "jobs/a\0b", "", "jobs/.hidden"
                }) {
            assertThatThrownBy(() -> store().open(key)).as(key).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void jumpsAboutInALargeObject() throws IOException {
        byte[] content = new byte[3_000_001];
        new Random(5).nextBytes(content);
        store().put("jobs/x/big", Files.write(scratch.resolve("big"), content));

        try (SeekableByteChannel channel = store().open("jobs/x/big").orElseThrow()) {
            assertThat(channel.size()).isEqualTo(content.length);
            Random random = new Random(6);
            for (int round = 0; round < 40; round++) {
                int at = random.nextInt(content.length - 50_000);
                ByteBuffer bytes = round % 2 == 0 ? ByteBuffer.allocate(50_000) : ByteBuffer.allocateDirect(50_000);
                channel.position(at);
                while (bytes.hasRemaining()) {
                    assertThat(channel.read(bytes)).isPositive();
                }
                assertThat(bytes.flip()).isEqualTo(ByteBuffer.wrap(content, at, 50_000));
                assertThat(channel.position()).isEqualTo(at + 50_000);
            }
            channel.position(content.length + 10L);
            assertThat(channel.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void copiesInsideTheStore() throws IOException {
        byte[] content = new byte[11_000_000];
        new Random(8).nextBytes(content);
        store().put("jobs/x/from", Files.write(scratch.resolve("from"), content));
        store().put("jobs/x/to", Files.writeString(scratch.resolve("to"), "to be replaced"));

        store().copy("jobs/x/from", "jobs/x/to");

        try (SeekableByteChannel channel = store().open("jobs/x/to").orElseThrow()) {
            assertThat(Channels.newInputStream(channel).readAllBytes()).isEqualTo(content);
        }
        assertThatThrownBy(() -> store().copy("jobs/x/none", "jobs/x/to")).isInstanceOf(StorageException.class);
    }

    /** More than S3 lists in one answer. */
    @Test
    void listsAndDeletesManyObjects() throws IOException {
        Path one = Files.writeString(scratch.resolve("one"), "1");
        store().put("jobs/many/0/first", one);
        List<Callable<Boolean>> puts = new ArrayList<>();
        for (int number = 1; number <= 1_050; number++) {
            String key = "jobs/many/0/" + number;
            Path file = Files.writeString(scratch.resolve("many-" + number), "1");
            puts.add(() -> {
                store().put(key, file);
                return true;
            });
        }
        try (ExecutorService executor = Executors.newFixedThreadPool(16)) {
            for (Future<Boolean> put : executor.invokeAll(puts)) {
                assertThat(put.get()).isTrue();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
        assertThat(store().list("jobs/many/")).hasSize(1_051);

        store().deletePrefix("jobs/many/");

        assertThat(store().list("jobs/")).isEmpty();
    }

    @Test
    void anEmptyObjectIsAnObject() throws IOException {
        store().put("jobs/x/empty", Files.createFile(scratch.resolve("empty")));

        assertThat(store().stat("jobs/x/empty").map(ObjectStore.ObjectInfo::size))
                .contains(0L);
        assertThat(read("jobs/x/empty")).isEmpty();
    }

    @Test
    void saysThatItAnswers() {
        assertThat(store().isReachable()).isTrue();
    }

    private String read(String key) throws IOException {
        try (SeekableByteChannel channel = store().open(key).orElseThrow()) {
            return new String(Channels.newInputStream(channel).readAllBytes(), UTF_8);
        }
    }
}
