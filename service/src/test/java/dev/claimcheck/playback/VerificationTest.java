package dev.claimcheck.playback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class VerificationTest {
    private final Presentation made = new Presentation();
    private List<AudioTrack> tracks = List.of();

    @Test
    void whatFitsTogetherPasses() {
        made.add(picture(piece(1, 0, 100), "a"));
        made.add(picture(piece(2, 4, 100), "a"));
        made.add(1, new Sound(List.of(piece(1, 0, 190), piece(2, 4, 190)), "mp4a.40.2", List.of(1L, 1L), true));

        JsonNode found = verified(200);

        assertThat(found.path("passed").asBoolean()).isTrue();
        assertThat(found.path("video").path("frames").asInt()).isEqualTo(200);
        assertThat(found.path("video").path("largest_seam_milliseconds").asDouble())
                .isZero();
        assertThat(found.path("audio").path("largest_gap_milliseconds").asDouble())
                .isZero();
    }

    @Test
    void aMissingFrameIsFound() {
        made.add(picture(piece(1, 0, 99), "a"));
        assertThat(faults(100)).singleElement().asString().contains("99 frames were made of 100");
    }

    @Test
    void aMissingSegmentIsFound() {
        made.add(picture(piece(1, 0, 100), "a"));
        made.add(picture(piece(3, 8, 100), "a"));
        assertThat(faults(200)).singleElement().asString().contains("segments 2 to 2");
    }

    @Test
    void segmentsThatOverlapAreFound() {
        made.add(picture(new Piece(1, 0, 4, 101, 4.1), "a"));
        made.add(picture(piece(2, 4, 100), "a"));
        assertThat(faults(201)).singleElement().asString().contains("reaches into the next");
    }

    @Test
    void differentInitializationSectionsAreFound() {
        made.add(picture(piece(1, 0, 100), "a"));
        made.add(picture(piece(2, 4, 100), "b"));
        assertThat(faults(200)).singleElement().asString().contains("initialization section");
    }

    @Test
    void aGapInTheSoundIsFound() {
        made.add(
                1,
                new Sound(
                        List.of(piece(1, 0, 190), new Piece(2, 4.05, 4, 190, 4)), "mp4a.40.2", List.of(1L, 1L), true));
        assertThat(faults(0)).singleElement().asString().contains("gap of 50.0 ms");
    }

    @Test
    void anotherTrackOfTheSoundThatIsMissingIsFound() {
        tracks = List.of(
                new AudioTrack(1, "en", "English", 2, AudioTrack.Role.MAIN, true),
                new AudioTrack(2, "fr", "French", 2, AudioTrack.Role.ALTERNATE, true));
        made.add(1, new Sound(List.of(piece(1, 0, 190)), "mp4a.40.2", List.of(1L), true));
        assertThat(faults(0)).containsExactly("track 2 of the sound cannot be decoded");

        made.add(2, new Sound(List.of(piece(1, 0, 190)), "mp4a.40.2", List.of(1L), true));
        assertThat(faults(0)).isEmpty();
    }

    private List<String> faults(int expected) {
        JsonNode found = verified(expected);
        List<String> faults =
                found.path("faults").valueStream().map(JsonNode::asString).toList();
        assertThat(found.path("passed").asBoolean()).isEqualTo(faults.isEmpty());
        return faults;
    }

    private JsonNode verified(int expected) {
        return new Verification(made, tracks, OptionalInt.of(expected)).json();
    }

    private static Picture picture(Piece piece, String init) {
        return new Picture(
                List.of(piece), List.of(new Picture.Track("360p", 640, 360, "avc1", init, List.of(1L))), false, false);
    }

    private static Piece piece(int number, double start, int samples) {
        return new Piece(number, start, 4, samples, 4);
    }
}
