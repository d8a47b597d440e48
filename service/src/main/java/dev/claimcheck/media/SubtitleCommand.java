package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.SubtitleStream;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that takes text subtitles out of a source, all in one reading. ASS is what ffmpeg makes of every kind of text before it writes another; its own
 * WebVTT would show the drawings of styled subtitles as text. Pure.
 */
public final class SubtitleCommand {
    /** More than the longest film's subtitles take; what is beyond is cut off. */
    public static final long MOST_BYTES = 8_000_000;

    private SubtitleCommand() {}

    /** The file of a stream, in the working directory. */
    public static String file(SubtitleStream stream) {
        return "subtitles-" + stream.index() + ".ass";
    }

    /** The arguments; times stay those of the source's own clock. */
    public static List<String> arguments(SourceInfo source, MediaInput file, List<SubtitleStream> streams) {
        List<String> arguments = new ArrayList<>(
                List.of("-nostdin", "-y", "-hide_banner", "-loglevel", "warning", "-nostats", "-progress", "pipe:1"));
        arguments.addAll(file.protocolOptions());
        arguments.addAll(
                List.of("-format_whitelist", source.demuxer(), "-copyts", "-f", source.demuxer(), "-i", file.name()));
        for (SubtitleStream stream : streams) {
            arguments.addAll(List.of(
                    "-map",
                    "0:" + stream.index(),
                    "-map_metadata",
                    "-1",
                    "-c:s",
                    "ass",
                    "-fs",
                    Long.toString(MOST_BYTES),
                    "-f",
                    "ass",
                    file(stream)));
        }
        return List.copyOf(arguments);
    }
}
