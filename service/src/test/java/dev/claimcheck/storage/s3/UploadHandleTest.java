package dev.claimcheck.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.storage.PartialObject;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class UploadHandleTest {
    private static final long MIB = 1L << 20;
    private static final long TIB = 1L << 40;

    @Test
    void tenThousandPartsReachFiveTebibytesWhateverIsKnown() {
        for (long expected : new long[] {-1, 5 * TIB}) {
            UploadHandle handle = UploadHandle.choose("id", expected, 8 * MIB);

            assertThat(IntStream.rangeClosed(1, 10_000)
                            .mapToLong(handle::sizeOf)
                            .sum())
                    .isGreaterThanOrEqualTo(5 * TIB);
            assertThat(handle.sizeOf(10_000)).isLessThanOrEqualTo(5L << 30);
        }
    }

    @Test
    void aKnownLengthHasEqualParts() {
        UploadHandle handle = UploadHandle.choose("id", 100 * MIB, 8 * MIB);

        assertThat(handle.sizeOf(1)).isEqualTo(handle.sizeOf(9_999)).isEqualTo(8 * MIB);
    }

    @Test
    void aHandleIsReadAsItWasWritten() {
        for (long expected : new long[] {-1, 5, 3 * TIB}) {
            UploadHandle handle = UploadHandle.choose("2~with.dots-and_more", expected, 8 * MIB);
            PartialObject object = handle.object("sources/x");

            assertThat(UploadHandle.of(object)).isEqualTo(handle);
            assertThat(object.handle().length()).isLessThan(1_024);
        }
    }
}
