package dev.claimcheck.cli;

import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Shows progress: on a terminal one line that is drawn again, in a pipe a plain line at every tenth. Goes to standard error, so that standard output is
 * left for results. Thread-safe.
 */
final class TerminalProgress {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int ASSUMED_WIDTH = 80;

    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private String phase = "";
    private int tenth = -1;
    private long drawn;
    private boolean open;

    TerminalProgress(PrintStream out, boolean terminal, int width) {
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    static TerminalProgress onStandardError() {
        boolean terminal = Optional.ofNullable(System.console())
                        .filter(Console::isTerminal)
                        .isPresent()
                && !"dumb".equals(System.getenv("TERM"));
        return new TerminalProgress(System.err, terminal, terminal ? terminalWidth() : ASSUMED_WIDTH);
    }

    synchronized void show(String what, double percent, String detail) {
        boolean newPhase = !what.equals(phase);
        if (newPhase) {
            endLine();
            phase = what;
            tenth = -1;
        }
        if (terminal) {
            long now = System.nanoTime();
            if (newPhase || percent >= 100 || now - drawn > REDRAW_NANOS) {
                drawn = now;
                out.print("\r\u001b[K" + ProgressLine.render(what, percent, detail, width - 1));
                out.flush();
                open = true;
            }
        } else if ((int) (percent / 10) > tenth) {
            tenth = (int) (percent / 10);
            out.println(what + " " + Math.round(percent) + " %" + (detail.isEmpty() ? "" : "  " + detail));
        }
    }

    /** Ends the line being drawn, so that other text may follow. */
    synchronized void endLine() {
        if (open) {
            out.println();
            open = false;
        }
    }

    private static int terminalWidth() {
        return columns(Optional.ofNullable(System.getenv("COLUMNS")).orElse(""))
                .or(TerminalProgress::askTerminal)
                .orElse(ASSUMED_WIDTH);
    }

    private static Optional<Integer> askTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(new java.io.File("/dev/tty"))
                    .redirectErrorStream(true)
                    .start();
            String answer = new String(stty.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = stty.waitFor(1, TimeUnit.SECONDS);
            return ended ? columns(answer.replaceFirst("^\\d+ ", "")) : Optional.empty();
        } catch (IOException _) {
            return Optional.empty(); // No stty here: the usual width is assumed.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Integer> columns(String text) {
        return text.matches("\\d{1,4}") && Integer.parseInt(text) >= 20
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
    }
}
