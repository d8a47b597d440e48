package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.List;

/** Joins picture and sound into one fast-start MP4, without encoding. Pure. */
public final class PackageCommand {
    private PackageCommand() {}

    /** The arguments; files are in the working directory. */
    public static List<String> arguments(List<String> tracks, String target) {
        List<String> arguments = new ArrayList<>(List.of(
                "-nostdin",
                "-y",
                "-hide_banner",
                "-loglevel",
                "warning",
                "-nostats",
                "-progress",
                "pipe:1",
                "-protocol_whitelist",
                "file"));
        for (String track : tracks) {
            arguments.addAll(List.of("-f", "mov", "-i", "file:" + track));
        }
        for (int index = 0; index < tracks.size(); index++) {
            arguments.addAll(List.of("-map", index + ":0"));
        }
        arguments.addAll(List.of("-c", "copy", "-map_metadata", "-1", "-movflags", "+faststart", "-f", "mp4", target));
        return List.copyOf(arguments);
    }
}
