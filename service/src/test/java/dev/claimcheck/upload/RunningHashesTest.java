package dev.claimcheck.upload;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RunningHashesTest {
    private final UUID upload = UUID.randomUUID();

    @Test
    void goesOnWhereTheUploadStands() {
        RunningHashes hashes = new RunningHashes(true, 10);
        RunningHash hash = hashes.take(upload, 0).orElseThrow();
        hash.update(ByteBuffer.wrap("abc".getBytes(UTF_8)));
        hashes.put(upload, hash);

        assertThat(hashes.take(upload, 3)).containsSame(hash);
        assertThat(hashes.take(upload, 3)).as("taken").isEmpty();
    }

    @Test
    void knowsNothingOfAnUploadThatStandsElsewhere() {
        RunningHashes hashes = new RunningHashes(true, 10);
        RunningHash hash = hashes.take(upload, 0).orElseThrow();
        hash.update(ByteBuffer.wrap("abc".getBytes(UTF_8)));
        hashes.put(upload, hash);

        assertThat(hashes.take(upload, 2)).isEmpty();
    }

    @Test
    void thoseThatPausedLongestGoFirst() {
        RunningHashes hashes = new RunningHashes(true, 2);
        UUID second = UUID.randomUUID();
        UUID third = UUID.randomUUID();
        for (UUID one : new UUID[] {upload, second, third}) {
            RunningHash hash = hashes.take(one, 0).orElseThrow();
            hash.update(ByteBuffer.wrap("a".getBytes(UTF_8)));
            hashes.put(one, hash);
        }
        assertThat(hashes.take(upload, 1)).isEmpty();
        assertThat(hashes.take(second, 1)).isPresent();
        assertThat(hashes.take(third, 1)).isPresent();
    }

    @Test
    void switchedOffHashesNothing() {
        assertThat(new RunningHashes(false, 10).take(upload, 0)).isEmpty();
    }
}
