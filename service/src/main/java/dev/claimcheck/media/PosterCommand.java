package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The commands that make a poster: some frames from a place of the video, or the one frame of a moment, as raw pictures; then one of them as JPEG or WebP.
 * Nothing is read but what lies around that place, however long the video is. Pure.
 */
public final class PosterCommand {
    /** Raw pictures of this command, one behind the other, in the working directory. */
    public static final String FRAMES = "frames.yuv";

    /** Where the frames are expected that one is taken of in the end; the same form. */
    public static final String CHOSEN = "chosen.yuv";

    /** The same frames, small and grey, for {@link PosterChoice}; in the working directory. */
    public static final String MEASURE = "measure.gray";

    private static final int LONGEST_SIDE = 1280;
    private static final int FRAMES_PER_PLACE = 9;
    /** A frame that begins so soon after the moment asked for counts: containers round times to the millisecond. */
    private static final double ROUNDING = 0.001;

    private PosterCommand() {}

    /** Width and height of a poster, in pixels. */
    public record Size(int width, int height) {
        /** That of a poster of this video: never larger than it is shown. */
        public static Size of(VideoStream video) {
            double scale = Math.min(1, (double) LONGEST_SIDE / Math.max(video.displayWidth(), video.displayHeight()));
            return new Size(even(video.displayWidth() * scale), even(video.displayHeight() * scale));
        }

        /** How much of {@link #FRAMES} one frame takes. */
        public long frameBytes() {
            return (long) width * height * 3 / 2;
        }

        private static int even(double length) {
            return Math.max(2, (int) Math.round(length / 2) * 2);
        }
    }

    /** How far before a moment reading begins, and how far back a frame may lie that is still shown then. */
    public enum Lookback {
        /** Enough for nearly every video: the last key frame, and half a second of frames. */
        NEAR(0.5, 0.5),
        /** For gaps between frames, and for moments after the picture's end. */
        FAR(30, 30),
        /** From the start on: slow, and right for whatever cannot be sought in. */
        WHOLE(Double.MAX_VALUE, Double.MAX_VALUE);

        private final double seek;
        private final double window;

        Lookback(double seek, double window) {
            this.seek = seek;
            this.window = window;
        }
    }

    /**
     * About half a second of frames from the last key frame before {@code atSeconds} on, into {@link #FRAMES} and {@link #MEASURE}. From a key frame,
     * because one frame decoded is one frame kept.
     */
    public static List<String> candidates(SourceInfo source, VideoStream video, MediaInput file, double atSeconds) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        if (atSeconds > 0) {
            arguments.addAll(List.of("-noaccurate_seek", "-ss", seconds(atSeconds)));
        }
        arguments.addAll(input(source, file));
        Size size = Size.of(video);
        arguments.addAll(List.of(
                "-filter_complex",
                "[0:" + video.index() + "]" + progressive(video) + "setpts=PTS-STARTPTS,fps=15,"
                        + VideoFilters.sized(video, size.width(), size.height())
                        + ",split=2[frames][small];[small]scale=w=" + PosterChoice.WIDTH + ":h=" + PosterChoice.HEIGHT
                        + ":flags=area:out_range=pc,format=gray[measure]"));
        arguments.addAll(raw("[frames]", FRAMES));
        arguments.addAll(raw("[measure]", MEASURE));
        return List.copyOf(arguments);
    }

    /**
     * The frame that is shown at {@code atSeconds} of the video, into {@link #FRAMES}; no file where none was found that far back. Every frame up to it
     * overwrites the one before, so that the last stays.
     */
    public static List<String> moment(
            SourceInfo source, VideoStream video, MediaInput file, double atSeconds, Lookback lookback) {
        double moment = video.startSeconds() + atSeconds;
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.add("-copyts");
        if (atSeconds > lookback.seek) {
            arguments.addAll(
                    List.of("-seek_timestamp", "1", "-noaccurate_seek", "-ss", seconds(moment - lookback.seek)));
        }
        arguments.addAll(input(source, file));
        Size size = Size.of(video);
        String from = atSeconds > lookback.window ? "start=" + seconds(moment - lookback.window) + ":" : "";
        arguments.addAll(List.of(
                "-map",
                "0:" + video.index(),
                "-vf",
                "trim=" + from + "end=" + seconds(moment + ROUNDING) + "," + progressive(video)
                        + VideoFilters.sized(video, size.width(), size.height()),
                "-fps_mode",
                "passthrough",
                "-c:v",
                "rawvideo",
                "-f",
                "image2",
                "-update",
                "1",
                FRAMES));
        return List.copyOf(arguments);
    }

    /** The one picture of an attached cover, into {@link #FRAMES}. */
    public static List<String> cover(SourceInfo source, VideoStream cover, MediaInput file) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(input(source, file));
        Size size = Size.of(cover);
        arguments.addAll(List.of(
                "-map",
                "0:" + cover.index(),
                "-vf",
                VideoFilters.sized(cover, size.width(), size.height()),
                "-frames:v",
                "1",
                "-c:v",
                "rawvideo",
                "-f",
                "rawvideo",
                FRAMES));
        return List.copyOf(arguments);
    }

    /** Frame {@code number} (from 0) of {@link #CHOSEN} as a JPEG; its colours are those of JFIF: BT.601, full range. */
    public static List<String> jpeg(Size size, int number, String name) {
        return picture(
                size,
                number,
                "out_color_matrix=bt601:out_range=pc,format=yuvj420p",
                List.of("-c:v", "mjpeg", "-q:v", "3"),
                name);
    }

    /** The same as WebP, whose colours are BT.601 in the range of television. */
    public static List<String> webp(Size size, int number, String name) {
        return picture(
                size,
                number,
                "out_color_matrix=bt601:out_range=tv,format=yuv420p",
                List.of("-c:v", "libwebp", "-quality", "82"),
                name);
    }

    private static List<String> picture(Size size, int number, String colours, List<String> codec, String name) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(List.of(
                "-protocol_whitelist",
                "file",
                "-f",
                "rawvideo",
                "-pixel_format",
                "yuv420p",
                "-video_size",
                size.width() + "x" + size.height(),
                "-i",
                "file:" + CHOSEN,
                "-vf",
                "select=eq(n\\," + number
                        + "),scale=flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix=bt709:in_range=tv:"
                        + colours,
                "-frames:v",
                "1"));
        arguments.addAll(codec);
        arguments.addAll(List.of("-f", "image2", "-update", "1", name));
        return List.copyOf(arguments);
    }

    private static List<String> raw(String from, String name) {
        return List.of(
                "-map",
                from,
                "-frames:v",
                Integer.toString(FRAMES_PER_PLACE),
                "-c:v",
                "rawvideo",
                "-f",
                "rawvideo",
                name);
    }

    private static String progressive(VideoStream video) {
        return video.isInterlaced() ? "bwdif=mode=send_frame:deint=interlaced," : "";
    }

    private static List<String> input(SourceInfo source, MediaInput file) {
        List<String> arguments = new ArrayList<>(file.protocolOptions());
        arguments.addAll(List.of("-format_whitelist", source.demuxer(), "-f", source.demuxer(), "-i", file.name()));
        return arguments;
    }

    private static String seconds(double seconds) {
        return String.format(Locale.ROOT, "%.6f", seconds);
    }
}
