package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FragmentTest {
    /** A picture that stands still: decoding waits behind a frame that is shown earlier than the last one. */
    @Test
    void lastsUntilTheFrameThatIsShownLastIsOver() {
        Fragment found = Fragment.read(moof(5000, new int[][] {{100, 10}, {1000, 110}, {100, -790}}));

        assertThat(found).isEqualTo(new Fragment(5010, 400, 3));
    }

    @Test
    void framesMayBeDecodedInAnotherOrderThanTheyAreShownIn() {
        Fragment found = Fragment.read(moof(0, new int[][] {{40, 0}, {40, 80}, {40, -40}, {40, -40}}));

        assertThat(found).isEqualTo(new Fragment(0, 160, 4));
    }

    /** What an encoder makes behind a picture that stood still for nine seconds: the clock of decoding is two frames behind. */
    @Test
    void decodingBeginsWhenTheFirstFrameIsShownAndEndsWhereTheNextFragmentStarts() {
        ByteBuffer moof = moof(20_100, new int[][] {{33, 9_000}, {8_967, 9_100}, {33, 33}, {33, 34}});

        ByteBuffer aligned = FragmentClock.aligned(moof, OptionalLong.of(29_300), 1000);

        Fragment.Samples samples = Fragment.samples(aligned);
        assertThat(samples.decodeTime()).isEqualTo(29_100);
        assertThat(samples.shown()).as("as before").containsExactly(29_100, 29_233, 29_133, 29_167);
        assertThat(samples.durations()).containsExactly(33, 34, 66, 67);
        assertThat(Fragment.read(aligned)).isEqualTo(new Fragment(29_100, 200, 4));
        assertThat(Fragment.samples(moof).decodeTime()).as("what was given").isEqualTo(20_100);
        assertThat(FragmentClock.aligned(aligned, OptionalLong.of(29_304), 1000))
                .as("four milliseconds are rounding")
                .isSameAs(aligned);
    }

    @Test
    void atAnEvenRateNothingIsWritten() {
        ByteBuffer moof = moof(5000, new int[][] {{40, 0}, {40, 80}, {40, -40}, {40, -40}});

        assertThat(FragmentClock.aligned(moof, OptionalLong.of(5160), 1000)).isSameAs(moof);
        assertThat(FragmentClock.aligned(moof, OptionalLong.empty(), 1000)).isSameAs(moof);
    }

    /** Ticks of a 90,000th: seven hours are more than a signed number of 32 bits, fourteen more than an unsigned one. */
    @Test
    void aPictureThatStandsStillForHoursKeepsItsClocks() {
        long second = 90_000;
        long sevenHours = 7L * 3600 * second;
        ByteBuffer moof = moof(0, new int[][] {{90_000, 180_000}, {90_000, 180_000}});

        ByteBuffer aligned = FragmentClock.aligned(moof, OptionalLong.of(3 * second + sevenHours), second);

        assertThat(Fragment.samples(aligned).durations()).containsExactly(second, sevenHours);
        assertThat(FragmentClock.aligned(moof, OptionalLong.of(3 * second + 2 * sevenHours), second))
                .isSameAs(moof);
    }

    @Test
    void whereAllSamplesShareALengthEachGetsItsOwn() {
        byte[] sizes = {0, 0, 1, 1, 0, 0, 1, 2, 0, 0, 1, 3};
        ByteBuffer trun = ByteBuffer.allocate(16 + sizes.length);
        trun.putInt(0x201).putInt(3).putInt(108).put(sizes).flip();
        ByteBuffer moof = box("moof", box("traf", defaults(30), time(7), box("trun", trun)));

        ByteBuffer aligned = FragmentClock.aligned(moof, OptionalLong.of(1007), 1000);

        ByteBuffer wanted = ByteBuffer.allocate(28 + sizes.length);
        wanted.putInt(0x1000301).putInt(3).putInt(120);
        wanted.putInt(30)
                .putInt(0x101)
                .putInt(30)
                .putInt(0x102)
                .putInt(940)
                .putInt(0x103)
                .flip();
        assertThat(aligned).isEqualTo(box("moof", box("traf", defaults(30), time(7), box("trun", wanted))));
    }

    private static ByteBuffer defaults(int duration) {
        return box(
                "tfhd",
                ByteBuffer.allocate(12).putInt(0x8).putInt(1).putInt(duration).flip());
    }

    private static ByteBuffer time(long decoded) {
        return box(
                "tfdt", ByteBuffer.allocate(12).putInt(1 << 24).putLong(decoded).flip());
    }

    private static ByteBuffer box(String type, ByteBuffer... content) {
        int size = 8 + Arrays.stream(content).mapToInt(ByteBuffer::limit).sum();
        ByteBuffer box = ByteBuffer.allocate(size).putInt(size).put(ascii(type));
        Arrays.stream(content).forEach(part -> box.put(part.duplicate()));
        return box.flip();
    }

    private static byte[] ascii(String type) {
        return type.getBytes(StandardCharsets.US_ASCII);
    }

    /** @param samples how long decoding waits behind each, and how much later than decoded it is shown */
    private static ByteBuffer moof(long decodeTime, int[][] samples) {
        ByteBuffer trun = ByteBuffer.allocate(8 + 8 * samples.length);
        trun.putInt(0x900).putInt(samples.length);
        for (int[] sample : samples) {
            trun.putInt(sample[0]).putInt(sample[1]);
        }
        return box("moof", box("traf", defaults(1), time(decodeTime), box("trun", trun.flip())));
    }
}
