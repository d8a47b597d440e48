package dev.claimcheck.playback;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Proof that what was made piece by piece is one video: every frame of the source once, in order, at its time, in every size; the sound without a gap. Made from what the steps
 * measured in the segments' own headers. Pure.
 */
public final class Verification {
    /** Times are rounded on their way, to at most that many seconds. */
    private static final double ROUNDING = 0.004;
    /** A packet of AAC or Opus at most. */
    private static final double SOUND_PACKET = 0.0214;

    private final Presentation presentation;
    private final List<AudioTrack> tracks;
    private final OptionalInt expectedFrames;
    private final List<String> faults = new ArrayList<>();

    /**
     * Nothing is looked at before {@link #json}.
     *
     * @param tracks of the sound that were to be made
     * @param expectedFrames that the source shows after the planned rate; empty where its packets do not tell
     */
    public Verification(Presentation presentation, List<AudioTrack> tracks, OptionalInt expectedFrames) {
        this.presentation = presentation;
        this.tracks = List.copyOf(tracks);
        this.expectedFrames = expectedFrames;
    }

    /** The finding, as the job's owner reads it. */
    public JsonNode json() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        List<Picture.Track> sizes = presentation.renditions();
        if (!sizes.isEmpty()) {
            json.set("video", video(sizes));
        }
        presentation.sound().ifPresent(sound -> json.set("audio", audio("the sound", sound)));
        if (tracks.size() > 1) {
            json.set("other_audio", otherAudio());
        }
        ArrayNode redone = json.putArray("redone_segments");
        presentation.redone().forEach(redone::add);
        ArrayNode found = json.putArray("faults");
        faults.forEach(found::add);
        json.put("passed", faults.isEmpty());
        return json;
    }

    private ObjectNode video(List<Picture.Track> sizes) {
        List<Piece> pieces = presentation.pieces();
        int frames = pieces.stream().mapToInt(Piece::samples).sum();
        double largest = 0;
        for (int index = 0; index + 1 < pieces.size(); index++) {
            Piece piece = pieces.get(index);
            Piece next = pieces.get(index + 1);
            double overlap = piece.start() + piece.length() - next.start();
            largest = Math.max(largest, Math.abs(overlap));
            // At a changing frame rate the last frame's length is not told exactly; a whole frame is no rounding.
            if (overlap > Math.max(ROUNDING, piece.length() / Math.max(1, piece.samples()))) {
                faults.add("segment " + piece.number() + " reaches into the next one");
            }
            if (next.number() != piece.number() + 1) {
                faults.add("segments " + (piece.number() + 1) + " to " + (next.number() - 1)
                        + " have no frame that can be shown");
            }
        }
        for (Picture.Track size : sizes) {
            if (presentation.pieces(size.name()).size() != pieces.size()) {
                faults.add(size.name() + " does not have every segment");
            }
            if (!presentation.hasOneInit(size.name())) {
                faults.add("the chunks of " + size.name() + " do not begin with the same initialization section");
            }
        }
        ObjectNode json = JsonMapper.shared().createObjectNode().put("frames", frames);
        if (expectedFrames.isPresent()) {
            json.put("expected_frames", expectedFrames.getAsInt());
            if (frames != expectedFrames.getAsInt()) {
                faults.add(frames + " frames were made of " + expectedFrames.getAsInt()
                        + "; the others cannot be decoded");
            }
        }
        return json.put("segments", pieces.size())
                .put("renditions", sizes.size())
                .put("largest_seam_milliseconds", millis(largest));
    }

    private ArrayNode otherAudio() {
        ArrayNode found = JsonMapper.shared().createArrayNode();
        for (AudioTrack track : tracks.subList(1, tracks.size())) {
            String name = "track " + track.number() + " of the sound";
            presentation
                    .sound(track.number())
                    .filter(sound -> !sound.pieces().isEmpty())
                    .ifPresentOrElse(
                            sound -> found.add(audio(name, sound)), () -> faults.add(name + " cannot be decoded"));
        }
        return found;
    }

    private ObjectNode audio(String name, Sound sound) {
        double largest = 0;
        for (int index = 0; index + 1 < sound.pieces().size(); index++) {
            Piece piece = sound.pieces().get(index);
            double gap = sound.pieces().get(index + 1).start() - piece.start() - piece.length();
            largest = Math.max(largest, Math.abs(gap));
        }
        if (largest > SOUND_PACKET) {
            faults.add(name + " has a gap of " + millis(largest) + " ms");
        }
        double start = sound.pieces().isEmpty() ? 0 : sound.pieces().getFirst().start();
        double end = sound.pieces().isEmpty()
                ? 0
                : sound.pieces().getLast().start() + sound.pieces().getLast().length();
        return JsonMapper.shared()
                .createObjectNode()
                .put("segments", sound.pieces().size())
                .put("start_milliseconds", millis(start))
                .put("seconds", Math.round(end * 1000) / 1000.0)
                .put("largest_gap_milliseconds", millis(largest));
    }

    private static double millis(double seconds) {
        return Math.round(seconds * 1e6) / 1e3;
    }
}
