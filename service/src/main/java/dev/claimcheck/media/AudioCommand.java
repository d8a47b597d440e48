package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.AudioStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the sound is made: once, as a whole, however the picture is cut. Pure. */
public final class AudioCommand {
    /** Longer than the intro: the segment that the end cuts short is not used. */
    private static final double INTRO_SECONDS = ChunkPlan.INTRO_SECONDS + 1;
    /** All of a shorter sound is there within 3 s of work. */
    private static final double LONG = 300;

    private static final double LEAST_BEGINNING = 120;
    private static final double BEGINNING_SHARE = 0.05;

    /** In seconds; what is left out further behind the picture's end. */
    private static final int LONGEST_GAP_BEHIND = 10;

    private AudioCommand() {}

    /** The file of a track of the sound, in the working directory; the first is number 1. */
    public static String file(int number) {
        return number == 1 ? "audio.mp4" : "audio-" + number + ".mp4";
    }

    /** The command that makes these tracks of the source, and nothing else. The source is read once for all of them. */
    public static List<String> arguments(TranscodeTask task, List<Integer> numbers, MediaInput file) {
        List<String> arguments = new ArrayList<>(TranscodeCommand.globals());
        arguments.addAll(TranscodeCommand.input(task.source(), file));
        for (int number : numbers) {
            arguments.addAll(output(number, task));
        }
        return List.copyOf(arguments);
    }

    /** Whether a sound so long is first made as far as {@link #beginningSeconds}. */
    public static boolean hasBeginning(double seconds) {
        return seconds > LONG;
    }

    /** How much of a sound so long is made before the whole, in seconds: the picture is not made twenty times as fast as the sound. */
    public static double beginningSeconds(double seconds) {
        return Math.max(LEAST_BEGINNING, seconds * BEGINNING_SHARE);
    }

    private static double mostSeconds(TranscodeTask task) {
        return switch (task.sound()) {
            case INTRO -> INTRO_SECONDS;
            case BEGINNING -> beginningSeconds(task.source().durationSeconds()) + 1;
            case NONE, WHOLE -> Double.MAX_VALUE;
        };
    }

    /** The output of the sound within a command. */
    static List<String> output(int number, TranscodeTask task) {
        AudioStream audio = task.source().audioTracks().get(number - 1);
        List<String> arguments = new ArrayList<>(List.of("-map", "0:" + audio.index()));
        double longest = Math.min(mostSeconds(task), task.clipSeconds().orElse(Double.MAX_VALUE));
        if (longest < Double.MAX_VALUE) {
            arguments.addAll(List.of("-t", String.format(Locale.ROOT, "%.3f", longest)));
        }
        String last = AudioEncoder.lastFilter(task.profile());
        arguments.addAll(List.of(
                "-af",
                shift(number, task) + withoutStray(task) + ",aresample=48000:async=1:first_pts=0"
                        + (last.isEmpty() ? "" : "," + last)));
        arguments.addAll(AudioEncoder.arguments(task.profile(), audio.channels()));
        arguments.addAll(List.of(
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
                Long.toString(TranscodeCommand.SEGMENT_SECONDS * 1_000_000L),
                file(number)));
        return arguments;
    }

    /**
     * Gaps in the sound are filled with silence while there is a picture. What comes behind a long one that ends when the picture is over is a stray timestamp: left out, else a jump by an hour
     * would be an hour of silence.
     */
    private static String withoutStray(TranscodeTask task) {
        double end =
                task.source().video().map(SourceInfo.VideoStream::endSeconds).orElse(0.0) - task.originSeconds();
        return end <= 0
                ? ""
                : String.format(
                        Locale.ROOT,
                        ",aselect='isnan(t)+lt(t-if(isnan(prev_selected_t),0,prev_selected_t),%d)+lte(t,%.3f)'",
                        LONGEST_GAP_BEHIND,
                        end);
    }

    /** Everything counts from the first picture; where there is none, from the first sound of the default track. */
    private static String shift(int number, TranscodeTask task) {
        if (task.source().video().isPresent() || task.clipSeconds().isPresent()) {
            return String.format(Locale.ROOT, "asetpts=PTS-(%.6f)/TB", task.originSeconds());
        }
        return number == 1
                ? "asetpts=PTS-STARTPTS"
                : String.format(
                        Locale.ROOT,
                        "asetpts=PTS-(%.6f)/TB",
                        task.source().audioTracks().getFirst().startSeconds());
    }
}
