package dev.claimcheck.playback;

import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Media playlists of a video that is still being made: they grow until everything is there, then say so. Computed from the results of the steps that have ended, at each request. Thread-safe.
 *
 * <p>All sizes grow in lockstep, else a player that moves up to a size that lags behind stalls for good. The first pieces are made at the lowest size alone; every size lists these, and
 * goes on listing them, for what a growing playlist has once said it must not change. The finished playlists under {@code hls/} have every piece in every size.
 */
public final class EarlyPlayback {
    /** Where the early master playlist is, below the job's link. */
    public static final String MASTER = "early/master.m3u8";

    /** In a step's result: what it has made of tracks of the sound, by their numbers. */
    public static final String SOUNDS = "sounds";

    /** The name that the sound's playlist goes by. */
    private static final String AUDIO = "audio";

    private static final String PREFIX = "early/";
    private static final String SUFFIX = "/playlist.m3u8";
    private static final JsonMapper JSON = JsonMapper.shared();

    private final JobQueries jobs;

    public EarlyPlayback(JobQueries jobs) {
        this.jobs = jobs;
    }

    /** Whether that path is a playlist made here. */
    public static boolean isPlaylist(String path) {
        return path.startsWith(PREFIX) && path.endsWith(SUFFIX);
    }

    /** The playlist at that path as of now; empty where the job has none such. */
    public Optional<String> playlist(JobId job, String path) {
        String name = path.substring(PREFIX.length(), path.length() - SUFFIX.length());
        List<JsonNode> results = jobs.stepResults(job).stream()
                .map(result -> JSON.readTree(result.json()))
                .toList();
        Presentation presentation = read(results.stream());
        Outline outline = outline(results);
        boolean known = name.equals(AUDIO)
                ? presentation.sound().isPresent()
                : outline.ladder().contains(name) && !presentation.renditions().isEmpty();
        return known ? Optional.of(playlist(presentation, name, outline)) : Optional.empty();
    }

    /** The latest outline: what is planned later knows more. But what was promised of the longest piece stays, as players do not look for a change of it. */
    private static Outline outline(List<JsonNode> results) {
        return results.stream()
                .filter(result -> result.has("outline"))
                .map(result -> JSON.treeToValue(result.path("outline"), Outline.class))
                .reduce((earlier, later) -> new Outline(
                        later.ladder(), later.pieces(), Math.max(earlier.longest(), later.longest()), later.whole()))
                .orElseGet(() -> new Outline(List.of(), 0, 0, false));
    }

    /** Puts together what steps' results say. */
    public static Presentation read(Stream<JsonNode> results) {
        Presentation presentation = new Presentation();
        results.forEach(result -> {
            if (result.has("picture")) {
                presentation.add(JSON.treeToValue(result.path("picture"), Picture.class));
            }
            if (result.has("sound")) {
                presentation.add(1, JSON.treeToValue(result.path("sound"), Sound.class));
            }
            result.path(SOUNDS)
                    .properties()
                    .forEach(track -> presentation.add(
                            Integer.parseInt(track.getKey()), JSON.treeToValue(track.getValue(), Sound.class)));
        });
        return presentation;
    }

    static String playlist(Presentation presentation, String name, Outline outline) {
        List<Piece> listed = listed(presentation, outline.whole());
        boolean ended = outline.whole()
                || (outline.pieces() > 0 && listed.size() == outline.pieces() && soundIsWhole(presentation));
        List<HlsPlaylists.Entry> entries = new ArrayList<>();
        if (name.equals(AUDIO)) {
            Sound sound = presentation.sound().orElseThrow();
            for (Piece piece : sound.pieces()) {
                entries.add(entry(AUDIO, piece));
            }
        } else {
            String lowest = presentation.renditions().getLast().name();
            for (Piece piece : listed) {
                entries.add(entry(presentation.isIntro(piece.number()) ? lowest : name, piece));
            }
        }
        return HlsPlaylists.growing(entries, outline.longest(), ended);
    }

    private static HlsPlaylists.Entry entry(String folder, Piece piece) {
        String base = "../../hls/" + folder;
        return new HlsPlaylists.Entry(
                base + "/init.mp4", base + "/" + Presentation.fileName(piece.number()), piece.seconds());
    }

    /** The pieces from the first on that every size has, or stands in for, and whose sound is there. */
    private static List<Piece> listed(Presentation presentation, boolean whole) {
        List<Picture.Track> renditions = presentation.renditions();
        List<Piece> listed = new ArrayList<>();
        for (Piece piece : presentation.pieces()) {
            boolean next = piece.number() == listed.size() + 1;
            boolean everywhere = presentation.isIntro(piece.number())
                    || renditions.stream().allMatch(track -> presentation.has(track.name(), piece.number()));
            if (whole ? !everywhere : !next) {
                continue; // A damaged source has gaps; while more may come, nothing is listed behind one.
            }
            if (!everywhere || !hasSound(presentation, piece)) {
                break;
            }
            listed.add(piece);
        }
        return listed;
    }

    private static boolean soundIsWhole(Presentation presentation) {
        return presentation.sound().map(Sound::whole).orElse(true);
    }

    private static boolean hasSound(Presentation presentation, Piece piece) {
        return presentation
                .sound()
                .map(sound -> sound.whole()
                        || (!sound.pieces().isEmpty()
                                && sound.pieces().getLast().start()
                                                + sound.pieces().getLast().seconds()
                                        >= piece.start() + piece.seconds() - 0.1))
                .orElse(true);
    }
}
