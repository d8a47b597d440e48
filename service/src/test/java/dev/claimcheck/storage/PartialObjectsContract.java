package dev.claimcheck.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store promises of objects that come in over several requests. Subclasses give the real thing. */
public abstract class PartialObjectsContract {
    private static final int MIB = 1 << 20;

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

    /** The same store as another process would see it: nothing may live in memory alone. */
    private ObjectStore afterARestart() {
        opened = null;
        return store();
    }

    @Test
    void anAppendedObjectIsInvisibleUntilItIsComplete() throws IOException {
        PartialObject object = store().begin("sources/a", 11);
        assertThat(object.handle()).hasSizeLessThanOrEqualTo(1_024);
        assertThat(store().length(object)).isZero();

        append(object, 0, "hello ".getBytes(UTF_8));
        append(object, 6, "world".getBytes(UTF_8));

        assertThat(store().length(object)).isEqualTo(11);
        assertThat(store().stat("sources/a")).isEmpty();
        assertThat(store().list("sources/")).isEmpty();
        store().complete(object, 11);
        assertThat(read("sources/a")).isEqualTo("hello world".getBytes(UTF_8));
    }

    /** Across the boundaries of every part a store may make, with a restart and a cut in between. */
    @Test
    void whatWasKeptIsKeptAndTheObjectGoesOnFromThere() throws IOException {
        byte[] content = content(19 * MIB + 123);
        PartialObject object = store().begin("sources/long", content.length);
        int[] ends = {1, 3 * MIB, 8 * MIB, 8 * MIB + 1, 17 * MIB + 5, content.length};
        int at = 0;
        for (int end : ends) {
            append(object, at, Arrays.copyOfRange(content, at, end));
            at = end;
            assertThat(afterARestart().length(object)).isEqualTo(at);
        }
        store().complete(object, content.length);

        assertThat(read("sources/long")).isEqualTo(content);
    }

    @Test
    void whatIsNotKeptDoesNotShrinkWhatWas() throws IOException {
        byte[] content = content(10 * MIB);
        PartialObject object = store().begin("sources/cut", -1);
        append(object, 0, Arrays.copyOf(content, MIB));
        try (PartialWriter cut = store().append(object, MIB)) {
            cut.write(ByteBuffer.wrap(content, MIB, 9 * MIB));
        }
        int there = Math.toIntExact(store().length(object));
        assertThat(there).isBetween(MIB, content.length);

        append(object, there, Arrays.copyOfRange(content, there, content.length));
        store().complete(object, content.length);

        assertThat(read("sources/cut")).isEqualTo(content);
    }

