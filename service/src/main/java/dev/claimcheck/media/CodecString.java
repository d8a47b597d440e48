package dev.claimcheck.media;

import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * The codec of a track as HLS and DASH name it (RFC 6381), read from its initialization section: ISO/IEC 14496-15 annex E for H.264 and HEVC, the AV1 ISOBMFF binding, Opus in
 * ISOBMFF. Pure.
 */
final class CodecString {
    private CodecString() {}

    /** @throws MediaTroubleException for a codec that we do not write */
    static String of(ByteBuffer moov) {
        int at = Mp4Boxes.indexOf(moov, "avcC");
        if (at >= 0) {
            return h264(moov, at + 4);
        }
        at = Mp4Boxes.indexOf(moov, "hvcC");
        if (at >= 0) {
            return hevc(moov, at + 4);
        }
        at = Mp4Boxes.indexOf(moov, "av1C");
        if (at >= 0) {
            return av1(moov, at + 4);
        }
        if (Mp4Boxes.indexOf(moov, "mp4a") >= 0) {
            return AudioCodec.AAC.codec();
        }
        if (Mp4Boxes.indexOf(moov, "dOps") >= 0) {
            return AudioCodec.OPUS.codec();
        }
        throw Mp4Boxes.broken("has a codec that we do not write");
    }

    private static String h264(ByteBuffer moov, int at) {
        return String.format(Locale.ROOT, "avc1.%02x%02x%02x", moov.get(at + 1), moov.get(at + 2), moov.get(at + 3));
    }

    /** Profile, its compatibility flags with the bits reversed, tier and level, and the constraint bytes up to the last that is not 0. */
    private static String hevc(ByteBuffer moov, int at) {
        int profile = Byte.toUnsignedInt(moov.get(at + 1));
        String space = (profile >> 6) == 0 ? "" : String.valueOf((char) ('A' + (profile >> 6) - 1));
        StringBuilder codec = new StringBuilder("hvc1.")
                .append(space)
                .append(profile & 31)
                .append('.')
                .append(Integer.toHexString(Integer.reverse(moov.getInt(at + 2))))
                .append((profile & 32) == 0 ? ".L" : ".H")
                .append(Byte.toUnsignedInt(moov.get(at + 12)));
        int last = at + 11;
        while (last >= at + 6 && moov.get(last) == 0) {
            last--;
        }
        for (int constraint = at + 6; constraint <= last; constraint++) {
            codec.append('.').append(Integer.toHexString(Byte.toUnsignedInt(moov.get(constraint))));
        }
        return codec.toString();
    }

    private static String av1(ByteBuffer moov, int at) {
        int profileAndLevel = Byte.toUnsignedInt(moov.get(at + 1));
        int flags = Byte.toUnsignedInt(moov.get(at + 2));
        int depth = (flags & 0x40) == 0 ? 8 : (flags & 0x20) == 0 ? 10 : 12;
        return String.format(
                Locale.ROOT,
                "av01.%d.%02d%s.%02d",
                profileAndLevel >> 5,
                profileAndLevel & 31,
                (flags & 0x80) == 0 ? "M" : "H",
                depth);
    }
}
