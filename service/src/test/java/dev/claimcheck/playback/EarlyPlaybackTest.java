package dev.claimcheck.playback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Playlists of a video while it is being made: ten pieces of four seconds, two sizes, the first three pieces made small first. */
class EarlyPlaybackTest {
    private static final Outline UNKNOWN_LENGTH = new Outline(List.of("720p", "360p"), 0, 0, false);
    private static final Outline TEN = new Outline(List.of("720p", "360p"), 10, 4, false);

    private final Presentation made = new Presentation();

    @Test
    void theFirstPiecesAreListedAtEverySizeThoughTheyAreMadeAtTheLowestAlone() {
        made.add(intro(1, 1));
        made.add(1, sound(1, 3, false));

        assertThat(uris("720p", UNKNOWN_LENGTH)).containsExactly("../../hls/360p/00001.m4s");
        assertThat(uris("360p", UNKNOWN_LENGTH)).containsExactly("../../hls/360p/00001.m4s");
        assertThat(playlist("720p", UNKNOWN_LENGTH))
                .contains("#EXT-X-PLAYLIST-TYPE:EVENT", "#EXT-X-MAP:URI=\"../../hls/360p/init.mp4\"")
                .doesNotContain("ENDLIST");
    }

    @Test
    void everySizeListsTheSamePiecesAlsoWhereOneIsAhead() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 10, true));
        made.add(both(4, 5));
        made.add(piecesOf("360p", 6, 7, false));

        assertThat(uris("720p", TEN)).hasSize(5).endsWith("../../hls/720p/00005.m4s");
        assertThat(uris("360p", TEN)).hasSize(5).endsWith("../../hls/360p/00005.m4s");
        assertThat(playlist("720p", TEN)).containsOnlyOnce("../../hls/720p/init.mp4");
    }

    @Test
    void nothingIsListedBehindAPieceThatIsNotThereYet() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 10, true));
        made.add(both(6, 10));

        assertThat(uris("360p", TEN)).hasSize(3);
    }

    @Test
    void aPieceWaitsForItsSound() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 2, false));
        made.add(both(4, 10));
        assertThat(uris("360p", TEN)).hasSize(2);

        made.add(1, sound(1, 10, true));
        assertThat(uris("360p", TEN)).hasSize(10);
    }

    @Test
    void whatWasListedStaysAsItIsWhenTheOtherSizesOfTheFirstPiecesCome() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 10, true));
        made.add(both(4, 9));
        String before = playlist("720p", TEN);

        made.add(piecesOf("720p", 1, 3, false));

        assertThat(playlist("720p", TEN)).isEqualTo(before);
    }

    @Test
    void itEndsWhenEverythingIsThere() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 10, true));
        made.add(both(4, 10));

        assertThat(playlist("360p", TEN)).contains("#EXT-X-PLAYLIST-TYPE:VOD").endsWith("#EXT-X-ENDLIST\n");
        assertThat(playlist("audio", TEN)).endsWith("#EXT-X-ENDLIST\n");
        assertThat(playlist("360p", UNKNOWN_LENGTH)).doesNotContain("ENDLIST");
    }

    @Test
    void aDamagedSourceEndsItTooThoughPiecesAreMissing() {
        made.add(intro(1, 3));
        made.add(1, sound(1, 10, true));
        made.add(both(4, 5));
        made.add(both(8, 10));

        String ended = playlist("360p", new Outline(List.of("720p", "360p"), 8, 4, true));
        assertThat(ended).endsWith("#EXT-X-ENDLIST\n");
        assertThat(ended).contains("""
                #EXTINF:4.000000,
                ../../hls/360p/00005.m4s
                #EXTINF:4.000000,
                ../../hls/360p/00008.m4s
                """);
        assertThat(uris("360p", new Outline(List.of("720p", "360p"), 8, 4, true)))
                .hasSize(8);
    }

    /** A slide that stands still for 13 s. The plan knows of it before anything is listed. */
    @Test
    void aLongPieceDoesNotChangeTheTargetOfAPlaylistThatPlayersRead() {
        Outline planned = new Outline(List.of("720p", "360p"), 9, 13, false);
        made.add(intro(1, 3));
        made.add(1, new Sound(List.of(new Piece(1, 0, 60, 100, 60)), "mp4a.40.2", List.of(1L), true));
        String before = playlist("360p", planned);
        made.add(new Picture(
                List.of(new Piece(4, 12, 13, 1, 13), new Piece(5, 25, 3, 75, 3)),
                List.of(track("720p", 4, 5), track("360p", 4, 5)),
                false,
                false));

        String now = playlist("360p", planned);
        assertThat(now)
                .startsWith(before)
                .contains("#EXT-X-TARGETDURATION:13\n")
                .endsWith("""
                #EXTINF:4.000000,
                ../../hls/360p/00003.m4s
                #EXTINF:13.000000,
                ../../hls/360p/00004.m4s
                #EXTINF:3.000000,
                ../../hls/360p/00005.m4s
                """);
    }

    private List<String> uris(String name, Outline outline) {
        return playlist(name, outline)
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }

    private String playlist(String name, Outline outline) {
        return EarlyPlayback.playlist(made, name, outline);
    }

    private static Picture intro(int from, int to) {
        return piecesOf("360p", from, to, true);
    }

    private static Picture piecesOf(String size, int from, int to, boolean intro) {
        return new Picture(pieces(from, to), List.of(track(size, from, to)), intro, false);
    }

    private static Picture both(int from, int to) {
        return new Picture(pieces(from, to), List.of(track("720p", from, to), track("360p", from, to)), false, false);
    }

    private static Picture.Track track(String size, int from, int to) {
        int height = Integer.parseInt(size.substring(0, 3));
        List<Long> bytes = new ArrayList<>();
        IntStream.rangeClosed(from, to).forEach(number -> bytes.add(1000L * number));
        return new Picture.Track(size, height * 16 / 9, height, "avc1.64001f", "same", bytes);
    }

    private static Sound sound(int from, int to, boolean whole) {
        return new Sound(
                pieces(from, to),
                "mp4a.40.2",
                pieces(from, to).stream().map(_ -> 10L).toList(),
                whole);
    }

    private static List<Piece> pieces(int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(number -> new Piece(number, (number - 1) * 4.0, 4, 100, 4))
                .toList();
    }
}