    @Test
    void chunksComeInAnyOrderSideBySideAndAgain() throws Exception {
        int size = Math.toIntExact(Math.max(store().smallestChunk(), 100_000));
        byte[] content = content(3 * size + 777);
        PartialObject object = store().begin("sources/chunks", content.length);
        chunk(object, 3, 2L * size, new byte[size]); // to be replaced
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number : new int[] {4, 2, 3, 1}) {
                int from = (number - 1) * size;
                byte[] bytes = Arrays.copyOfRange(content, from, Math.min(content.length, from + size));
                executor.submit(() -> chunk(object, number, from, bytes)).get();
            }
        }
        assertThat(store().stat("sources/chunks")).isEmpty();
        afterARestart().complete(object, content.length);

        assertThat(read("sources/chunks")).isEqualTo(content);
    }

    @Test
    void aChunkThatIsNotKeptChangesNothing() throws IOException {
        int size = Math.toIntExact(Math.max(store().smallestChunk(), 100_000));
        byte[] content = content(2 * size);
        PartialObject object = store().begin("sources/bad-chunk", content.length);
        chunk(object, 2, size, Arrays.copyOfRange(content, size, 2 * size));
        try (PartialWriter bad = store().chunk(object, 1, 0, size)) {
            bad.write(ByteBuffer.wrap(new byte[size / 2]));
        }
        chunk(object, 1, 0, Arrays.copyOf(content, size));
        store().complete(object, content.length);

        assertThat(read("sources/bad-chunk")).isEqualTo(content);
    }

    @Test
    void completingTwiceIsHarmlessAndAWrongSizeIsRefused() throws IOException {
        PartialObject object = store().begin("sources/twice", 5);
        append(object, 0, "hello".getBytes(UTF_8));

        assertThatThrownBy(() -> store().complete(object, 6)).isInstanceOf(StorageException.class);
        assertThat(store().stat("sources/twice")).isEmpty();
        store().complete(object, 5);
        afterARestart().complete(object, 5);

        assertThat(read("sources/twice")).isEqualTo("hello".getBytes(UTF_8));
        assertThatThrownBy(() -> store().complete(object, 4)).isInstanceOf(StorageException.class);
    }

    @Test
    void anAbortedObjectIsGone() {
        PartialObject object = store().begin("sources/aborted", 2 * MIB);
        append(object, 0, content(MIB));

        store().abort(object);
        store().abort(object);

        assertThat(store().list("sources/")).isEmpty();
        assertThat(store().unfinished(Instant.now().plus(Duration.ofDays(1)))).isEmpty();
        assertThatThrownBy(() -> store().complete(object, MIB)).isInstanceOf(StorageException.class);
    }

    @Test
    void unfinishedOnesAreFoundByAge() {
        PartialObject object = store().begin("sources/forgotten", -1);
        append(object, 0, content(10));

        assertThat(store().unfinished(Instant.now().minus(Duration.ofHours(1)))).isEmpty();
        List<PartialObject> found = afterARestart().unfinished(Instant.now().plus(Duration.ofHours(1)));

        assertThat(found).extracting(PartialObject::key).containsExactly("sources/forgotten");
        found.forEach(store()::abort);
        assertThat(store().unfinished(Instant.now().plus(Duration.ofHours(1)))).isEmpty();
    }

    @Test
    void deletingAPrefixTakesWhatIsPartialToo() {
        PartialObject object = store().begin("sources/gone", -1);
        append(object, 0, content(9 * MIB));
        store().begin("sources/stays", -1);

        store().deletePrefix("sources/gone");

        assertThat(store().unfinished(Instant.now().plus(Duration.ofHours(1))))
                .extracting(PartialObject::key)
                .containsExactly("sources/stays");
        assertThat(store().list("tails/")).isEmpty();
    }

    @Test
    void largeObjectsAreJoined() throws IOException {
        byte[] first = object("parts/1", 7 * MIB + 3);
        byte[] second = object("parts/2", 6 * MIB);
        byte[] last = object("parts/3", 10);

        assertThat(joined("parts/1", "parts/2", "parts/3")).isEqualTo(concat(concat(first, second), last));
    }

    @Test
    void smallObjectsAreJoinedAlsoWhenItIsBegunAnew() throws IOException {
        byte[] first = object("parts/1", 100_000);
        byte[] second = object("parts/2", 9 * MIB);
        PartialObject target = store().begin("sources/joined", -1);
        store().concatenate(target, List.of("parts/1", "parts/2"));

        afterARestart().concatenate(target, List.of("parts/1", "parts/2"));
        store().complete(target, first.length + second.length);

        assertThat(read("sources/joined")).isEqualTo(concat(first, second));
    }

    private byte[] joined(String... parts) throws IOException {
        PartialObject target = store().begin("sources/joined", -1);
        long size = Arrays.stream(parts)
                .mapToLong(part -> store().stat(part).orElseThrow().size())
                .sum();
        store().concatenate(target, List.of(parts));
        store().complete(target, size);
        return read("sources/joined");
    }

    private byte[] object(String key, int size) {
        byte[] content = content(size);
        PartialObject object = store().begin(key, size);
        append(object, 0, content);
        store().complete(object, size);
        return content;
    }

    private void append(PartialObject object, long offset, byte[] bytes) {
        try (PartialWriter writer = store().append(object, offset)) {
            for (int at = 0; at < bytes.length; at += 65_536) {
                writer.write(ByteBuffer.wrap(bytes, at, Math.min(65_536, bytes.length - at)));
            }
            assertThat(writer.size()).isEqualTo(bytes.length);
            writer.keep();
        }
    }

    private void chunk(PartialObject object, int number, long offset, byte[] bytes) {
        try (PartialWriter writer = store().chunk(object, number, offset, bytes.length)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.keep();
        }
    }

    private byte[] read(String key) throws IOException {
        try (SeekableByteChannel channel = store().open(key).orElseThrow()) {
            return Channels.newInputStream(channel).readAllBytes();
        }
    }

    private static byte[] content(int size) {
        byte[] content = new byte[size];
        new Random(size).nextBytes(content);
        return content;
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
