package dev.claimcheck.playback;

import java.util.List;

/**
 * Segments of the sound that one step has made: a part of its result.
 *
 * @param codec RFC 6381
 * @param bytes of each piece
 * @param whole whether that is all of it
 */
public record Sound(List<Piece> pieces, String codec, List<Long> bytes, boolean whole) {
    public Sound {
        pieces = List.copyOf(pieces);
        bytes = List.copyOf(bytes);
    }

    boolean isShorterThan(Sound other) {
        return !whole && (other.whole() || pieces.size() < other.pieces().size());
    }

    /** Peak bits per second over single pieces. */
    public long peakBitRate() {
        long peak = 0;
        for (int index = 0; index < pieces.size(); index++) {
            peak = Math.max(peak, (long)
                    (bytes.get(index) * 8 / Math.max(pieces.get(index).seconds(), 0.1)));
        }
        return peak;
    }

    /** Average bits per second over all. */
    public long averageBitRate() {
        double seconds = pieces.stream().mapToDouble(Piece::seconds).sum();
        return (long) (bytes.stream().mapToLong(Long::longValue).sum() * 8 / Math.max(seconds, 0.1));
    }
}
