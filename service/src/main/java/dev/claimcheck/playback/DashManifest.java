package dev.claimcheck.playback;

import java.util.List;
import java.util.Locale;

/** A DASH manifest (ISO/IEC 23009-1, static, CMAF) over the very segments that HLS uses. Pure. */
public final class DashManifest {
    /** The media type of a manifest. */
    public static final String CONTENT_TYPE = "application/dash+xml";

    /** Ticks per second of the times in the manifest. */
    private static final long TIMESCALE = 90_000;

    private static final String TEMPLATES = "urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019";

    /** The only profile that allows lists of segments. */
    private static final String LISTS = "urn:mpeg:dash:profile:isoff-main:2011";

    private DashManifest() {}

    /**
     * The manifest.
     *
     * @param variants best first; none of sound alone
     * @param pieces of the picture; all sizes have the same
     * @param tracks of the sound, the default first
     * @param sounds what there is of each of these tracks
     * @param base of the segments, relative to the manifest; ends in a slash
     */
    public static String of(
            List<Variant> variants, List<Piece> pieces, List<AudioTrack> tracks, List<Sound> sounds, String base) {
        double seconds = Math.max(
                end(pieces),
                sounds.stream().mapToDouble(made -> end(made.pieces())).max().orElse(0));
        StringBuilder xml =
                new StringBuilder(String.format(Locale.ROOT, """
                <?xml version="1.0" encoding="UTF-8"?>
                <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="%s" type="static" mediaPresentationDuration="PT%.3fS" minBufferTime="PT8S">
                  <Period id="0" start="PT0S">
                """, isComplete(pieces) ? TEMPLATES : LISTS, seconds));
        if (!variants.isEmpty()) {
            xml.append(
                    "    <AdaptationSet id=\"0\" contentType=\"video\" mimeType=\"video/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\">\n");
            for (Variant variant : variants) {
                xml.append(String.format(
                        Locale.ROOT,
                        "      <Representation id=\"%s\" codecs=\"%s\" width=\"%d\" height=\"%d\"%s bandwidth=\"%d\">\n",
                        variant.name(),
                        variant.codec(),
                        variant.width(),
                        variant.height(),
                        frameRate(variant.frameRate()),
                        variant.peakBitRate()));
                appendSegments(xml, base + variant.name(), pieces);
                xml.append("      </Representation>\n");
            }
            xml.append("    </AdaptationSet>\n");
        }
        for (int index = 0; index < tracks.size(); index++) {
            appendSound(xml, tracks.get(index), sounds.get(index), base);
        }
        return xml.append("  </Period>\n</MPD>\n").toString();
    }

    /** One adaptation set for each track: its representations must be exchangeable, and tracks are not. The order of the elements is that of the schema. */
    private static void appendSound(StringBuilder xml, AudioTrack track, Sound sound, String base) {
        xml.append(String.format(
                Locale.ROOT,
                "    <AdaptationSet id=\"%d\" contentType=\"audio\" mimeType=\"audio/mp4\"%s segmentAlignment=\"true\" startWithSAP=\"1\">\n",
                track.number(),
                track.hasLanguage() ? " lang=\"" + track.language() + '"' : ""));
        xml.append(
                        "      <AudioChannelConfiguration schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"")
                .append(track.channels())
                .append("\"/>\n      <Label>")
                .append(escaped(track.name()))
                .append("</Label>\n");
        if (track.role() == AudioTrack.Role.DESCRIPTION) {
            // "For the visually impaired", in the words of TV-Anytime that DASH players know.
            xml.append("      <Accessibility schemeIdUri=\"urn:tva:metadata:cs:AudioPurposeCS:2007\" value=\"1\"/>\n");
        }
        xml.append(String.format(
                Locale.ROOT,
                "      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"%s\"/>\n      <Representation id=\"%s\" codecs=\"%s\" audioSamplingRate=\"48000\" bandwidth=\"%d\">\n",
                track.role().value(),
                track.folder(),
                sound.codec(),
                sound.peakBitRate()));
        appendSegments(xml, base + track.folder(), sound.pieces());
        xml.append("      </Representation>\n    </AdaptationSet>\n");
    }

    /** A template counts the segments one by one, so where numbers are missing each segment is named. */
    private static void appendSegments(StringBuilder xml, String folder, List<Piece> pieces) {
        if (!isComplete(pieces)) {
            xml.append(String.format(
                    Locale.ROOT,
                    "        <SegmentList timescale=\"%d\">\n          <Initialization sourceURL=\"%s/init.mp4\"/>\n          <SegmentTimeline>\n",
                    TIMESCALE,
                    folder));
            appendTimes(xml, pieces);
            xml.append("          </SegmentTimeline>\n");
            for (Piece piece : pieces) {
                xml.append("          <SegmentURL media=\"")
                        .append(folder)
                        .append('/')
                        .append(Presentation.fileName(piece.number()))
                        .append("\"/>\n");
            }
            xml.append("        </SegmentList>\n");
            return;
        }
        xml.append(String.format(
                Locale.ROOT,
                "        <SegmentTemplate timescale=\"%d\" startNumber=\"1\" initialization=\"%s/init.mp4\" media=\"%s/$Number%%05d$.m4s\">\n          <SegmentTimeline>\n",
                TIMESCALE,
                folder,
                folder));
        appendTimes(xml, pieces);
        xml.append("          </SegmentTimeline>\n        </SegmentTemplate>\n");
    }

    private static boolean isComplete(List<Piece> pieces) {
        for (int index = 0; index < pieces.size(); index++) {
            if (pieces.get(index).number() != index + 1) {
                return false;
            }
        }
        return true;
    }

    /** Each with its own time: over what is missing nothing is shown. */
    private static void appendTimes(StringBuilder xml, List<Piece> pieces) {
        for (Piece piece : pieces) {
            long start = ticks(piece.start());
            xml.append(String.format(
                    Locale.ROOT,
                    "            <S t=\"%d\" d=\"%d\"/>\n",
                    start,
                    ticks(piece.start() + piece.seconds()) - start));
        }
    }

    private static String frameRate(double perSecond) {
        if (perSecond <= 0) {
            return "";
        }
        long whole = Math.round(perSecond);
        // 29.97 and its kin are exact over 1001.
        return Math.abs(perSecond - whole) < 0.001
                ? " frameRate=\"" + whole + "\""
                : " frameRate=\"" + Math.round(perSecond * 1001) + "/1001\"";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static long ticks(double seconds) {
        return Math.round(seconds * TIMESCALE);
    }

    private static double end(List<Piece> pieces) {
        return pieces.isEmpty()
                ? 0
                : pieces.getLast().start() + pieces.getLast().seconds();
    }
}
