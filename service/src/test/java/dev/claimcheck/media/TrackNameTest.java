package dev.claimcheck.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TrackNameTest {
    @Test
    void isOneLineThatHlsAndXmlCanHold() {
        assertThat(TrackName.of("a\nb\r\u0085c\u2028\"d\"\u0000\uFFFE\uD800e")).isEqualTo("a b c 'd' e");
        assertThat(TrackName.of(" \t\u2029 ")).isEmpty();
    }

    @Test
    void doesNotTurnTheTextAroundIt() {
        assertThat(TrackName.of("\u202Egpj.exe\u2066")).isEqualTo("gpj.exe");
    }

    @Test
    void keepsWhatPeopleWrite() {
        assertThat(TrackName.of("Kommentar – Müller & Söhne <1>")).isEqualTo("Kommentar – Müller & Söhne <1>");
        assertThat(TrackName.of("日本語 👨\u200D👩\u200D👧")).isEqualTo("日本語 👨\u200D👩\u200D👧");
    }

    @Test
    void isCutBetweenCharacters() {
        assertThat(TrackName.of("👩".repeat(100))).isEqualTo("👩".repeat(80));
    }
}
