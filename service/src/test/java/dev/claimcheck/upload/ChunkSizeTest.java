package dev.claimcheck.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunkSizeTest {
    private static final long FIVE_TIB = 5L << 40;
    private static final long S3 = 5L << 20;

    @Test
    void withoutAWishTenThousandChunksAlwaysSuffice() {
        assertThat(ChunkedUploads.sizeFor(1, OptionalLong.empty(), S3)).isEqualTo(16 << 20);
        assertThat(ChunkedUploads.sizeFor(160_000L << 20, OptionalLong.empty(), S3))
                .isEqualTo(16 << 20);
        long size = ChunkedUploads.sizeFor(FIVE_TIB, OptionalLong.empty(), S3);
        assertThat(Math.ceilDiv(FIVE_TIB, size)).isLessThanOrEqualTo(ChunkedUploads.MOST_CHUNKS);
        assertThat(size % (1 << 20)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"100, 100", "100, 3000000000", "100, 1000", "20000000, 5242880"})
    void aWishThatWorksIsKept(long total, long wish) {
        assertThat(ChunkedUploads.sizeFor(total, OptionalLong.of(wish), S3)).isEqualTo(wish);
    }

    @ParameterizedTest
    @CsvSource({
        "20000000, 5242879, below 5242880",
        "5497558138880, 16777216, from 549755814 to 2147483647",
        "9000000000, 3000000000, from 900000 to 2147483647",
    })
    void anotherIsRefusedWithOneThatWorks(long total, long wish, String says) {
        assertThatThrownBy(() -> ChunkedUploads.sizeFor(total, OptionalLong.of(wish), S3))
                .isInstanceOf(UploadRefused.class)
                .hasMessageContaining(says);
    }

    @Test
    void whatDoesNotFitIntoTenThousandChunksIsTooLarge() {
        assertThatThrownBy(() -> ChunkedUploads.sizeFor(999_999_999_999_999_999L, OptionalLong.empty(), 1))
                .isInstanceOfSatisfying(
                        UploadRefused.class,
                        refusal -> assertThat(refusal.reason()).isEqualTo(UploadRefused.Reason.TOO_LARGE));
    }
}
