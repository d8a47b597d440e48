package dev.claimcheck.media;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** HLS playlists (RFC 8216) over CMAF segments. Pure. */
public final class HlsPlaylists {
    private HlsPlaylists() {}

    /** One picture variant of the master playlist; bit rates in bits per second, the sound included. */
    public record Variant(
            String uri, Rendition rendition, String codec, double frameRate, long peakBitRate, long averageBitRate) {}

    /** A media playlist of a finished track; names are relative to it. */
    public static String media(List<CmafTrack.Segment> segments) {
        double longest =
                segments.stream().mapToDouble(CmafTrack.Segment::seconds).max().orElse(1);
        StringBuilder text = new StringBuilder("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:%d
                #EXT-X-MEDIA-SEQUENCE:1
                #EXT-X-PLAYLIST-TYPE:VOD
                #EXT-X-INDEPENDENT-SEGMENTS
                #EXT-X-MAP:URI="init.mp4"
                """.formatted((long) Math.max(1, Math.ceil(longest))));
        for (CmafTrack.Segment segment : segments) {
            text.append(String.format(
                    Locale.ROOT,
                    "#EXTINF:%.6f,\n%s\n",
                    segment.seconds(),
                    segment.file().getFileName()));
        }
        return text.append("#EXT-X-ENDLIST\n").toString();
    }

    /** The master playlist, best variant first; {@code audio} is the codec of the sound, where there is any. */
    public static String master(List<Variant> variants, Optional<String> audio) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        if (audio.isPresent()) {
            text.append(
                    "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"audio\",NAME=\"Sound\",DEFAULT=YES,AUTOSELECT=YES,URI=\"audio/playlist.m3u8\"\n");
        }
        for (Variant variant : variants) {
            text.append(String.format(
                    Locale.ROOT,
                    "#EXT-X-STREAM-INF:BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,CODECS=\"%s\",RESOLUTION=%dx%d%s%s\n%s\n",
                    variant.peakBitRate(),
                    variant.averageBitRate(),
                    variant.codec() + audio.map(codec -> "," + codec).orElse(""),
                    variant.rendition().width(),
                    variant.rendition().height(),
                    variant.frameRate() > 0 ? String.format(Locale.ROOT, ",FRAME-RATE=%.3f", variant.frameRate()) : "",
                    audio.isPresent() ? ",AUDIO=\"audio\"" : "",
                    variant.uri()));
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

    /** Peak bit rate over single segments. */
    public static long peakBitRate(List<CmafTrack.Segment> segments) {
        return (long) segments.stream()
                .mapToDouble(segment -> segment.bytes() * 8 / Math.max(segment.seconds(), 0.1))
                .max()
                .orElse(0);
    }

    /** Average bit rate over all. */
    public static long averageBitRate(List<CmafTrack.Segment> segments) {
        double seconds =
                segments.stream().mapToDouble(CmafTrack.Segment::seconds).sum();
        long bytes = segments.stream().mapToLong(CmafTrack.Segment::bytes).sum();
        return (long) (bytes * 8 / Math.max(seconds, 0.1));
    }
}
