package dev.claimcheck.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The bundled ffmpeg behind two small scripts that wait while a file named {@code hold} exists. So a drill can stop the world in
 * the very middle of a step, instead of hoping to hit it. The scripts run in the service's sandbox: they see this folder alone, and cannot write to it.
 */
final class HeldFfmpeg {
    private static final String LAST_WORDS = "frame 17 is torn";

    private final Path folder;
    /** What a held script runs again and again; nobody else sleeps exactly so long. */
    private final String nap = "sleep 0.02" + System.nanoTime();

    HeldFfmpeg() {
        try {
            folder = Files.createTempDirectory(Clip.WORK, "held");
            linkPrograms(folder.resolve("real"));
            wrap("ffmpeg");
            wrap("ffprobe");
        } catch (IOException e) {
            throw new IllegalStateException("cannot write the scripts", e);
        }
    }

    /** The environment that makes a service use these scripts. */
    Map<String, String> environment() {
        return Map.of("CLAIMCHECK_MEDIA_FFMPEG", folder.toString());
    }

    /** The script in front of ffmpeg. */
    Path program() {
        return folder.resolve("ffmpeg");
    }

    /** From now on a process whose arguments contain {@code pattern} (a shell glob) waits before it does anything. */
    void holdOn(String pattern) {
        write(folder.resolve("hold"), pattern);
    }

    /** From now on a process whose arguments contain {@code pattern} fails, as over a damaged file; an empty one lets all succeed again. */
    void failOn(String pattern) {
        failOn(pattern, LAST_WORDS);
    }

    /** As above, with these last words. */
    void failOn(String pattern, String words) {
        write(folder.resolve("words"), words);
        write(folder.resolve("fail"), pattern);
    }

    /** Lets every held process go on. */
    void letGo() {
        try {
            Files.deleteIfExists(folder.resolve("hold"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether a process is being held right now. */
    boolean isHolding() {
        return ProcessHandle.allProcesses()
                .anyMatch(process -> Server.commandLine(process.pid()).equals(nap));
    }

    private static void linkPrograms(Path real) throws IOException {
        Path programs = Objects.requireNonNull(Clip.TOOLS.ffmpeg().getParent());
        try (Stream<Path> tree = Files.walk(programs)) {
            for (Path from : tree.toList()) {
                Path to = real.resolve(programs.relativize(from));
                if (Files.isDirectory(from)) {
                    Files.createDirectory(to);
                } else {
                    Files.createLink(to, from);
                }
            }
        }
    }

    private void wrap(String name) throws IOException {
        String script = """
                #!/bin/sh
                export LD_LIBRARY_PATH='%1$s/real:%1$s/real/stubs'
                if [ -e '%1$s/hold' ]; then
                  case "$*" in
                    $(cat '%1$s/hold')) while [ -e '%1$s/hold' ]; do %2$s; done;;
                  esac
                fi
                if [ -e '%1$s/fail' ]; then
                  case "$*" in
                    $(cat '%1$s/fail')) cat '%1$s/words' >&2; echo >&2; echo 'Invalid data found when processing input' >&2; exit 1;;
                  esac
                fi
                exec '%1$s/real/%3$s' "$@"
                """.formatted(folder, nap, name);
        Path file = folder.resolve(name);
        write(file, script);
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
