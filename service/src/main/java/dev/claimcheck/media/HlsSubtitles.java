package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Subtitles in HLS (RFC 8216): their media playlists, and their lines in the master playlist. Pure. */
public final class HlsSubtitles {
    /** What variants name in {@code SUBTITLES}. */
    public static final String GROUP = "subtitles";

    private static final int SEGMENT_SECONDS = 60;
    private static final int MOST_SEGMENTS = 120;

    private HlsSubtitles() {}

    /**
     * A stretch of the video.
     *
     * @param start milliseconds
     * @param end milliseconds
     */
    public record Segment(String name, long start, long end) {}

    /** The segments of a video so long: text is small, so they are long, and of a very long video longer still. */
    public static List<Segment> segments(double durationSeconds) {
        long end = Math.max(1, Math.round(durationSeconds * 1000));
        long length = Math.max(SEGMENT_SECONDS, (long) Math.ceil(durationSeconds / MOST_SEGMENTS)) * 1000;
        List<Segment> segments = new ArrayList<>();
        for (long start = 0; start < end; start += length) {
            segments.add(new Segment(
                    String.format(Locale.ROOT, "%05d.vtt", segments.size() + 1), start, Math.min(end, start + length)));
        }
        return List.copyOf(segments);
    }

    /** The media playlist of these segments; names are relative to it. */
    public static String media(List<Segment> segments) {
        long longest = segments.stream()
                .mapToLong(segment -> segment.end() - segment.start())
                .max()
                .orElse(1000);
        StringBuilder text = new StringBuilder("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:%d
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:VOD
                """.formatted((longest + 999) / 1000));
        for (Segment segment : segments) {
            text.append(String.format(
                    Locale.ROOT, "#EXTINF:%.3f,\n%s\n", (segment.end() - segment.start()) / 1000.0, segment.name()));
        }
        return text.append("#EXT-X-ENDLIST\n").toString();
    }

    /** What every size of a master playlist is given where there are tracks; else empty. */
    public static String attribute(List<SubtitleTrack> tracks) {
        return tracks.isEmpty() ? "" : ",SUBTITLES=\"" + GROUP + "\"";
    }

    /** One {@code EXT-X-MEDIA} line for each track, for the master playlist in {@code hls/}; empty without tracks. */
    public static String mediaLines(List<SubtitleTrack> tracks) {
        StringBuilder text = new StringBuilder();
        for (SubtitleTrack track : tracks) {
            text.append("#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"" + GROUP + "\",NAME=\"")
                    .append(track.name())
                    .append('"')
                    .append(track.language().equals(LanguageTag.UNKNOWN) ? "" : ",LANGUAGE=\"" + track.language() + '"')
                    .append(track.byDefault() ? ",DEFAULT=YES" : ",DEFAULT=NO")
                    .append(",AUTOSELECT=YES")
                    .append(track.forced() ? ",FORCED=YES" : ",FORCED=NO")
                    .append(
                            track.hearingImpaired()
                                    ? ",CHARACTERISTICS=\"public.accessibility.transcribes-spoken-dialog,public.accessibility.describes-music-and-sound\""
                                    : "")
                    .append(",URI=\"")
                    .append(track.uri())
                    .append("\"\n");
        }
        return text.toString();
    }
}
