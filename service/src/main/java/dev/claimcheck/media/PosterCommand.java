package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Makes the poster: the most typical of some frames from one moment on, with its brightness beside it. Pure. */
public final class PosterCommand {
    private static final int LONGEST_SIDE = 1280;

    private PosterCommand() {}

    /** The picture's file, in the working directory. */
    public static String pictureFile() {
        return "poster.jpg";
    }

    /** The file with the picture's measurements, in the working directory. */
    public static String measurementsFile() {
        return "poster.txt";
    }

    /** The arguments for a poster from {@code atSeconds} after the start on. */
    public static List<String> arguments(SourceInfo source, VideoStream video, MediaInput file, double atSeconds) {
        double scale = Math.min(1, (double) LONGEST_SIDE / Math.max(video.displayWidth(), video.displayHeight()));
        int width = Math.max(2, (int) Math.round(video.displayWidth() * scale / 2) * 2);
        int height = Math.max(2, (int) Math.round(video.displayHeight() * scale / 2) * 2);
        List<String> arguments = new ArrayList<>(
                List.of("-nostdin", "-y", "-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1"));
        arguments.addAll(file.protocolOptions());
        arguments.addAll(List.of("-format_whitelist", source.demuxer(), "-f", source.demuxer()));
        if (atSeconds > 0) {
            arguments.addAll(List.of("-ss", String.format(Locale.ROOT, "%.3f", atSeconds)));
        }
        arguments.addAll(List.of(
                "-i",
                file.name(),
                "-map",
                "0:" + video.index(),
                "-vf",
                "thumbnail=n=24," + VideoFilters.sized(video, width, height)
                        + ",signalstats,metadata=mode=print:key=lavfi.signalstats.YAVG:file=" + measurementsFile(),
                "-frames:v",
                "1",
                "-map_metadata",
                "-1",
                "-c:v",
                "mjpeg",
                "-pix_fmt",
                "yuvj420p",
                "-q:v",
                "3",
                "-f",
                "image2",
                "-update",
                "1",
                pictureFile()));
        return List.copyOf(arguments);
    }
}
