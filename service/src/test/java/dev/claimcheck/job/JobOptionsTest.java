package dev.claimcheck.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobOptionsTest {
    private static final String ID = "01890000-0000-4000-8000-000000000001";

    @Test
    void equalWishesAreEqualHoweverTheyAreWritten() {
        JobOptions one =
                read(Map.of("clip_start", "0.0", "clip_end", "12.50", "watermark", ID, "watermark_width", "12"));
        JobOptions other = read(Map.of(
                "clip_end", "12.5", "watermark", ID, "watermark_position", "bottom-right", "watermark_opacity", "1.0"));

        assertThat(one).isEqualTo(other);
        assertThat(one.toJson()).hasToString("{\"clip_end\":12.5,\"watermark\":\"" + ID + "\"}");
        assertThat(read(Map.of("clip_end", "100")).toJson()).hasToString("{\"clip_end\":100}");
        assertThat(read(Map.of())).isEqualTo(JobOptions.NONE);
        assertThat(JobOptions.NONE.toJson()).isEmpty();
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        JobOptions options = read(Map.of(
                "clip_start", "3.25",
                "clip_end", "60",
                "thumbnail_time", "0",
                "watermark", ID,
                "watermark_position", "top-left",
                "watermark_width", "30",
                "watermark_opacity", "0.5"));

        assertThat(JobOptions.fromJson(options.toJson())).isEqualTo(options);
        assertThat(options.thumbnailTime()).contains(BigDecimal.ZERO);
        assertThat(options.toJson().propertyNames())
                .isSubsetOf(JobOptions.NAMES)
                .hasSize(7);
    }

    @ParameterizedTest
    @CsvSource({
        "clip_start, -1, clip_start",
        "clip_start, soon, clip_start",
        "clip_start, 1e3, clip_start",
        "clip_start, 1.0001, three decimals",
        "clip_end, 0, later than 0",
        "clip_end, 604801, 604800",
        "thumbnail_time, NaN, thumbnail_time",
        "watermark, ../../etc/passwd, POST /watermarks",
        "watermark_width, 10, no \"watermark\" to place",
    })
    void whatCannotBeIsRefused(String name, String value, String said) {
        assertThatThrownBy(() -> read(Map.of(name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(said);
    }

    @ParameterizedTest
    @CsvSource({
        "watermark_width, 0, 1 to 100",
        "watermark_width, 101, 1 to 100",
        "watermark_width, wide, 1 to 100",
        "watermark_opacity, 0, above 0",
        "watermark_opacity, 1.1, at most 1",
        "watermark_opacity, half, such as 0.7",
        "watermark_position, middle, 'top-left, top-right, bottom-left, bottom-right, center'",
    })
    void aPlacementThatCannotBeIsRefused(String name, String value, String said) {
        assertThatThrownBy(() -> read(Map.of("watermark", ID, name, value)))
                .isInstanceOf(InvalidOptionException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aClipHasALengthAndTheThumbnailIsInIt() {
        assertThatThrownBy(() -> read(Map.of("clip_start", "5", "clip_end", "5")))
                .hasMessageContaining("\"clip_end\" must be later than \"clip_start\"");
        assertThatThrownBy(() -> read(Map.of("clip_start", "5", "clip_end", "8", "thumbnail_time", "3")))
                .hasMessageContaining("before its end");
    }

    private static JobOptions read(Map<String, String> said) {
        return JobOptions.read(name -> Optional.ofNullable(said.get(name)));
    }
}
