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

/**
 * A fragmented MP4 taken apart into its initialization section and its segments (ISO/IEC 23000-19): one {@code moof} and {@code mdat} each. Reads box
 * headers, the {@code moov} and each {@code moof}; media data are copied by the kernel.
 *
 * @param codec for HLS's CODECS (RFC 6381)
 * @param timescale of the segments' times, in ticks per second
 */
public record CmafTrack(Path init, List<Segment> segments, String codec, long timescale) {
    /**
     * A segment.
     *
     * @param start when its first sample is shown, in ticks
     * @param length until its last sample has been shown, in ticks
     * @param samples frames of a picture, or packets of sound
     */
    public record Segment(Path file, long start, long length, int samples, long bytes) {}

    /**
     * Splits {@code file} into {@code folder/init.mp4} and {@code folder/00001.m4s} and so on.
     *
     * @param firstNumber of the first segment's file
     * @throws MediaTroubleException when the file is not what our own ffmpeg writes
     */
    public static CmafTrack split(Path file, Path folder, int firstNumber) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Files.createDirectories(folder);
            List<Mp4Boxes.Box> boxes = Mp4Boxes.list(channel);
            Mp4Boxes.Box moov = boxes.stream()
                    .filter(box -> box.type().equals("moov"))
                    .findFirst()
                    .orElseThrow(() -> Mp4Boxes.broken("has no moov"));
            ByteBuffer head = Mp4Boxes.bytes(channel, moov);
            Path init = folder.resolve("init.mp4");
            copy(channel, 0, moov.end(), init);
            List<Segment> segments = new ArrayList<>();
            long from = moov.end();
            Fragment fragment = null;
            for (Mp4Boxes.Box box : boxes) {
                if (box.type().equals("moof")) {
                    fragment = Fragment.read(Mp4Boxes.bytes(channel, box));
                } else if (box.type().equals("mdat") && fragment != null) {
                    Path target = folder.resolve(String.format(Locale.ROOT, "%05d.m4s", firstNumber + segments.size()));
                    copy(channel, from, box.end(), target);
                    segments.add(new Segment(
                            target, fragment.start(), fragment.length(), fragment.samples(), box.end() - from));
                    from = box.end();
                    fragment = null;
                }
            }
            return new CmafTrack(init, List.copyOf(segments), CodecString.of(head), Mp4Boxes.timescale(head));
        } catch (IOException e) {
            throw new MediaTroubleException("a rendition cannot be split", e);
        }
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

    private static void copy(FileChannel from, long start, long end, Path target) throws IOException {
        try (FileChannel to = FileChannel.open(
                target, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            long at = start;
            while (at < end) {
                at += from.transferTo(at, end - at, to);
            }
        }
    }
}
