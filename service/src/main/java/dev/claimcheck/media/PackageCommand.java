package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Joins the picture and every track of the sound into one fast-start MP4, without encoding. Pure. */
public final class PackageCommand {
    private PackageCommand() {}

    /**
     * A track of sound in a file of its own.
     *
     * @param language RFC 5646
     * @param name for people
     */
    public record Sound(String file, String language, String name) {}

    /**
     * What is joined; files are in the working directory.
     *
     * @param sounds the first one is what players choose by themselves
     */
    public record Tracks(Optional<String> picture, List<Sound> sounds) {
        public Tracks {
            sounds = List.copyOf(sounds);
        }

        /** The files, in the order of the tracks. */
        public List<String> files() {
            return Stream.concat(picture.stream(), sounds.stream().map(Sound::file))
                    .toList();
        }

        /** The arguments that write {@code target}. */
        public List<String> arguments(String target) {
            return PackageCommand.arguments(files(), sounds, target);
        }
    }

    private static List<String> arguments(List<String> files, List<Sound> sounds, String target) {
        List<String> arguments = new ArrayList<>(CommandFrame.globals());
        files.forEach(file -> arguments.addAll(CommandFrame.track(file)));
        for (int index = 0; index < files.size(); index++) {
            arguments.addAll(List.of("-map", index + ":0"));
        }
        arguments.addAll(List.of("-c", "copy", "-map_metadata", "-1"));
        for (int index = 0; index < sounds.size(); index++) {
            Sound sound = sounds.get(index);
            String track = "s:a:" + index;
            arguments.addAll(List.of(
                    "-metadata:" + track, "language=" + LanguageTag.threeLetters(sound.language()),
                    "-metadata:" + track, "handler_name=" + sound.name(),
                    "-disposition:a:" + index, index == 0 ? "default" : "0"));
        }
        arguments.addAll(List.of("-movflags", "+faststart", "-f", "mp4", target));
        return List.copyOf(arguments);
    }
}
