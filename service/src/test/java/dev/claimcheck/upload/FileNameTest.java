package dev.claimcheck.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @CsvSource({
        "clip.mp4,clip.mp4",
        "../../etc/passwd,passwd",
        "C:\\fakepath\\a b.mov,a b.mov",
        "🎬 étude.mp4,🎬 étude.mp4",
        "a/b/../c.mp4,c.mp4"
    })
    void keepsTheLastSegment(String given, String kept) {
        assertThat(FileName.of(given).text()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "..", "a/", "a\0b.mp4", "a\nb.mp4", "\u202e\u0007.mp4"})
    void refusesWhatIsNoName(String given) {
        assertThatThrownBy(() -> FileName.of(given)).isInstanceOf(InvalidFileNameException.class);
    }

    @Test
    void refusesTenKilobytes() {
        assertThatThrownBy(() -> FileName.of("x".repeat(10_000)))
                .isInstanceOf(InvalidFileNameException.class)
                .hasMessageContaining("shorter");
    }

    @Test
    void twoSpellingsOfOneNameAreOne() {
        assertThat(FileName.of("e\u0301tude.mp4")).isEqualTo(FileName.of("\u00e9tude.mp4"));
    }
}
