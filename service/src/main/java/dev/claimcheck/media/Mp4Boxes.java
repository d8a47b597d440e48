package dev.claimcheck.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Boxes of the MP4 files that our own ffmpeg writes (ISO/IEC 14496-12). Moves the channels' positions. Stateless. */
final class Mp4Boxes {
    private static final int LARGEST_HEAD = 4 << 20;

    private Mp4Boxes() {}

    record Box(String type, long start, long size) {
        long end() {
            return start + size;
        }
    }

    static List<Box> list(SeekableByteChannel channel) throws IOException {
        List<Box> boxes = new ArrayList<>();
        long at = 0;
        while (at + 8 <= channel.size()) {
            ByteBuffer header = read(channel, at, 16);
            long size = Integer.toUnsignedLong(header.getInt(0));
            String type = ascii(header, 4);
            if (size == 1) {
                size = header.getLong(8);
            }
            if (size < 8 || at + size > channel.size()) {
                throw broken("ends in the middle of " + type);
            }
            boxes.add(new Box(type, at, size));
            at += size;
        }
        return boxes;
    }

    static ByteBuffer bytes(SeekableByteChannel channel, Box box) throws IOException {
        if (box.size() > LARGEST_HEAD) {
            throw broken("has a " + box.type() + " of " + box.size() + " bytes");
        }
        return read(channel, box.start(), (int) box.size());
    }

    private static ByteBuffer read(SeekableByteChannel channel, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, channel.size() - at));
        channel.position(at);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
        ByteBuffer full = ByteBuffer.allocate(length);
        full.put(buffer.flip());
        return full.clear();
    }

    static long timescale(ByteBuffer moov) {
        int mdhd = find(moov, "mdhd");
        int version = moov.get(mdhd + 4);
        return Integer.toUnsignedLong(moov.getInt(mdhd + (version == 1 ? 24 : 16)));
    }

    static int find(ByteBuffer box, String type) {
        int found = indexOf(box, type);
        if (found < 0) {
            throw broken("has no " + type);
        }
        return found;
    }

    /** Where the type stands; the boxes looked for come early in what our own ffmpeg writes, before any free text. */
    static int indexOf(ByteBuffer box, String type) {
        for (int at = 4; at + 8 <= box.limit(); at++) {
            if (box.get(at) == type.charAt(0) && ascii(box, at).equals(type)) {
                return at;
            }
        }
        return -1;
    }

    private static String ascii(ByteBuffer buffer, int at) {
        byte[] four = new byte[4];
        buffer.get(at, four);
        return new String(four, StandardCharsets.ISO_8859_1);
    }

    static MediaTroubleException broken(String what) {
        return new MediaTroubleException("a file that ffmpeg wrote " + what, null);
    }
}
