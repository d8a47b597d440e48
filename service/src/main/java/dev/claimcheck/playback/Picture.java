package dev.claimcheck.playback;

import java.util.List;

/**
 * Segments of the picture that one step has made: a part of its result.
 *
 * @param renditions each with the bytes of every one of the pieces
 * @param intro whether these pieces were made at the lowest size first, so that the video can be played at once
 * @param redone whether a first try came out wrong and the whole was read from its start instead
 */
public record Picture(List<Piece> pieces, List<Track> renditions, boolean intro, boolean redone) {
    public Picture {
        pieces = List.copyOf(pieces);
        renditions = List.copyOf(renditions);
    }

    /**
     * A rendition of the pieces.
     *
     * @param codec RFC 6381
     * @param init SHA-256 of the initialization section
     * @param bytes of each piece
     */
    public record Track(String name, int width, int height, String codec, String init, List<Long> bytes) {
        public Track {
            bytes = List.copyOf(bytes);
        }
    }
}
