package dev.claimcheck.playback;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HLS playlists (RFC 8216) over CMAF segments. Pure. */
public final class HlsPlaylists {
    /** The media type of a playlist. */
    public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

    /** What a growing playlist promises unless it knows better: players wait so long before they look again. */
    private static final int GROWING_TARGET = 5;

    /** Times are rounded on their way. */
    private static final double ROUNDING = 0.01;

    /** Else players take what grows for a live event, and start at its end. */
    private static final String FROM_THE_BEGINNING = "#EXT-X-START:TIME-OFFSET=0\n";

    private HlsPlaylists() {}

    /**
     * A segment in a media playlist.
     *
     * @param init the initialization section that it needs
     */
    public record Entry(String init, String uri, double seconds) {}

    /**
     * A media playlist.
     *
     * @param ended whether it is whole; else it grows
     */
    public static String media(List<Entry> entries, boolean ended) {
        double longest = entries.stream().mapToDouble(Entry::seconds).max().orElse(1);
        return media(entries, (long) Math.ceil(longest), ended);
    }

    /**
     * The same of one that grows, or has grown: its target must not change, not even at its end (RFC 8216, 6.2.1).
     *
     * @param longest seconds of the longest segment that it will have, where the plan knows; a picture that stands still makes long ones
     */
    static String growing(List<Entry> entries, double longest, boolean ended) {
        double listed = entries.stream().mapToDouble(Entry::seconds).max().orElse(1);
        return media(entries, Math.max(GROWING_TARGET, (long) Math.ceil(Math.max(longest, listed) - ROUNDING)), ended);
    }

    private static String media(List<Entry> entries, long target, boolean ended) {
        StringBuilder text = new StringBuilder(
                """
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:%d
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:%s
                #EXT-X-INDEPENDENT-SEGMENTS
                %s""".formatted(Math.max(1, target), ended ? "VOD" : "EVENT", ended ? "" : FROM_THE_BEGINNING));
        @Nullable String init = null;
        for (Entry entry : entries) {
            if (!entry.init().equals(init)) {
                init = entry.init();
                text.append("#EXT-X-MAP:URI=\"").append(init).append("\"\n");
            }
            text.append(String.format(Locale.ROOT, "#EXTINF:%.6f,\n%s\n", entry.seconds(), entry.uri()));
        }
        return text.append(ended ? "#EXT-X-ENDLIST\n" : "").toString();
    }

    /**
     * The master playlist, best size first.
     *
     * @param tracks of the sound, the default first
     * @param soundCodec theirs; they have all the same
     * @param soundPeak bits per second of the richest of them: every size can be heard with it
     * @param renditionLines further lines, such as those of subtitles; each ends in a line break
     * @param attributes that every size has besides, such as {@code ,SUBTITLES="subs"}; may be empty
     */
    public static String master(
            List<Variant> variants,
            List<AudioTrack> tracks,
            Optional<String> soundCodec,
            long soundPeak,
            long soundAverage,
            String renditionLines,
            String attributes) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        text.append(HlsAudio.mediaLines(tracks));
        text.append(renditionLines);
        for (Variant variant : variants) {
            text.append(String.format(
                    Locale.ROOT,
                    "#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"%s\",RESOLUTION=%dx%d%s%s%s\n%s/playlist.m3u8\n",
                    variant.peakBitRate() + soundPeak,
                    variant.averageBitRate() + soundAverage,
                    variant.codec() + soundCodec.map(codec -> "," + codec).orElse(""),
                    variant.width(),
                    variant.height(),
                    variant.frameRate() > 0 ? String.format(Locale.ROOT, ",FRAME-RATE=%.3f", variant.frameRate()) : "",
                    HlsAudio.attribute(tracks),
                    attributes,
                    variant.name()));
        }
        return text.toString();
    }

    /** The master playlist of sound alone: its one variant is the first track. */
    public static String audioOnlyMaster(List<AudioTrack> tracks, String codec, long peakBitRate, long averageBitRate) {
        List<AudioTrack> choice = tracks.size() > 1 ? tracks : List.of();
        return String.format(
                Locale.ROOT,
                "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n%s#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"%s\"%s\n%s/playlist.m3u8\n",
                HlsAudio.mediaLines(choice),
                peakBitRate,
                averageBitRate,
                codec,
                HlsAudio.attribute(choice),
                tracks.getFirst().folder());
    }
}
