package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.AudioStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The one command that makes every rendition from one decode, and the sound, each as a fragmented MP4 whose fragments are the segments. Pure: it
 * only makes the argument list. The recipe and what breaks the others: docs/decisions/0004.
 */
public final class TranscodeCommand {
    /** A segment starts at the first frame at or after each multiple of this. */
    public static final int SEGMENT_SECONDS = 4;

    private TranscodeCommand() {}

    /** The file of a rendition, in the working directory. */
    public static String videoFile(Rendition rendition) {
        return "video-" + rendition.name() + ".mp4";
    }

    /** The file of the sound, in the working directory. */
    public static String audioFile() {
        return "audio.mp4";
    }

    /** The arguments after the program's name. */
    public static List<String> arguments(SourceInfo source, MediaInput file, List<Rendition> renditions) {
        List<String> arguments = new ArrayList<>(input(source, file));
        source.video().ifPresent(video -> {
            arguments.addAll(List.of("-filter_complex", graph(video, renditions)));
            for (int index = 0; index < renditions.size(); index++) {
                arguments.addAll(video(renditions.get(index), index));
            }
        });
        source.audio().ifPresent(audio -> arguments.addAll(audio(source, audio)));
        return List.copyOf(arguments);
    }

    /** Global options and the one input: this source alone, by the demuxer that its content calls for. */
    static List<String> input(SourceInfo source, MediaInput file) {
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin",
                "-y",
                "-hide_banner",
                "-loglevel",
                "warning",
                "-nostats",
                "-progress",
                "pipe:1",
                "-stats_period",
                "0.5"));
        arguments.addAll(file.protocolOptions());
        arguments.addAll(
                List.of("-format_whitelist", source.demuxer(), "-copyts", "-f", source.demuxer(), "-i", file.name()));
        return arguments;
    }

    private static String graph(VideoStream video, List<Rendition> renditions) {
        StringBuilder graph = new StringBuilder(
                "[0:" + video.index() + "]" + VideoFilters.common(video) + ",split=" + renditions.size());
        for (int index = 0; index < renditions.size(); index++) {
            graph.append("[s").append(index).append(']');
        }
        for (int index = 0; index < renditions.size(); index++) {
            Rendition rendition = renditions.get(index);
            graph.append(";[s")
                    .append(index)
                    .append(']')
                    .append(VideoFilters.sized(video, rendition.width(), rendition.height()))
                    .append("[v")
                    .append(index)
                    .append(']');
        }
        return graph.toString();
    }

    private static List<String> video(Rendition rendition, int index) {
        return List.of(
                "-map",
                "[v" + index + "]",
                "-fps_mode",
                "passthrough",
                "-enc_time_base",
                "1:90000",
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "22",
                "-maxrate",
                Long.toString(rendition.maxBitRate()),
                "-bufsize",
                Long.toString(rendition.maxBitRate() * 2),
                "-profile:v",
                "high",
                "-g",
                "1000",
                "-sc_threshold",
                "0",
                "-flags",
                "+cgop",
                "-forced-idr",
                "1",
                "-force_key_frames",
                "expr:gte(t,n_forced*" + SEGMENT_SECONDS + ")",
                "-map_metadata",
                "-1",
                "-map_chapters",
                "-1",
                "-fflags",
                "+bitexact",
                "-f",
                "mp4",
                "-movflags",
                "+cmaf+frag_keyframe+frag_discont",
                "-video_track_timescale",
                "90000",
                videoFile(rendition));
    }

    /** Dropping the priming packet gives a first timestamp of 0 without an edit list. */
    private static List<String> audio(SourceInfo source, AudioStream audio) {
        double origin = source.video().map(VideoStream::startSeconds).orElse(0.0);
        String shift = source.video().isPresent()
                ? String.format(Locale.ROOT, "asetpts=PTS-(%.6f)/TB,", origin)
                : "asetpts=PTS-STARTPTS,";
        return List.of(
                "-map",
                "0:" + audio.index(),
                "-af",
                shift + "aresample=48000:async=1:first_pts=0",
                "-ac",
                audio.channels() == 1 ? "1" : "2",
                "-c:a",
                "aac",
                "-b:a",
                audio.channels() == 1 ? "96k" : "160k",
                "-bsf:a",
                "noise=drop=lt(pts\\,0)",
                "-map_metadata",
                "-1",
                "-map_chapters",
                "-1",
                "-fflags",
                "+bitexact",
                "-f",
                "mp4",
                "-movflags",
                "+cmaf+frag_discont",
                "-frag_duration",
                Long.toString(SEGMENT_SECONDS * 1_000_000L),
                audioFile());
    }
}
