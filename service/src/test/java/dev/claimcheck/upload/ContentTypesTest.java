package dev.claimcheck.upload;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTypesTest {
    private final ContentTypes types = new ContentTypes(List.of("video/*", "application/octet-stream"));

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "video/mp4",
                "VIDEO/QuickTime",
                " video/mp4 ; codecs=\"avc1.42E01E, mp4a.40.2\"",
                "video/vnd.dlna.mpeg-tts",
                "application/octet-stream;"
            })
    void takesWhatIsListedAndWhatDeclaresNothing(String declared) {
        assertThatCode(() -> types.require(declared)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "audio/mp4",
                "application/pdf",
                "video",
                "video/",
                "/mp4",
                "video/mp4/x",
                "videos/mp4",
                "vid\0eo/mp4",
                "video/mp4\r\nX: y",
                "video/mp4; \u00fc",
                ";video/mp4"
            })
    void refusesTheRestWithTheList(String declared) {
        assertThatThrownBy(() -> types.require(declared))
                .isInstanceOfSatisfying(
                        UploadRefused.class,
                        refusal -> org.assertj.core.api.Assertions.assertThat(refusal.reason())
                                .isEqualTo(UploadRefused.Reason.WRONG_TYPE))
                .hasMessageContaining("video/*, application/octet-stream");
    }

    @Test
    void aLongTypeIsNone() {
        assertThatThrownBy(() -> types.require("video/" + "x".repeat(10_000))).isInstanceOf(UploadRefused.class);
    }

    @Test
    void everythingMayBeTaken() {
        assertThatCode(() -> new ContentTypes(List.of("*/*")).require("text/plain"))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new ContentTypes(List.of("*/mp4"))).isInstanceOf(IllegalArgumentException.class);
    }
}
