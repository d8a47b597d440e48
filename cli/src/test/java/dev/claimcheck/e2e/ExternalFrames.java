package dev.claimcheck.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/** Makes an MP4 whose frames lie in another file: its data reference becomes a Macintosh alias with an absolute path, and its own frames go. */
final class ExternalFrames {
    private static final Set<String> PARENTS = Set.of("moov", "trak", "mdia", "minf", "dinf");

    private ExternalFrames() {}

    /** The same index; {@code other} is where the frames are to be taken from, at the same offsets. */
    static byte[] of(byte[] mp4, Path other) {
        return rewritten(mp4, other);
    }

    private static byte[] rewritten(byte[] boxes, Path other) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.wrap(boxes);
        while (in.remaining() >= 8) {
            int size = in.getInt(in.position());
            String type = new String(boxes, in.position() + 4, 4, ISO_8859_1);
            byte[] body = new byte[size - 8];
            in.position(in.position() + 8);
            in.get(body);
            if (PARENTS.contains(type)) {
                out.writeBytes(box(type, rewritten(body, other)));
            } else if (type.equals("dref")) {
                out.writeBytes(box("dref", aliasTo(other)));
            } else {
                out.writeBytes(box(type, type.equals("mdat") ? new byte[body.length] : body));
            }
        }
        return out.toByteArray();
    }

    private static byte[] box(String type, byte[] body) {
        return ByteBuffer.allocate(8 + body.length)
                .putInt(8 + body.length)
                .put(type.getBytes(ISO_8859_1))
                .put(body)
                .array();
    }

    private static byte[] aliasTo(Path file) {
        byte[] path = file.toString().getBytes(ISO_8859_1);
        int padded = path.length + path.length % 2;
        byte[] name = file.getFileName().toString().getBytes(ISO_8859_1);
        ByteBuffer alias = ByteBuffer.allocate(4 + 150 + 4 + padded + 4);
        alias.position(4 + 10);
        alias.put((byte) 0); // no volume's name
        alias.position(alias.position() + 27 + 12);
        alias.put((byte) name.length).put(name);
        alias.position(4 + 10 + 1 + 27 + 12 + 1 + 63 + 16);
        alias.putShort((short) 1).putShort((short) 1);
        alias.position(alias.position() + 16);
        alias.putShort((short) 2).putShort((short) path.length).put(path);
        alias.position(4 + 10 + 1 + 27 + 12 + 1 + 63 + 16 + 4 + 16 + 4 + padded);
        alias.putShort((short) -1).putShort((short) 0);
        byte[] record = new byte[Math.max(160, alias.position())];
        alias.flip().get(record, 0, alias.limit());
        byte[] entry = box("alis", record);
        return ByteBuffer.allocate(8 + entry.length)
                .putInt(0)
                .putInt(1)
                .put(entry)
                .array();
    }
}
