package dev.claimcheck.playback;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Everything that steps have made of a video so far, put together. Pure; the order in which results come does not matter. */
public final class Presentation {
    private final TreeMap<Integer, Piece> pieces = new TreeMap<>();
    private final Map<String, Picture.Track> renditions = new HashMap<>();
    private final Map<String, TreeMap<Integer, Long>> bytes = new HashMap<>();
    private final Map<String, List<String>> inits = new HashMap<>();
    private final List<Integer> intro = new ArrayList<>();
    private final List<Integer> redone = new ArrayList<>();
    /** By the numbers of their tracks. */
    private final TreeMap<Integer, Sound> sounds = new TreeMap<>();

    /** The name of a piece's file within the folder of its track. */
    public static String fileName(int number) {
        return String.format(Locale.ROOT, "%05d.m4s", number);
    }

    /** Adds what a step has made of the picture. */
    public void add(Picture picture) {
        for (Piece piece : picture.pieces()) {
            pieces.put(piece.number(), piece);
            if (picture.intro()) {
                intro.add(piece.number());
            }
        }
        if (picture.redone() && !picture.pieces().isEmpty()) {
            redone.add(picture.pieces().getFirst().number());
        }
        for (Picture.Track track : picture.renditions()) {
            renditions.put(track.name(), track);
            inits.computeIfAbsent(track.name(), _ -> new ArrayList<>()).add(track.init());
            TreeMap<Integer, Long> sizes = bytes.computeIfAbsent(track.name(), _ -> new TreeMap<>());
            for (int index = 0; index < track.bytes().size(); index++) {
                sizes.put(picture.pieces().get(index).number(), track.bytes().get(index));
            }
        }
    }

    /** Adds what a step has made of a track of the sound, the first being the default; all of it takes the place of a beginning, and a longer beginning that of a shorter one. */
    public void add(int track, Sound made) {
        sounds.merge(track, made, (known, other) -> known.whole() || other.isShorterThan(known) ? known : other);
    }

    /** Sizes, largest first. */
    public List<Picture.Track> renditions() {
        return renditions.values().stream()
                .sorted((one, other) ->
                        Long.compare((long) other.width() * other.height(), (long) one.width() * one.height()))
                .toList();
    }

    /** The pieces that are there in that size, in order. */
    public List<Piece> pieces(String rendition) {
        return sizes(rendition).keySet().stream()
                .map(number -> Optional.ofNullable(pieces.get(number)).orElseThrow())
                .toList();
    }

    /** Whether that piece is there in that size. */
    public boolean has(String rendition, int number) {
        return sizes(rendition).containsKey(number);
    }

    /** Every piece that is there in any size, in order. */
    public List<Piece> pieces() {
        return List.copyOf(pieces.values());
    }

    /** Bytes of a piece; 0 where it is not there. */
    public long bytes(String rendition, int number) {
        return sizes(rendition).getOrDefault(number, 0L);
    }

    /** Whether the piece was made at the lowest size first. */
    public boolean isIntro(int number) {
        return intro.contains(number);
    }

    /** First pieces of stretches that came out right only at the second try. */
    public List<Integer> redone() {
        return List.copyOf(redone);
    }

    /** Whether every stretch of that size begins with the very same initialization section. */
    public boolean hasOneInit(String rendition) {
        return inits.getOrDefault(rendition, List.of()).stream().distinct().count() == 1;
    }

    private Map<Integer, Long> sizes(String rendition) {
        return bytes.getOrDefault(rendition, new TreeMap<>());
    }

    /** The sound that is heard unless somebody chooses another track, as far as it is there. */
    public Optional<Sound> sound() {
        return sound(1);
    }

    /** That track of the sound, as far as it is there. */
    public Optional<Sound> sound(int track) {
        return Optional.ofNullable(sounds.get(track));
    }

    /** Every track of the sound, as far as it is there, by its number. */
    public Map<Integer, Sound> sounds() {
        return Collections.unmodifiableMap(sounds);
    }

    /** A size as a master playlist names it, by what its pieces measure. */
    public Variant variant(Picture.Track track, double frameRate) {
        long peak = 0;
        long total = 0;
        double seconds = 0;
        for (Piece piece : pieces(track.name())) {
            long size = bytes(track.name(), piece.number());
            peak = Math.max(peak, (long) (size * 8 / Math.max(piece.seconds(), 0.1)));
            total += size;
            seconds += piece.seconds();
        }
        return new Variant(track.name(), track.width(), track.height(), track.codec(), frameRate, peak, (long)
                (total * 8 / Math.max(seconds, 0.1)));
    }
}
