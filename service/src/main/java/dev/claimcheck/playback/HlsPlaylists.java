package dev.claimcheck.playback;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** HLS playlists (RFC 8216) over CMAF segments. Pure. */
public final class HlsPlaylists {
    /** The media type of a playlist. */
    public static final String CONTENT_TYPE = "application/vnd.apple.mpegurl";

    private static final double LONGEST_GROWING = 5;

    /** Else players take what grows for a live event, and start at its end. */
    private static final String FROM_THE_BEGINNING = "#EXT-X-START:TIME-OFFSET=0\n";

    private HlsPlaylists() {}

    /**
     * A line of a media playlist.
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

    /** The same of one that grows, or has grown: the target must not change, not even at its end (RFC 8216, 6.2.1). */
    static String growing(List<Entry> entries, boolean ended) {
        double longest = entries.stream().mapToDouble(Entry::seconds).max().orElse(1);
        return media(entries, (long) Math.ceil(Math.max(longest, LONGEST_GROWING)), ended);
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
     * @param soundPeak bits per second of the sound, which every size is heard with
     * @param renditionLines further lines, such as those of subtitles; each ends in a line break
     * @param attributes that every size has besides, such as {@code ,SUBTITLES="subs"}; may be empty
     */
    public static String master(
            List<Variant> variants,
            Optional<String> soundCodec,
            long soundPeak,
            long soundAverage,
            String renditionLines,
            String attributes) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        if (soundCodec.isPresent()) {
            text.append(
                    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,URI=\"audio/playlist.m3u8\"\n");
        }
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
                    soundCodec.isPresent() ? ",AUDIO=\"audio\"" : "",
                    attributes,
                    variant.name()));
        }
        return text.toString();
    }

    /** The master playlist of sound alone. */
    public static String audioOnlyMaster(String codec, long peakBitRate, long averageBitRate) {
        return String.format(
                Locale.ROOT,
                "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"%s\"\naudio/playlist.m3u8\n",
                peakBitRate,
                averageBitRate,
                codec);
    }
}
