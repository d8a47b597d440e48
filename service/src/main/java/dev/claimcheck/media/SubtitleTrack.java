package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.SubtitleStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Subtitles as they are offered.
 *
 * @param id names its files: its number among the job's subtitles, and its language
 * @param language RFC 5646; {@code und} where unknown
 * @param name for people; no other track of the job has it
 */
public record SubtitleTrack(
        String id, String language, String name, boolean byDefault, boolean forced, boolean hearingImpaired) {
    private static final int MOST_TRACKS = 32;

    /** A text stream and the track that it becomes. */
    public record Source(SubtitleStream stream, SubtitleTrack track) {}

    /** The tracks of the text streams among these, in their order; at most one is the default. Pure. */
    public static List<Source> of(List<SubtitleStream> streams) {
        List<Source> tracks = new ArrayList<>();
        Set<String> names = new HashSet<>();
        boolean hasDefault = false;
        for (SubtitleStream stream : streams.stream()
                .filter(SubtitleStream::isText)
                .limit(MOST_TRACKS)
                .toList()) {
            int number = tracks.size() + 1;
            String language = LanguageTag.of(stream.language());
            String name = name(stream, language, number);
            tracks.add(new Source(
                    stream,
                    new SubtitleTrack(
                            number + "-" + language,
                            language,
                            names.add(name) ? name : name + " (" + number + ")",
                            stream.byDefault() && !hasDefault,
                            stream.forced(),
                            stream.hearingImpaired())));
            names.add(tracks.getLast().track().name());
            hasDefault |= stream.byDefault();
        }
        return List.copyOf(tracks);
    }

    /** Where the whole of it is, below the job's link. */
    public String path() {
        return "subtitles/" + id + ".vtt";
    }

    /** The folder of its HLS rendition, below the job's link. */
    public String folder() {
        return "hls/subtitles/" + id;
    }

    /** The playlist of its HLS rendition, below the job's link. */
    public String playlist() {
        return folder() + "/playlist.m3u8";
    }

    /** That playlist, as the master playlist names it. */
    String uri() {
        return "subtitles/" + id + "/playlist.m3u8";
    }

    /** The file's own title; else the language and what is special about it. */
    private static String name(SubtitleStream stream, String language, int number) {
        String title = TrackName.of(stream.title());
        if (!title.isEmpty()) {
            return title;
        }
        String what = language.equals(LanguageTag.UNKNOWN)
                ? "Subtitles " + number
                : Locale.forLanguageTag(language).getDisplayName(Locale.ENGLISH);
        return what + (stream.forced() ? " (forced)" : "") + (stream.hearingImpaired() ? " (SDH)" : "");
    }
}
