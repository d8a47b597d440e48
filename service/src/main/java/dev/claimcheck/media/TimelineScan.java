package dev.claimcheck.media;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads the times of a source's frames from its packets, without decoding. Thread-safe. */
public final class TimelineScan {
    private final MediaProcesses processes;

    public TimelineScan(MediaProcesses processes) {
        this.processes = processes;
    }

    /** The whole timeline. Reads the whole file: about 1.5 s per hour of video. */
    public Timeline whole(SourceInfo source, MediaInput input, Path scratch) throws InterruptedException {
        return scan(source, input, scratch, List.of());
    }

    /** The timeline as far as the first {@code seconds}; frames are complete up to there, a few later ones may be in it. */
    public Timeline beginning(SourceInfo source, MediaInput input, Path scratch, double seconds)
            throws InterruptedException {
        // Packets come in decoding order: a second more holds every frame that is shown before.
        return scan(
                source, input, scratch, List.of("-read_intervals", String.format(Locale.ROOT, "%%+%.3f", seconds + 1)));
    }

    private Timeline scan(SourceInfo source, MediaInput input, Path scratch, List<String> interval)
            throws InterruptedException {
        TimelineReader reader = new TimelineReader();
        ProcessResult result =
                processes.ffprobe(arguments(source, input, interval), List.of(input), scratch, reader::line);
        return switch (result.ending()) {
            // What is broken at its end is read as far as it goes.
            case SUCCESS, ERROR -> reader.timeline();
            case KILLED, TIMED_OUT, DISK_FULL, OUTPUT_TOO_LARGE, INPUT_LOST, TOO_DEMANDING ->
                throw new MediaTroubleException(
                        "the source could not be scanned: " + result.ending() + " " + result.usefulLine(), null);
        };
    }

    static List<String> arguments(SourceInfo source, MediaInput input, List<String> interval) {
        List<String> what = new ArrayList<>(List.of(
                "-select_streams",
                Integer.toString(source.video().orElseThrow().index()),
                "-show_entries",
                "packet=pts,duration,flags:stream=time_base:format=start_time",
                "-of",
                "compact"));
        what.addAll(interval);
        return MediaProbe.arguments(input, source.demuxer(), what.toArray(String[]::new));
    }
}
