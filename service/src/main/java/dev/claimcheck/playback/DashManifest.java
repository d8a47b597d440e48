package dev.claimcheck.playback;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A DASH manifest (ISO/IEC 23009-1, static, CMAF) over the very segments that HLS uses. Pure. */
public final class DashManifest {
    /** The media type of a manifest. */
    public static final String CONTENT_TYPE = "application/dash+xml";

    /** Ticks per second of the times in the manifest. */
    private static final long TIMESCALE = 90_000;

    private DashManifest() {}

    /**
     * The manifest.
     *
     * @param variants best first; none of sound alone
     * @param pieces of the picture; all sizes have the same
     * @param base of the segments, relative to the manifest; ends in a slash
     */
    public static String of(
            List<Variant> variants, List<Piece> pieces, Optional<Sound> sound, long soundBitRate, String base) {
        double seconds =
                Math.max(end(pieces), sound.map(made -> end(made.pieces())).orElse(0.0));
        StringBuilder xml = new StringBuilder(String.format(Locale.ROOT, """
                <?xml version="1.0" encoding="UTF-8"?>
                <MPD xmlns="urn:mpeg:dash:schema:mpd:2011" profiles="urn:mpeg:dash:profile:isoff-live:2011,urn:mpeg:dash:profile:cmaf:2019" type="static" mediaPresentationDuration="PT%.3fS" minBufferTime="PT8S">
                  <Period id="0" start="PT0S">
                """, seconds));
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
        sound.ifPresent(made -> {
            xml.append(
                    "    <AdaptationSet id=\"1\" contentType=\"audio\" mimeType=\"audio/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\">\n");
            xml.append(String.format(
                    Locale.ROOT,
                    "      <Representation id=\"audio\" codecs=\"%s\" audioSamplingRate=\"48000\" bandwidth=\"%d\">\n",
                    made.codec(),
                    soundBitRate));
            appendSegments(xml, base + "audio", made.pieces());
            xml.append("      </Representation>\n    </AdaptationSet>\n");
        });
        return xml.append("  </Period>\n</MPD>\n").toString();
    }

    private static void appendSegments(StringBuilder xml, String folder, List<Piece> pieces) {
        xml.append(String.format(
                Locale.ROOT,
                "        <SegmentTemplate timescale=\"%d\" startNumber=\"1\" initialization=\"%s/init.mp4\" media=\"%s/$Number%%05d$.m4s\">\n          <SegmentTimeline>\n",
                TIMESCALE,
                folder,
                folder));
        for (Piece piece : pieces) {
            long start = ticks(piece.start());
            xml.append(String.format(
                    Locale.ROOT,
                    "            <S t=\"%d\" d=\"%d\"/>\n",
                    start,
                    ticks(piece.start() + piece.seconds()) - start));
        }
        xml.append("          </SegmentTimeline>\n        </SegmentTemplate>\n");
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

    private static long ticks(double seconds) {
        return Math.round(seconds * TIMESCALE);
    }

    private static double end(List<Piece> pieces) {
        return pieces.isEmpty()
                ? 0
                : pieces.getLast().start() + pieces.getLast().seconds();
    }
}
