package dev.claimcheck.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Progress of several things at once: on a terminal a line for each that goes on and one for all together, drawn again in place, with what has ended above them; in a pipe a plain line for each end and for every
 * tenth of the whole. Goes to standard error. Thread-safe.
 */
final class Board {
    private static final long REDRAW_NANOS = 100_000_000L;
    private static final int SPARED = 3;
    private static final int WIDEST_NAME = 32;
    private static final String UP = "\u001b[%dA";
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream out;
    private final Terminal terminal;
    private final LongSupplier nanoTime;
    private final List<Row> rows = new ArrayList<>();
    private String total = "";
    private double totalPercent;
    private List<String> totalDetails = List.of("");
    private int tenth;
    private int drawn;
    private long drawnAt;
    private boolean over;

    Board(PrintStream out, Terminal terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    static Board onStandardError() {
        return new Board(System.err, Terminal.ofStandardError(), System::nanoTime);
    }

    /** Something that goes on. */
    final class Row {
        private final String name;
        private double percent;
        private List<String> details = List.of("");

        private Row(String name) {
            this.name = TextWidth.plain(name);
        }

        /** @param said the same thing at length, then ever shorter */
        void show(double done, List<String> said) {
            synchronized (Board.this) {
                percent = done;
                details = List.copyOf(said);
                draw(false);
            }
        }

        /** It has ended; that sentence stays. */
        void end(String sentence) {
            synchronized (Board.this) {
                rows.remove(this);
                say(sentence);
            }
        }
    }

    /** Something begins. */
    synchronized Row begin(String name) {
        Row row = new Row(name);
        rows.add(row);
        draw(false);
        return row;
    }

    /** All of it together. */
    synchronized void total(String name, double percent, List<String> details) {
        total = name;
        totalPercent = percent;
        totalDetails = List.copyOf(details);
        if (terminal.interactive()) {
            draw(false);
        } else if (!over && (int) (percent / 10) > tenth) {
            tenth = (int) (percent / 10);
            out.println(name + " " + Math.round(percent) + " %  " + details.getFirst());
            out.flush();
        }
    }

    /** A sentence that stays, above what goes on. */
    synchronized void say(String sentence) {
        if (over) {
            return;
        }
        wipe();
        out.println(TextWidth.plain(sentence));
        out.flush();
        draw(true);
    }

    /** The last sentence, for the end of the program; nothing is shown after it. */
    synchronized void sayLast(String sentence) {
        if (over) {
            return;
        }
        wipe();
        over = true;
        out.println(sentence);
        out.flush();
    }

    /** What goes on is over; nothing more is shown. */
    synchronized void close() {
        wipe();
        out.flush();
        over = true;
    }

    private void draw(boolean atOnce) {
        long now = nanoTime.getAsLong();
        if (over || !terminal.interactive() || (!atOnce && now - drawnAt < REDRAW_NANOS)) {
            return;
        }
        drawnAt = now;
        StringBuilder frame = new StringBuilder(back());
        List<String> lines = lines();
        lines.forEach(line -> frame.append(CLEAR).append(line).append('\n'));
        int left = drawn - lines.size();
        if (left > 0) {
            frame.append((CLEAR + "\n").repeat(left)).append(String.format(UP, left));
        }
        drawn = lines.size();
        out.print(frame);
        out.flush();
    }

    private List<String> lines() {
        int room = terminal.width() - SPARED;
        int name = Math.min(
                Math.min(WIDEST_NAME, room / 3),
                rows.stream().mapToInt(row -> TextWidth.of(row.name)).max().orElse(0));
        List<String> lines = new ArrayList<>();
        rows.stream()
                .limit(Math.max(1, terminal.height() - 3L))
                .forEach(row -> lines.add(ProgressLine.render(
                        TextWidth.fit(TextWidth.cutMiddle(row.name, name), name),
                        row.percent,
                        choice(row.details),
                        room)));
        if (!total.isEmpty()) {
            lines.add(ProgressLine.render(
                    TextWidth.fit(total, Math.max(name, TextWidth.of(total))),
                    totalPercent,
                    choice(totalDetails),
                    room));
        }
        return lines;
    }

    /** Bars of all lines are equally wide where there is a choice of words in each. */
    private static List<String> choice(List<String> details) {
        return details.size() > 1 ? details : List.of(details.getFirst(), "");
    }

    private void wipe() {
        if (drawn > 0) {
            out.print(back() + (CLEAR + "\n").repeat(drawn) + back());
            drawn = 0;
        }
    }

    private String back() {
        return drawn == 0 ? "" : String.format(UP, drawn);
    }
}
