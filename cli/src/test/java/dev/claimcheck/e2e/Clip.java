package dev.claimcheck.e2e;

import dev.claimcheck.media.FfmpegInstallation;
import dev.claimcheck.media.FfmpegSettings;
import dev.claimcheck.media.FfmpegTools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** Real clips, made by the bundled ffmpeg; each call makes different bytes, so that no test meets another's upload. */
final class Clip {
    static final Path WORK = temporaryFolder();
    static final FfmpegTools TOOLS = FfmpegInstallation.locate(FfmpegSettings.defaults(), WORK.resolve("tools"));
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private Clip() {}

    /** H.264 and AAC in MP4. */
    static Path mp4(int seconds, String size) {
        return make(
                "clip.mp4",
                video(seconds, size),
                tone(seconds),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"));
    }

    /** As {@link #mp4}, with what its author called the sound. */
    static Path titled(int seconds, String title) {
        return make(
                "clip.mkv",
                video(seconds, "320x180"),
                tone(seconds),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac", "-metadata:s:a:0", "title=" + title));
    }

    static Path webm(int seconds) {
        return make(
                "clip.webm",
                video(seconds, "320x180"),
                tone(seconds),
                List.of("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-c:a", "libopus"));
    }

    static Path hevcMkv(int seconds) {
        return make(
                "clip.mkv",
                video(seconds, "320x180"),
                tone(seconds),
                List.of("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-c:a", "aac"));
    }

    static Path transportStream(int seconds) {
        return make(
                "clip.ts",
                video(seconds, "320x180"),
                tone(seconds),
                List.of("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"));
    }

    /** Stored as landscape with a display matrix that turns it upright, as phones do. */
    static Path portrait(int seconds) {
        Path landscape = mp4(seconds, "640x360");
        Path turned = WORK.resolve(COUNTER.incrementAndGet() + "-portrait.mp4");
        ffmpeg(List.of("-display_rotation", "90", "-i", landscape.toString(), "-c", "copy", turned.toString()));
        return turned;
    }

    static Path silent(int seconds) {
        return make(
                "silent.mp4", video(seconds, "320x180"), List.of(), List.of("-c:v", "libx264", "-preset", "ultrafast"));
    }

    static Path audioOnly(int seconds) {
        return make("sound.m4a", List.of(), tone(seconds), List.of("-c:a", "aac"));
    }

    /** What the camera or the editor made of it: inputs and codecs as ffmpeg takes them. */
    static Path odd(String name, List<String> inputs, List<String> codecs) {
        return make(name, inputs, List.of(), codecs);
    }

    /** The clip, grown to {@code size} bytes by a box that players skip. */
    static Path padded(Path mp4, long size) {
        try (RandomAccessFile file = new RandomAccessFile(mp4.toFile(), "rw")) {
            long box = size - file.length();
            file.seek(file.length());
            file.writeInt(Math.toIntExact(box));
            file.writeBytes("free");
            byte[] noise = new byte[1 << 16];
            Random random = new Random(size);
            for (long left = box - 8; left > 0; left -= noise.length) {
                random.nextBytes(noise);
                file.write(noise, 0, (int) Math.min(noise.length, left));
            }
            return mp4;
        } catch (IOException e) {
            throw new IllegalStateException("cannot grow the clip", e);
        }
    }

    /** A file of these bytes, for what is no video at all. */
    static Path bytes(String name, byte[] content) {
        try {
            return Files.write(WORK.resolve(COUNTER.incrementAndGet() + "-" + name), content);
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a test file", e);
        }
    }

    static void ffmpeg(List<String> arguments) {
        run(TOOLS.ffmpeg(), arguments, "-nostdin", "-y", "-hide_banner", "-loglevel", "error");
    }

    /** What ffprobe prints for these arguments. */
    static String ffprobe(List<String> arguments) {
        return run(TOOLS.ffprobe(), arguments, "-hide_banner", "-loglevel", "error");
    }

    private static String run(Path program, List<String> arguments, String... first) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(List.of(first));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(TOOLS.environment());
        try {
            Process process = builder.start();
            String output =
                    new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new IllegalStateException(command + " failed: " + output);
            }
            return output;
        } catch (IOException e) {
            throw new IllegalStateException(command + " cannot run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    /** The same file under that name. */
    static Path named(Path file, String name) {
        try {
            Path folder = Files.createTempDirectory(WORK, "named");
            return Files.move(file, folder.resolve(name.replace("/", "")));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Path make(String name, List<String> video, List<String> audio, List<String> codecs) {
        int number = COUNTER.incrementAndGet();
        Path file = WORK.resolve(number + "-" + name);
        List<String> arguments = new ArrayList<>(video);
        arguments.addAll(audio);
        arguments.addAll(codecs);
        arguments.addAll(
                List.of("-metadata", "comment=" + number + "-" + System.nanoTime(), "-shortest", file.toString()));
        ffmpeg(arguments);
        return file;
    }

    private static List<String> video(int seconds, String size) {
        return List.of("-f", "lavfi", "-i", "testsrc2=duration=" + seconds + ":size=" + size + ":rate=30");
    }

    private static List<String> tone(int seconds) {
        return List.of("-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=" + seconds);
    }

    private static Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("claimcheck-e2e");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> deleteTree(folder)));
            return folder;
        } catch (IOException e) {
            throw new IllegalStateException("no temporary folder", e);
        }
    }

    static void deleteTree(Path folder) {
        try {
            new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException("cannot remove " + folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
