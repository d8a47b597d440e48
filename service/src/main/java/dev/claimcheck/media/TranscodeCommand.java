package dev.claimcheck.media;

import dev.claimcheck.job.WatermarkPlacement;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The one command that makes every rendition from one decode, and the sound where that is asked for, each as a fragmented MP4 whose fragments are the segments. Pure: it
 * only makes the argument list. The recipe and what breaks the others: docs/decisions/0004 and 0007.
 */
public final class TranscodeCommand {
    /** A segment starts at the first frame at or after each multiple of this. */
    public static final int SEGMENT_SECONDS = 4;

    /** Of the video tracks that are written, in ticks per second. */
    public static final int TIMESCALE = 90_000;

    /** Fragments are the segments, each keeps its own time, and nothing of the source's tags or of the encoder's version gets in. */
    static final List<String> CONTAINER = List.of(
            "-map_metadata",
            "-1",
            "-map_chapters",
            "-1",
            "-fflags",
            "+bitexact",
            "-f",
            "mp4",
            "-movflags",
            "+cmaf+frag_keyframe+frag_discont");

    private TranscodeCommand() {}

    /** The file of a rendition, in the working directory. */
    public static String videoFile(Rendition rendition) {
        return "video-" + rendition.name() + ".mp4";
    }

    /** The arguments after the program's name. */
    public static List<String> arguments(TranscodeTask task, MediaInput file, Optional<MediaInput> watermark) {
        SourceInfo source = task.source();
        List<String> arguments = new ArrayList<>(globals());
        task.chunk().ifPresent(chunk -> {
            if (!chunk.opens()) {
                // Of a damaged source a later chunk may hold nothing that can be decoded: the others are a video
                // nevertheless.
                arguments.addAll(List.of("-threads", "1", "-max_error_rate", "1"));
            }
            if (chunk.seekSeconds() >= 0) {
                arguments.addAll(
                        List.of("-noaccurate_seek", "-ss", String.format(Locale.ROOT, "%.6f", chunk.seekSeconds())));
            }
        });
        arguments.addAll(input(source, file));
        Optional<WatermarkPlacement> placement = task.watermark().filter(_ -> watermark.isPresent());
        watermark
                .filter(_ -> task.watermark().isPresent() && !task.renditions().isEmpty())
                .ifPresent(picture -> arguments.addAll(WatermarkFilter.input(picture)));
        source.video().filter(_ -> !task.renditions().isEmpty()).ifPresent(video -> {
            arguments.addAll(List.of("-filter_complex", graph(video, task, placement)));
            for (int index = 0; index < task.renditions().size(); index++) {
                arguments.addAll(video(task, index));
            }
        });
        source.audio()
                .filter(_ -> task.sound() != TranscodeTask.Sound.NONE)
                .ifPresent(_ -> arguments.addAll(AudioCommand.output(1, task)));
        return List.copyOf(arguments);
    }

    /** Options of the whole command. */
    static List<String> globals() {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        arguments.addAll(List.of("-stats_period", "0.5"));
        return List.copyOf(arguments);
    }

    /** The one input: this source alone, by the demuxer that its content calls for. */
    static List<String> input(SourceInfo source, MediaInput file) {
        List<String> arguments = new ArrayList<>(file.protocolOptions());
        arguments.addAll(
                List.of("-format_whitelist", source.demuxer(), "-copyts", "-f", source.demuxer(), "-i", file.name()));
        return arguments;
    }

    private static String graph(VideoStream video, TranscodeTask task, Optional<WatermarkPlacement> watermark) {
        List<Rendition> renditions = task.renditions();
        StringBuilder graph = new StringBuilder(
                "[0:" + video.index() + "]" + VideoFilters.common(video, task) + ",split=" + renditions.size());
        for (int index = 0; index < renditions.size(); index++) {
            graph.append("[s").append(index).append(']');
        }
        watermark.ifPresent(placed -> graph.append(';').append(WatermarkFilter.prepared(1, placed, renditions)));
        for (int index = 0; index < renditions.size(); index++) {
            Rendition rendition = renditions.get(index);
            graph.append(";[s").append(index).append(']');
            graph.append(VideoFilters.sized(video, rendition.width(), rendition.height()));
            if (watermark.isPresent()) {
                graph.append(',').append(WatermarkFilter.overlaid(index, watermark.get(), rendition));
            }
            graph.append("[v").append(index).append(']');
        }
        return graph.toString();
    }

    private static List<String> video(TranscodeTask task, int index) {
        Rendition rendition = task.renditions().get(index);
        List<String> arguments = new ArrayList<>(
                List.of("-map", "[v" + index + "]", "-fps_mode", "passthrough", "-enc_time_base", "1:90000"));
        arguments.addAll(VideoEncoder.arguments(
                task.profile(), rendition, task.frameRate(), task.chunk().isPresent()));
        arguments.addAll(task.chunk().map(TranscodeCommand::keyframes).orElseGet(TranscodeCommand::regularKeyframes));
        arguments.addAll(CONTAINER);
        arguments.addAll(List.of("-video_track_timescale", Integer.toString(TIMESCALE), videoFile(rendition)));
        return arguments;
    }

    /** The first frame of all is a keyframe by itself. Times are rounded down: after its frame, the next one would be the keyframe. */
    private static List<String> keyframes(Chunk chunk) {
        return VideoEncoder.keyFramesAt(chunk.segments().stream()
                .skip(chunk.warmUpTick().isPresent() ? 0 : 1)
                .map(Chunk.Segment::micros)
                .toList());
    }

    /** What is made in one go has no other chunks to keep the processors busy. */
    private static List<String> regularKeyframes() {
        List<String> arguments = new ArrayList<>(VideoEncoder.keyFramesEvery(SEGMENT_SECONDS));
        arguments.addAll(List.of("-threads", "0"));
        return arguments;
    }
}
