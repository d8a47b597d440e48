package dev.claimcheck.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Shows progress: on a terminal one line that is drawn again, in a pipe a plain line at every tenth. Goes to standard error, so that standard output is
 * left for results. Thread-safe.
 */
final class TerminalProgress {
    private static final long REDRAW_NANOS = 100_000_000L;
    /** The cursor stands behind the line, and a "^C" may follow. */
    private static final int SPARED = 3;

    private final LongSupplier nanoTime;
    private final PrintStream out;
    private final boolean terminal;
    private final int width;
    private String phase = "";
    private int tenth = -1;
    private long drawn;
    private boolean open;
    private boolean over;

    TerminalProgress(PrintStream out, boolean terminal, int width) {
        this(out, terminal, width, System::nanoTime);
    }

    /** The same by another clock, for tests. */
    TerminalProgress(PrintStream out, boolean terminal, int width, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.out = out;
        this.terminal = terminal;
        this.width = width;
    }

    static TerminalProgress onStandardError() {
        Terminal terminal = Terminal.ofStandardError();
        return new TerminalProgress(System.err, terminal.interactive(), terminal.width());
    }

    synchronized void show(String what, double percent, String detail) {
        show(what, percent, List.of(detail));
    }

    /** @param details the same thing said at length, then ever shorter, for narrow terminals */
    synchronized void show(String what, double percent, List<String> details) {
        if (over) {
            return;
        }
        boolean newPhase = !what.equals(phase);
        if (newPhase) {
            endLine();
            phase = what;
            tenth = -1;
        }
        if (terminal) {
            long now = nanoTime.getAsLong();
            if (newPhase || percent >= 100 || now - drawn > REDRAW_NANOS) {
                drawn = now;
                out.print("\r\u001b[K" + ProgressLine.render(what, percent, details, width - SPARED));
                out.flush();
                open = true;
            }
        } else if ((int) (percent / 10) > tenth) {
            tenth = (int) (percent / 10);
            String detail = details.getFirst();
            out.println(what.strip() + " " + Math.round(percent) + " %" + (detail.isEmpty() ? "" : "  " + detail));
        }
    }

    /** Says one sentence on a line of its own; the progress goes on below it. */
    synchronized void say(String sentence) {
        if (over) {
            return;
        }
        if (open) {
            out.print("\r\u001b[K");
            open = false;
            drawn = 0;
        }
        out.println(sentence);
        out.flush();
    }

    /** The program is being ended: says that last sentence below what is shown, and nothing after it. */
    synchronized void sayLast(String sentence) {
        endLine();
        over = true;
        out.println(sentence);
        out.flush();
    }

    /** Ends what is being shown: the next thing begins anew, whatever it is called. */
    synchronized void end() {
        endLine();
        phase = "";
    }

    /** Ends the line being drawn, so that other text may follow. */
    synchronized void endLine() {
        if (open) {
            out.println();
            open = false;
        }
    }
}
