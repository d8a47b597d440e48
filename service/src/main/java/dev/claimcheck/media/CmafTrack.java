package dev.claimcheck.media;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A fragmented MP4 taken apart into its initialization section and its segments (ISO/IEC 23000-19): one {@code moof} and {@code mdat} each. Reads box
 * headers and the {@code moov} only; media data are copied by the kernel.
 *
 * @param codec for HLS's CODECS (RFC 6381)
 */
public record CmafTrack(Path init, List<Segment> segments, String codec) {
    private static final int LARGEST_HEAD = 4 << 20;

    /**
     * A segment.
     *
     * @param startSeconds of its first sample
     * @param seconds until the next one's start; of the last until the end of the track
     */
    public record Segment(Path file, double startSeconds, double seconds, long bytes) {}

    private record Box(String type, long start, long size) {
        long end() {
            return start + size;
        }
    }

    /**
     * Splits {@code file} into {@code folder/init.mp4} and {@code folder/00001.m4s} and so on.
     *
     * @param endSeconds where the track ends
     * @throws MediaTroubleException when the file is not what our own ffmpeg writes
     */
    public static CmafTrack split(Path file, Path folder, double endSeconds) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Files.createDirectories(folder);
            List<Box> boxes = boxes(channel);
            Box moov = boxes.stream()
                    .filter(box -> box.type().equals("moov"))
                    .findFirst()
                    .orElseThrow(() -> broken("has no moov"));
            ByteBuffer head = bytes(channel, moov);
            long timescale = timescale(head);
            Path init = folder.resolve("init.mp4");
            copy(channel, 0, moov.end(), init);
            List<long[]> ranges = new ArrayList<>();
            List<Double> starts = new ArrayList<>();
            long from = moov.end();
            for (Box box : boxes) {
                if (box.type().equals("moof")) {
                    starts.add((double) decodeTime(bytes(channel, box)) / timescale);
                } else if (box.type().equals("mdat") && starts.size() > ranges.size()) {
                    ranges.add(new long[] {from, box.end()});
                    from = box.end();
                }
            }
            return new CmafTrack(init, copySegments(channel, folder, ranges, starts, endSeconds), CodecString.of(head));
        } catch (IOException e) {
            throw new MediaTroubleException("a rendition cannot be split", e);
        }
    }

    private static List<Segment> copySegments(
            FileChannel channel, Path folder, List<long[]> ranges, List<Double> starts, double endSeconds)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        for (int index = 0; index < ranges.size(); index++) {
            Path target = folder.resolve(String.format(Locale.ROOT, "%05d.m4s", index + 1));
            long[] range = ranges.get(index);
            copy(channel, range[0], range[1], target);
            double start = starts.get(index);
            double end = index + 1 < ranges.size() ? starts.get(index + 1) : Math.max(endSeconds, start + 0.001);
            segments.add(new Segment(target, start, end - start, range[1] - range[0]));
        }
        return List.copyOf(segments);
    }

    private static List<Box> boxes(FileChannel channel) throws IOException {
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

    private static ByteBuffer bytes(FileChannel channel, Box box) throws IOException {
        if (box.size() > LARGEST_HEAD) {
            throw broken("has a " + box.type() + " of " + box.size() + " bytes");
        }
        return read(channel, box.start(), (int) box.size());
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(length, channel.size() - at));
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new EOFException();
            }
        }
        ByteBuffer full = ByteBuffer.allocate(length);
        full.put(buffer.flip());
        return full.clear();
    }

    private static void copy(FileChannel from, long start, long end, Path target) throws IOException {
        try (FileChannel to = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long at = start;
            while (at < end) {
                at += from.transferTo(at, end - at, to);
            }
        }
    }

    private static long timescale(ByteBuffer moov) {
        int mdhd = find(moov, "mdhd");
        int version = moov.get(mdhd + 4);
        return Integer.toUnsignedLong(moov.getInt(mdhd + (version == 1 ? 24 : 16)));
    }

    private static long decodeTime(ByteBuffer moof) {
        int tfdt = find(moof, "tfdt");
        return moof.get(tfdt + 4) == 1 ? moof.getLong(tfdt + 8) : Integer.toUnsignedLong(moof.getInt(tfdt + 8));
    }

    private static int find(ByteBuffer box, String type) {
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
