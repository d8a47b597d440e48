package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class UploadOptionsTest {
    @ParameterizedTest
    @CsvSource({
        "0, DIRECT",
        "99999999, DIRECT",
        "100000000, PRESIGNED",
        "499999999, PRESIGNED",
        "500000000, CHUNKED",
        "5497558138880, CHUNKED"
    })
    void theWayIsChosenBySize(long size, UploadWay way) {
        assertThat(UploadOptions.defaults().wayFor(size)).isEqualTo(way);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "AUTO")
    void aWayThatIsAskedForIsTaken(UploadWay way) {
        assertThat(UploadOptions.defaults().via(way).wayFor(1)).isEqualTo(way);
        assertThat(UploadOptions.defaults().via(way).wayFor(1L << 40)).isEqualTo(way);
    }

    @Test
    void whatCannotWorkIsRefused() {
        UploadOptions options = UploadOptions.defaults();

        assertThatThrownBy(() -> options.withChunkSize(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withParallel(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> options.withParallel(65)).isInstanceOf(IllegalArgumentException.class);
    }
}
