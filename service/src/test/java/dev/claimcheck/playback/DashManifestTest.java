package dev.claimcheck.playback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DashManifestTest {
    private static final Variant SIZE = new Variant("360p", 640, 360, "avc1.64001e", 25, 900_000, 800_000);

    @Test
    void segmentsThatAreAllThereAreCounted() {
        String manifest = manifest(List.of(piece(1), piece(2), piece(3)), List.of(), List.of());

        assertThat(manifest)
                .contains("startNumber=\"1\"", "media=\"../hls/360p/$Number%05d$.m4s\"")
                .doesNotContain("SegmentList");
    }

    /** The third <S> is the fifth segment: counting would fetch the third, which is not there. */
    @Test
    void whereSegmentsAreMissingEachIsNamedWithItsTime() {
        String manifest = manifest(List.of(piece(1), piece(2), piece(5)), List.of(), List.of());

        assertThat(manifest)
                .contains(
                        "<Initialization sourceURL=\"../hls/360p/init.mp4\"/>",
                        "<S t=\"0\" d=\"360000\"/>",
                        "<S t=\"360000\" d=\"360000\"/>",
                        "<S t=\"1440000\" d=\"360000\"/>")
                .containsSubsequence("360p/00001.m4s", "360p/00002.m4s", "360p/00005.m4s")
                .doesNotContain("$Number", "00003", "isoff-live");
    }

    @Test
    void aTrackIsInItsLanguageAndItsNameIsEscaped() {
        String manifest = manifest(
                List.of(piece(1)),
                List.of(
                        new AudioTrack(1, "en", "English", 2, AudioTrack.Role.MAIN, true),
                        new AudioTrack(2, "und", "<b>&]]>", 1, AudioTrack.Role.DESCRIPTION, true)),
                List.of(sound(), sound()));

        assertThat(manifest)
                .contains(
                        "id=\"1\" contentType=\"audio\" mimeType=\"audio/mp4\" lang=\"en\"",
                        "value=\"main\"",
                        "<Label>&lt;b&gt;&amp;]]&gt;</Label>",
                        "urn:tva:metadata:cs:AudioPurposeCS:2007",
                        "value=\"description\"",
                        "media=\"../hls/audio-2/$Number%05d$.m4s\"")
                .doesNotContain("lang=\"und\"");
    }

    private static String manifest(List<Piece> pieces, List<AudioTrack> tracks, List<Sound> sounds) {
        return DashManifest.of(List.of(SIZE), pieces, tracks, sounds, "../hls/");
    }

    private static Sound sound() {
        return new Sound(List.of(piece(1)), "mp4a.40.2", List.of(1L), true);
    }

    private static Piece piece(int number) {
        return new Piece(number, (number - 1) * 4.0, 4, 100, 4);
    }
}
