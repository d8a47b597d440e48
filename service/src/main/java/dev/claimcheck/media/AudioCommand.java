package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.AudioStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the sound is made: once, as a whole, however the picture is cut. Pure. */
public final class AudioCommand {
    /** Longer than the intro: the segment that the end cuts short is not used. */
    private static final double INTRO_SECONDS = ChunkPlan.INTRO_SECONDS + 1;

    private AudioCommand() {}

    /** The file of the sound, in the working directory. */
    public static String file() {
        return "audio.mp4";
    }

    /** The output of the sound within a command. */
    static List<String> output(AudioStream audio, TranscodeTask task) {
        List<String> arguments = new ArrayList<>(List.of("-map", "0:" + audio.index()));
        double longest = Math.min(
                task.sound() == TranscodeTask.Sound.INTRO ? INTRO_SECONDS : Double.MAX_VALUE,
                task.clipSeconds().orElse(Double.MAX_VALUE));
        if (longest < Double.MAX_VALUE) {
            arguments.addAll(List.of("-t", String.format(Locale.ROOT, "%.3f", longest)));
        }
        String shift = task.source().video().isPresent() || task.clipSeconds().isPresent()
                ? String.format(Locale.ROOT, "asetpts=PTS-(%.6f)/TB,", task.originSeconds())
                : "asetpts=PTS-STARTPTS,";
        String last = AudioEncoder.lastFilter(task.profile());
        arguments.addAll(
                List.of("-af", shift + "aresample=48000:async=1:first_pts=0" + (last.isEmpty() ? "" : "," + last)));
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
                file()));
        return arguments;
    }
}
