package dev.claimcheck.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The bundled ffmpeg behind two small scripts that wait while a file named {@code hold} exists. So a drill can stop the world in
 * the very middle of a step, instead of hoping to hit it.
 */
final class HeldFfmpeg {
    private final Path folder;

    HeldFfmpeg() {
        try {
            folder = Files.createTempDirectory(Clip.WORK, "held");
            wrap("ffmpeg", Clip.TOOLS.ffmpeg());
            wrap("ffprobe", Clip.TOOLS.ffprobe());
        } catch (IOException e) {
            throw new IllegalStateException("cannot write the scripts", e);
        }
    }

    /** The environment that makes a service use these scripts. */
    Map<String, String> environment() {
        return Map.of("CLAIMCHECK_MEDIA_FFMPEG", folder.toString());
    }

    /** From now on a process whose arguments contain {@code pattern} (a shell glob) waits before it does anything. */
    void holdOn(String pattern) {
        write(folder.resolve("hold"), pattern);
    }

    /** Lets every held process go on. */
    void letGo() {
        try {
            Files.deleteIfExists(folder.resolve("hold"));
            Files.deleteIfExists(folder.resolve("held"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a process is being held right now. */
    boolean isHolding() {
        return Files.exists(folder.resolve("held"));
    }

    private void wrap(String name, Path real) throws IOException {
        StringBuilder script = new StringBuilder("#!/bin/sh\n");
        Clip.TOOLS
                .environment()
                .forEach((key, value) -> script.append("export ")
                        .append(key)
                        .append("='")
                        .append(value)
                        .append("'\n"));
        script.append(
                "if [ -e '%1$s/hold' ]; then case \"$*\" in $(cat '%1$s/hold')) while [ -e '%1$s/hold' ]; do : >'%1$s/held'; sleep 0.02; done;; esac; fi\n"
                        .formatted(folder));
        script.append("exec '").append(real).append("' \"$@\"\n");
        Path file = folder.resolve(name);
        write(file, script.toString());
        if (!file.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + file + " executable");
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
