package dev.claimcheck.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Says by a file's first bytes which demuxer may read it. Only containers on this list are ever opened: nothing that refers to other files
 * (playlists, scripts) and nothing by its name.
 */
final class ContentSniffer {
    private static final int HEAD = 4096;

    private ContentSniffer() {}

    /** What the content is. */
    sealed interface Kind {
        /** A container, and the name of ffmpeg's demuxer for it. */
        record Container(String demuxer) implements Kind {}

        /** Something that cannot be a video; the code and message are for the user. */
        record NoVideo(String code, String message) implements Kind {}
    }

    /** Looks at the first bytes of the content; leaves the channel open. */
    static Kind sniff(SeekableByteChannel content) {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        try {
            content.position(0);
            while (head.hasRemaining() && content.read(head) >= 0) {
                // read on
            }
            return kind(Arrays.copyOf(head.array(), head.position()));
        } catch (IOException e) {
            throw new MediaTroubleException("the uploaded file cannot be read", e);
        }
    }

    static Kind kind(byte[] head) {
        if (head.length == 0) {
            return new Kind.NoVideo(
                    "empty_file", "The file is empty. Check that it was written completely and upload it again.");
        }
        String demuxer = demuxer(head);
        if (!demuxer.isEmpty()) {
            return new Kind.Container(demuxer);
        }
        return refusal(head);
    }

    private static String demuxer(byte[] head) {
        if (at(head, 4, "ftyp")) {
            return isStillImageBrand(ascii(head, 8, 4)) ? "" : "mov";
        }
        if (at(head, 4, "moov")
                || at(head, 4, "mdat")
                || at(head, 4, "wide")
                || at(head, 4, "free")
                || at(head, 4, "skip")) {
            return "mov";
        }
        if (hex(head, 0, 4).equals("1a45dfa3")) {
            return "matroska";
        }
        if (at(head, 0, "RIFF")) {
            return at(head, 8, "AVI ") ? "avi" : at(head, 8, "WAVE") ? "wav" : "";
        }
        if (isTransportStream(head)) {
            return "mpegts";
        }
        if (at(head, 0, "GIF8")) {
            return "gif";
        }
        if (at(head, 0, "OggS")) {
            return "ogg";
        }
        if (at(head, 0, "FLV\1")) {
            return "flv";
        }
        if (at(head, 0, "fLaC")) {
            return "flac";
        }
        if (at(head, 0, "ID3") || hex(head, 0, 2).matches("fff[23ab]")) {
            return "mp3";
        }
        return switch (hex(head, 0, 4)) {
            case "000001ba" -> "mpeg";
            case "000001b3" -> "mpegvideo";
            case "3026b275" -> "asf";
            default -> hex(head, 0, 2).matches("fff[19]") ? "aac" : "";
        };
    }

    private static Kind refusal(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8).stripLeading();
        String start = text.substring(0, Math.min(text.length(), 200)).toLowerCase(Locale.ROOT);
        if (start.startsWith("#extm3u")
                || start.startsWith("ffconcat")
                || start.contains("<mpd")
                || start.contains("<smil")) {
            return new Kind.NoVideo(
                    "playlist",
                    "The file is a playlist, not a video: it only points to other files. Upload the video itself.");
        }
        if (isImage(head)) {
            return new Kind.NoVideo("image", "The file is a picture, not a video. Upload a video or audio file.");
        }
        if (isText(head)) {
            return new Kind.NoVideo(
                    "not_a_video", "The file is a text, not a video, whatever its name says. Upload the video itself.");
        }
        return new Kind.NoVideo(
                "unknown_format",
                "The file is in no video format that we know. Check that it plays on your computer; if it does, export it as MP4 and upload that.");
    }

    private static boolean isStillImageBrand(String brand) {
        return switch (brand) {
            case "heic", "heix", "heim", "heis", "mif1", "avif" -> true;
            default -> false;
        };
    }

    private static boolean isImage(byte[] head) {
        return hex(head, 0, 3).equals("ffd8ff")
                || hex(head, 0, 4).equals("89504e47")
                || at(head, 8, "WEBP")
                || at(head, 4, "ftyp")
                || at(head, 0, "BM")
                || hex(head, 0, 4).matches("49492a00|4d4d002a");
    }

    private static boolean isTransportStream(byte[] head) {
        return hasSync(head, 0, 188) || hasSync(head, 4, 192);
    }

    private static boolean hasSync(byte[] head, int offset, int packet) {
        for (int index = 0; index < 4; index++) {
            int at = offset + index * packet;
            if (at >= head.length || head[at] != 0x47) {
                return false;
            }
        }
        return true;
    }

    private static boolean isText(byte[] head) {
        int odd = 0;
        for (byte one : head) {
            if ((one >= 0 && one < 0x20 && one != '\n' && one != '\r' && one != '\t') || one == 0x7f) {
                odd++;
            }
        }
        return odd == 0
                && !new String(head, 0, Math.max(0, head.length - 4), StandardCharsets.UTF_8).contains("\uFFFD");
    }

    private static boolean at(byte[] head, int offset, String text) {
        return ascii(head, offset, text.length()).equals(text);
    }

    private static String ascii(byte[] head, int offset, int length) {
        return offset + length > head.length ? "" : new String(head, offset, length, StandardCharsets.ISO_8859_1);
    }

    private static String hex(byte[] head, int offset, int length) {
        return offset + length > head.length ? "" : HexFormat.of().formatHex(head, offset, offset + length);
    }
}
