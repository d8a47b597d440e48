package dev.claimcheck.e2e;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file as cameras, phones, editors and broken downloads leave it, made by ffmpeg, and what must become of it.
 *
 * @param arguments ffmpeg's, without the file; {@code VIDEO} and {@code SOUND} stand for inputs, {@code X264} for a cheap encoding
 * @param afterwards what happens to the file once it is there
 * @param frames that must come out; empty where the source itself decides, which is decoded to count them
 * @param height of the picture as it is shown; 0 of sound alone
 */
record RealSource(
        String name,
        String file,
        String arguments,
        UnaryOperator<Path> afterwards,
        int width,
        int height,
        OptionalInt frames,
        boolean hasSound) {
    private static final Pattern VIDEO = Pattern.compile("VIDEO\\(([^)]*)\\)");
    private static final Pattern SOUND = Pattern.compile("SOUND\\(([^)]*)\\)");

    /** With a picture and sound. */
    static RealSource both(String name, String file, String arguments, int width, int height) {
        return new RealSource(name, file, arguments, path -> path, width, height, OptionalInt.empty(), true);
    }

    static RealSource silent(String name, String file, String arguments, int width, int height) {
        return new RealSource(name, file, arguments, path -> path, width, height, OptionalInt.empty(), false);
    }

    static RealSource soundOnly(String name, String file, String arguments) {
        return new RealSource(name, file, arguments, path -> path, 0, 0, OptionalInt.empty(), true);
    }

    RealSource then(UnaryOperator<Path> what) {
        return new RealSource(name, file, arguments, what, width, height, frames, hasSound);
    }

    RealSource ofFrames(int number) {
        return new RealSource(name, file, arguments, afterwards, width, height, OptionalInt.of(number), hasSound);
    }

    boolean hasPicture() {
        return height > 0;
    }

    /** Makes the file. */
    Path make() {
        String all = VIDEO.matcher(arguments).replaceAll(found -> {
            String[] parts = found.group(1).split(",", -1);
            return Matcher.quoteReplacement(
                    "-f lavfi -i testsrc2=size=%s:rate=%s:duration=%s".formatted(parts[0], parts[1], parts[2]));
        });
        all = SOUND.matcher(all)
                .replaceAll(found -> "-f lavfi -i sine=frequency=440:sample_rate=48000:duration=" + found.group(1));
        all = all.replace("X264", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p");
        return afterwards.apply(Clip.odd(file, List.of(all.trim().split(" +")), List.of()));
    }

    /** Frames that ffprobe decodes, of the first video stream. */
    static int decodedFrames(Path file) {
        String counted = Clip.ffprobe(List.of(
                "-v",
                "fatal",
                "-count_frames",
                "-select_streams",
                "V:0",
                "-show_entries",
                "stream=nb_read_frames",
                "-of",
                "csv=p=0",
                file.toString()));
        return Integer.parseInt(
                counted.lines().findFirst().orElse("").replace(",", "").trim());
    }

    /** The same streams, muxed again with other options of ffmpeg before or behind the input. */
    static UnaryOperator<Path> muxed(String before, String behind, String name) {
        return path -> {
            Path made = path.resolveSibling("muxed-" + path.getFileName() + name);
            List<String> arguments = new ArrayList<>(words(before));
            arguments.addAll(List.of("-i", path.toString()));
            arguments.addAll(words(behind));
            arguments.add(made.toString());
            Clip.ffmpeg(arguments);
            return made;
        };
    }

    /** The end of the file is missing. */
    static UnaryOperator<Path> cutTo(int percent) {
        return path -> {
            try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
                file.setLength(file.length() * percent / 100);
                return path;
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" +"));
    }

    @Override
    public String toString() {
        return name;
    }
}
