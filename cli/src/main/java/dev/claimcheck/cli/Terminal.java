package dev.claimcheck.cli;

import java.io.Console;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What an output stream is connected to.
 *
 * @param interactive whether somebody looks at it
 * @param width in columns
 * @param height in lines
 * @param colours whether colours may be used; never by convention of {@code NO_COLOR}
 */
record Terminal(boolean interactive, int width, int height, boolean colours) {
    private static final int ASSUMED_WIDTH = 80;
    private static final int ASSUMED_HEIGHT = 24;
    private static final int LEAST_WIDTH = 20;

    /** A pipe or a file: nothing is cut, nothing is coloured. */
    static final Terminal NONE = new Terminal(false, Integer.MAX_VALUE, Integer.MAX_VALUE, false);

    static Terminal ofStandardOutput() {
        return of(1, System.getenv());
    }

    static Terminal ofStandardError() {
        return of(2, System.getenv());
    }

    private static Terminal of(int descriptor, Map<String, String> environment) {
        if (!isTerminal(descriptor)) {
            return NONE;
        }
        boolean dumb = "dumb".equals(environment.get("TERM"));
        int[] size = size(environment);
        return new Terminal(!dumb, size[0], size[1], !dumb && mayColour(environment));
    }

    /** See no-color.org. */
    static boolean mayColour(Map<String, String> environment) {
        return environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd", Integer.toString(descriptor));
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException _) {
            // No such file system here: Java knows of both streams together at least.
            return Optional.ofNullable(System.console())
                    .filter(Console::isTerminal)
                    .isPresent();
        }
    }

    private static int[] size(Map<String, String> environment) {
        int[] asked = askTerminal().orElse(new int[] {ASSUMED_WIDTH, ASSUMED_HEIGHT});
        String columns = environment.getOrDefault("COLUMNS", "");
        int width = columns.matches("\\d{1,4}") && Integer.parseInt(columns) >= LEAST_WIDTH
                ? Integer.parseInt(columns)
                : asked[0];
        return new int[] {width, asked[1]};
    }

    private static Optional<int[]> askTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
            return ended ? parse(answer) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // No stty here: the usual size is assumed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Lines and columns; a terminal that does not know its size says 0. */
    static Optional<int[]> parse(String answer) {
        if (!answer.matches("\\d{1,4} \\d{1,4}")) {
            return Optional.empty();
        }
        int width = Integer.parseInt(answer.substring(answer.indexOf(' ') + 1));
        int height = Integer.parseInt(answer.substring(0, answer.indexOf(' ')));
        return width < LEAST_WIDTH
                ? Optional.empty()
                : Optional.of(new int[] {width, height == 0 ? ASSUMED_HEIGHT : height});
    }
}
