package dev.claimcheck.watermark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a picture's first bytes say of it: PNG (RFC 2083), JPEG (ITU-T T.81 B.2), WebP (RFC 9649). Nothing is decoded, so a picture that is huge once decoded is told by its header alone.
 *
 * @param contentType by its content, whatever its sender called it
 */
public record PictureHeader(String contentType, int width, int height) {
    private static final long PNG = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452;
    private static final int START_OF_SCAN = 0xda;
    private static final int MOST_SEGMENTS = 1_000;
    private static final int ANIMATED = 2;

    /** Reads the header; empty for what is none of these, or is broken. */
    public static Optional<PictureHeader> read(SeekableByteChannel picture) throws IOException {
        ByteBuffer head = bytes(picture, 0, 30);
        if (head.limit() < 30) {
            return Optional.empty();
        }
        if (head.getLong(0) == PNG) {
            return head.getInt(12) == IHDR ? of("image/png", head.getInt(16), head.getInt(20)) : Optional.empty();
        }
        if ((head.getShort(0) & 0xffff) == 0xffd8) {
            return jpeg(picture);
        }
        return text(head, 0).equals("RIFF") && text(head, 8).equals("WEBP")
                ? webp(head.order(ByteOrder.LITTLE_ENDIAN))
                : Optional.empty();
    }

    /** Goes from marker to marker until the one that starts a frame. */
    private static Optional<PictureHeader> jpeg(SeekableByteChannel picture) throws IOException {
        long at = 2;
        for (int segment = 0; segment < MOST_SEGMENTS; segment++) {
            ByteBuffer head = bytes(picture, at, 9);
            if (head.limit() < 9 || (head.get(0) & 0xff) != 0xff) {
                return Optional.empty();
            }
            int marker = head.get(1) & 0xff;
            if (marker == 0xff) {
                at++; // a fill byte
                continue;
            }
            boolean startsFrame =
                    marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
            if (startsFrame) {
                return of("image/jpeg", head.getShort(7) & 0xffff, head.getShort(5) & 0xffff);
            }
            int length = head.getShort(2) & 0xffff;
            if (marker == START_OF_SCAN || length < 2) {
                return Optional.empty();
            }
            at += 2 + length;
        }
        return Optional.empty();
    }

    private static Optional<PictureHeader> webp(ByteBuffer head) {
        return switch (text(head, 12)) {
            case "VP8X" ->
                (head.get(20) & ANIMATED) == 0
                        ? of("image/webp", 1 + (head.getInt(24) & 0xffffff), 1 + (head.getInt(26) >>> 8))
                        : Optional.empty();
            case "VP8L" -> {
                int bits = head.getInt(21);
                yield head.get(20) == 0x2f
                        ? of("image/webp", 1 + (bits & 0x3fff), 1 + ((bits >>> 14) & 0x3fff))
                        : Optional.empty();
            }
            case "VP8 " -> of("image/webp", head.getShort(26) & 0x3fff, head.getShort(28) & 0x3fff);
            default -> Optional.empty();
        };
    }

    private static Optional<PictureHeader> of(String contentType, int width, int height) {
        return width > 0 && height > 0 ? Optional.of(new PictureHeader(contentType, width, height)) : Optional.empty();
    }

    private static String text(ByteBuffer head, int at) {
        byte[] four = new byte[4];
        head.get(at, four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    private static ByteBuffer bytes(SeekableByteChannel from, long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        from.position(at);
        while (bytes.hasRemaining() && from.read(bytes) >= 0) {
            // until they are there, or the end is
        }
        return bytes.flip();
    }
}
