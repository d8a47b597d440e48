package dev.claimcheck.media;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A fragmented MP4 taken apart into its initialization section and its segments (ISO/IEC 23000-19): one {@code moof} and {@code mdat} each. Reads box
 * headers, the {@code moov} and each {@code moof}; media data are copied by the kernel.
 *
 * @param codec for HLS's CODECS (RFC 6381)
 * @param timescale of the segments' times, in ticks per second
 */
public record CmafTrack(Path init, List<Segment> segments, String codec, long timescale) {
    /** Seconds that times are rounded by on their way. */
    private static final double HAIR = 0.0005;

    /**
     * A segment.
     *
     * @param start when its first sample is shown, in ticks
     * @param length until its last sample has been shown, in ticks
     * @param samples frames of a picture, or packets of sound
     */
    public record Segment(Path file, long start, long length, int samples, long bytes) {}

    /** A head of a segment in the file, and where the segment begins and ends. */
    private record Part(long from, Mp4Boxes.Box moof, long end, ByteBuffer head) {
        /** When its first sample is shown, in ticks. */
        long start() {
            return Fragment.read(head).start();
        }
    }

    /**
     * Splits {@code file} into {@code folder/init.mp4} and {@code folder/00001.m4s} and so on, each the same to the byte.
     *
     * @param firstNumber of the first segment's file
     * @throws MediaTroubleException when the file is not what our own ffmpeg writes
     */
    public static CmafTrack split(Path file, Path folder, int firstNumber) {
        return split(file, folder, firstNumber, Double.NEGATIVE_INFINITY, (moof, _, _) -> moof);
    }

    /** The same of all of a picture, every segment of which starts when it is shown and lasts until the next one does ({@link FragmentClock}). */
    public static CmafTrack splitPicture(Path file, Path folder) {
        return split(file, folder, 1, Double.NEGATIVE_INFINITY, clocks(OptionalDouble.empty()));
    }

    /** The same of a chunk; what warmed the encoder up is left out. */
    public static CmafTrack splitPicture(Path file, Path folder, Chunk chunk) {
        return split(
                file,
                folder,
                chunk.firstSegment(),
                chunk.startSeconds() - HAIR,
                clocks(OptionalDouble.of(chunk.endSeconds())));
    }

    /** What a segment's head becomes. */
    private interface Heads {
        ByteBuffer of(ByteBuffer moof, OptionalLong nextStart, long timescale);
    }

    /** @param endSeconds when the last segment ends; empty where that is not known */
    private static Heads clocks(OptionalDouble endSeconds) {
        return (moof, next, timescale) -> {
            OptionalLong end = next.isPresent() || endSeconds.isEmpty()
                    ? next
                    : OptionalLong.of(Math.round(endSeconds.getAsDouble() * timescale));
            return FragmentClock.aligned(moof, end, timescale);
        };
    }

    /** @param from segments that start before that many seconds are left out */
    private static CmafTrack split(Path file, Path folder, int firstNumber, double from, Heads heads) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Files.createDirectories(folder);
            List<Mp4Boxes.Box> boxes = Mp4Boxes.list(channel);
            Mp4Boxes.Box moov = boxes.stream()
                    .filter(box -> box.type().equals("moov"))
                    .findFirst()
                    .orElseThrow(() -> Mp4Boxes.broken("has no moov"));
            ByteBuffer head = Mp4Boxes.bytes(channel, moov);
            long timescale = Mp4Boxes.timescale(head);
            Path init = folder.resolve("init.mp4");
            copy(channel, 0, moov.end(), init);
            List<Part> parts = parts(channel, boxes, moov.end()).stream()
                    .filter(part -> part.start() >= from * timescale)
                    .toList();
            List<Segment> segments = new ArrayList<>();
            for (int index = 0; index < parts.size(); index++) {
                Part part = parts.get(index);
                OptionalLong next = index + 1 < parts.size()
                        ? OptionalLong.of(parts.get(index + 1).start())
                        : OptionalLong.empty();
                ByteBuffer moof = heads.of(part.head(), next, timescale);
                Path target = folder.resolve(String.format(Locale.ROOT, "%05d.m4s", firstNumber + index));
                Fragment fragment = Fragment.read(moof);
                segments.add(new Segment(
                        target,
                        fragment.start(),
                        fragment.length(),
                        fragment.samples(),
                        write(channel, part, moof, target)));
            }
            return new CmafTrack(init, List.copyOf(segments), CodecString.of(head), timescale);
        } catch (IOException e) {
            throw new MediaTroubleException("a rendition cannot be split", e);
        }
    }

    private static List<Part> parts(FileChannel channel, List<Mp4Boxes.Box> boxes, long start) throws IOException {
        List<Part> parts = new ArrayList<>();
        long from = start;
        Mp4Boxes.Box moof = null;
        for (Mp4Boxes.Box box : boxes) {
            if (box.type().equals("moof")) {
                moof = box;
            } else if (box.type().equals("mdat") && moof != null) {
                parts.add(new Part(from, moof, box.end(), Mp4Boxes.bytes(channel, moof)));
                from = box.end();
                moof = null;
            }
        }
        return parts;
    }

    /**
     * Ticks per second of the track with that initialization section.
     *
     * @throws MediaTroubleException when it is not what our own ffmpeg writes, or is cut off
     */
    public static long timescale(SeekableByteChannel init) throws IOException {
        for (Mp4Boxes.Box box : Mp4Boxes.list(init)) {
            if (box.type().equals("moov")) {
                return Mp4Boxes.timescale(Mp4Boxes.bytes(init, box));
            }
        }
        throw Mp4Boxes.broken("has no moov");
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

    /** Gives the bytes written. */
    private static long write(FileChannel from, Part part, ByteBuffer moof, Path target) throws IOException {
        try (FileChannel to = open(target)) {
            transfer(from, part.from(), part.moof().start(), to);
            ByteBuffer head = moof.duplicate();
            while (head.hasRemaining()) {
                to.write(head);
            }
            transfer(from, part.moof().end(), part.end(), to);
            return to.size();
        }
    }

    private static void copy(FileChannel from, long start, long end, Path target) throws IOException {
        try (FileChannel to = open(target)) {
            transfer(from, start, end, to);
        }
    }

    private static void transfer(FileChannel from, long start, long end, FileChannel to) throws IOException {
        long at = start;
        while (at < end) {
            at += from.transferTo(at, end - at, to);
        }
    }

    private static FileChannel open(Path target) throws IOException {
        return FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }
}
