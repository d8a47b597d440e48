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
 * headers, the {@code moov} and each {@code moof}; media data are copied by the kernel.
 *
 * @param codec for HLS's CODECS (RFC 6381)
 * @param timescale of the segments' times, in ticks per second
 */
public record CmafTrack(Path init, List<Segment> segments, String codec, long timescale) {
    private static final int LARGEST_HEAD = 4 << 20;

    /**
     * A segment.
     *
     * @param start when its first sample is shown, in ticks
     * @param length until its last sample has been shown, in ticks
     * @param samples frames of a picture, or packets of sound
     */
    public record Segment(Path file, long start, long length, int samples, long bytes) {}

    private record Box(String type, long start, long size) {
        long end() {
            return start + size;
        }
    }

    /**
     * Splits {@code file} into {@code folder/init.mp4} and {@code folder/00001.m4s} and so on.
     *
     * @param firstNumber of the first segment's file
     * @throws MediaTroubleException when the file is not what our own ffmpeg writes
     */
    public static CmafTrack split(Path file, Path folder, int firstNumber) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Files.createDirectories(folder);
            List<Box> boxes = boxes(channel);
            Box moov = boxes.stream()
                    .filter(box -> box.type().equals("moov"))
                    .findFirst()
                    .orElseThrow(() -> broken("has no moov"));
            ByteBuffer head = bytes(channel, moov);
            Path init = folder.resolve("init.mp4");
            copy(channel, 0, moov.end(), init);
            List<Segment> segments = new ArrayList<>();
            long from = moov.end();
            Fragment fragment = null;
            for (Box box : boxes) {
                if (box.type().equals("moof")) {
                    fragment = Fragment.read(bytes(channel, box));
                } else if (box.type().equals("mdat") && fragment != null) {
                    Path target = folder.resolve(String.format(Locale.ROOT, "%05d.m4s", firstNumber + segments.size()));
                    copy(channel, from, box.end(), target);
                    segments.add(new Segment(
                            target, fragment.start(), fragment.length(), fragment.samples(), box.end() - from));
                    from = box.end();
                    fragment = null;
                }
            }
            return new CmafTrack(init, List.copyOf(segments), CodecString.of(head), timescale(head));
        } catch (IOException e) {
            throw new MediaTroubleException("a rendition cannot be split", e);
        }
    }

    /** Seconds at which segment {@code index} starts. */
    public double startSeconds(int index) {
        return (double) segments.get(index).start() / timescale;
    }

    /** Seconds at which the last segment ends. */
    public double endSeconds() {
        Segment last = segments.getLast();
        return (double) (last.start() + last.length()) / timescale;
    }

    /**
     * What a {@code moof} says of its one track. Times are those of showing: with frames that are shown in another order than they are decoded in, decoding times may run ahead.
     */
    record Fragment(long start, long length, int samples) {
        private static final int DEFAULT_DURATION = 0x8;
        private static final int DURATION = 0x100;
        private static final int OFFSET = 0x800;

        static Fragment read(ByteBuffer moof) {
            int trun = find(moof, "trun");
            int flags = moof.getInt(trun + 4) & 0xffffff;
            int samples = moof.getInt(trun + 8);
            int at = trun + 12 + ((flags & 0x1) != 0 ? 4 : 0) + ((flags & 0x4) != 0 ? 4 : 0);
            int step = 4 * Integer.bitCount(flags & 0xf00);
            if (samples < 1 || (long) at + (long) step * samples > moof.limit()) {
                throw broken("has a trun that does not fit its moof");
            }
            long usual = (flags & DURATION) != 0 ? 0 : defaultDuration(moof);
            long decoded = decodeTime(moof);
            long start = Long.MAX_VALUE;
            long end = Long.MIN_VALUE;
            for (int sample = 0; sample < samples; sample++, at += step) {
                long duration = (flags & DURATION) != 0 ? Integer.toUnsignedLong(moof.getInt(at)) : usual;
                long shown = decoded + ((flags & OFFSET) != 0 ? moof.getInt(at + step - 4) : 0);
                start = Math.min(start, shown);
                end = Math.max(end, shown + duration);
                decoded += duration;
            }
            return new Fragment(start, end - start, samples);
        }

        private static long defaultDuration(ByteBuffer moof) {
            int tfhd = find(moof, "tfhd");
            int flags = moof.getInt(tfhd + 4) & 0xffffff;
            int at = tfhd + 12 + ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0);
            if ((flags & DEFAULT_DURATION) == 0) {
                throw broken("does not say how long its samples last");
            }
            return Integer.toUnsignedLong(moof.getInt(at));
        }
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
