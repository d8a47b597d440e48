package dev.claimcheck.bench;

import dev.claimcheck.media.FfmpegInstallation;
import dev.claimcheck.media.FfmpegSettings;
import dev.claimcheck.media.FfmpegTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Videos with motion, detail and sound to measure with. A kind of clip is encoded once in a run; each use of it is a copy with another tag, so that no two uploads have the same content. Not
 * thread-safe.
 */
final class Clips {
    /** What is longer is this over and over. */
    private static final int LONGEST_ENCODED = 60;

    private final Path folder;
    private final FfmpegTools tools;
    private final Map<Kind, Path> made = new HashMap<>();

    /** A kind of clip: H.264 at 30 frames per second, a keyframe every 2 s. */
    record Kind(int seconds, int width, int height) {
        @Override
        public String toString() {
            return (seconds < 120 ? seconds + " s" : seconds / 60 + " min") + " of " + width + "×" + height;
        }
    }

    Clips(Path folder) {
        this.folder = folder;
        this.tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), folder.resolve("programs"));
    }

    FfmpegTools tools() {
        return tools;
    }

    /** Another one of that kind, in {@code target}; whoever asks deletes it. */
    Path fresh(Kind kind, Path target) throws IOException, InterruptedException {
        Path base = made.get(kind);
        if (base == null) {
            base = kind.seconds() <= LONGEST_ENCODED
                    ? encoded(kind)
                    : repeated(kind, fresh(new Kind(LONGEST_ENCODED, kind.width(), kind.height()), folder));
            made.put(kind, base);
        }
        long tag = System.nanoTime();
        Path file = target.resolve("clip-" + tag + ".mp4");
        execute(
                folder,
                List.of(
                        "-nostdin",
                        "-y",
                        "-loglevel",
                        "error",
                        "-i",
                        base.toString(),
                        "-map",
                        "0",
                        "-c",
                        "copy",
                        "-movflags",
                        "+faststart",
                        "-metadata",
                        "comment=" + tag,
                        file.toString()));
        return file;
    }

    private Path encoded(Kind kind) throws IOException, InterruptedException {
        Path file = folder.resolve("base-" + System.nanoTime() + ".mp4");
        String size = kind.width() + "x" + kind.height();
        // About 6 Mbit/s at 1080p, as cameras write.
        long bits = 3L * kind.width() * kind.height();
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "error"));
        arguments.addAll(List.of("-f", "lavfi", "-i", "testsrc2=size=" + size + ":rate=30:duration=" + kind.seconds()));
        arguments.addAll(List.of("-f", "lavfi", "-i", "sine=frequency=440:duration=" + kind.seconds()));
        arguments.addAll(List.of("-vf", "format=yuv420p,noise=alls=8:allf=t", "-c:v", "libx264"));
        arguments.addAll(List.of("-preset", "ultrafast", "-b:v", Long.toString(bits), "-g", "60", "-c:a", "aac"));
        arguments.add(file.toString());
        execute(folder, arguments);
        return file;
    }

    private Path repeated(Kind kind, Path part) throws IOException, InterruptedException {
        Path list = Files.write(
                folder.resolve("list.txt"),
                Collections.nCopies(kind.seconds() / LONGEST_ENCODED, "file '" + part.toAbsolutePath() + "'"));
        Path file = folder.resolve("base-" + System.nanoTime() + ".mp4");
        List<String> arguments = new ArrayList<>(List.of("-nostdin", "-y", "-loglevel", "error"));
        arguments.addAll(List.of("-f", "concat", "-safe", "0", "-i", list.toString(), "-c", "copy", file.toString()));
        execute(folder, arguments);
        Files.delete(part);
        return file;
    }

    /** Runs ffmpeg to its end. */
    void execute(Path working, List<String> arguments) throws IOException, InterruptedException {
        Process process = start(working, arguments);
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("ffmpeg failed: " + String.join(" ", arguments) + "\n" + output);
        }
    }

    /** Starts ffmpeg; what it says has to be read, or written to a file. */
    Process start(Path working, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(tools.ffmpeg().toString()));
        command.addAll(arguments);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(working.toFile()).redirectErrorStream(true);
        builder.environment().putAll(tools.environment());
        return builder.start();
    }
}
