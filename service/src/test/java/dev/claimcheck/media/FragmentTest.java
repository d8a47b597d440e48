package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FragmentTest {
    /** A picture that stands still: decoding waits behind a frame that is shown earlier than the last one. */
    @Test
    void lastsUntilTheFrameThatIsShownLastIsOver() {
        Fragment found = Fragment.read(moof(5000, new int[][] {{100, 0}, {1000, 100}, {100, -800}}));

        assertThat(found).isEqualTo(new Fragment(5000, 400, 3));
    }

    @Test
    void framesMayBeDecodedInAnotherOrderThanTheyAreShownIn() {
        Fragment found = Fragment.read(moof(0, new int[][] {{40, 0}, {40, 80}, {40, -40}, {40, -40}}));

        assertThat(found).isEqualTo(new Fragment(0, 160, 4));
    }

    /** @param samples how long decoding waits behind each, and how much later than decoded it is shown */
    private static ByteBuffer moof(long decodeTime, int[][] samples) {
        ByteBuffer moof = ByteBuffer.allocate(20 + 24 + 8 * samples.length);
        moof.putInt(20)
                .put("tfdt".getBytes(StandardCharsets.US_ASCII))
                .putInt(1 << 24)
                .putLong(decodeTime);
        moof.putInt(16 + 8 * samples.length)
                .put("trun".getBytes(StandardCharsets.US_ASCII))
                .putInt(0x900)
                .putInt(samples.length);
        for (int[] sample : samples) {
            moof.putInt(sample[0]).putInt(sample[1]);
        }
        return moof.flip();
    }
}
