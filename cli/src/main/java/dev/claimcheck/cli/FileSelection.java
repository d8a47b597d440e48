package dev.claimcheck.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that arguments name: files as they are, of folders the videos and sounds in them and in theirs, in the order of their paths. Hidden files and folders are left out.
 *
 * @param files what is to be uploaded
 * @param foldersNamed whether a folder was among the arguments
 */
record FileSelection(List<Path> files, boolean foldersNamed) {
    private static final Set<String> MEDIA = Set.of(
            "mp4", "m4v", "mov", "qt", "mkv", "webm", "avi", "wmv", "asf", "flv", "f4v", "mpg", "mpeg", "m2v", "vob",
            "ts", "mts", "m2ts", "mxf", "ogv", "ogg", "3gp", "3g2", "dv", "mp3", "m4a", "aac", "wav", "flac", "opus",
            "oga");

    FileSelection {
        files = List.copyOf(files);
    }

    /** @throws UncheckedIOException where a folder cannot be read */
    static FileSelection of(List<Path> arguments) {
        List<Path> files = new ArrayList<>();
        boolean folders = false;
        for (Path argument : arguments) {
            if (Files.isDirectory(argument)) {
                folders = true;
                files.addAll(mediaIn(argument));
            } else {
                files.add(argument);
            }
        }
        return new FileSelection(files, folders);
    }

    private static List<Path> mediaIn(Path folder) {
        try (Stream<Path> tree = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return tree.filter(path -> isVisible(folder.relativize(path)) && isMedia(path) && Files.isRegularFile(path))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the folder " + folder + ": " + e.getMessage(), e);
        }
    }

    private static boolean isVisible(Path below) {
        for (Path part : below) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        return true;
    }

    static boolean isMedia(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot > 0 && MEDIA.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT));
    }
}
