package dev.claimcheck.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Rows in columns that fit the terminal: first the columns that may give way get narrower, then those that are there only where there is room are left out. In a pipe nothing is cut, and there are no headings. Texts of
 * strangers are made harmless here. Not thread-safe.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int NARROWEST = 6;

    private final List<Column> columns;
    private final List<List<Cell>> rows = new ArrayList<>();

    /** How a column gives way when the terminal is narrow. */
    enum Room {
        /** It does not. */
        FIXED,
        /** Its texts are cut. */
        SHRINKING,
        /** It is left out; the last one first. */
        OPTIONAL
    }

    /** A column. */
    record Column(String heading, Room room, boolean right, boolean ends) {
        static Column fixed(String heading) {
            return new Column(heading, Room.FIXED, false, false);
        }

        static Column shrinking(String heading) {
            return new Column(heading, Room.SHRINKING, false, false);
        }

        static Column optional(String heading) {
            return new Column(heading, Room.OPTIONAL, false, false);
        }

        /** Of names, which keep both their ends when they are cut. */
        static Column names(String heading) {
            return new Column(heading, Room.SHRINKING, false, true);
        }

        /** The same for numbers. */
        Column number() {
            return new Column(heading, room, true, ends);
        }
    }

    private record Cell(String text, Style style) {}

    Table(Column... columns) {
        this.columns = List.of(columns);
    }

    /** A row of texts; a status word among them is coloured as such. */
    Table row(String... texts) {
        if (texts.length != columns.size()) {
            throw new IllegalArgumentException(texts.length + " texts for " + columns.size() + " columns");
        }
        rows.add(IntStream.range(0, texts.length)
                .mapToObj(index -> new Cell(
                        TextWidth.plain(texts[index]),
                        columns.get(index).heading().matches("STATUS|STATE|OUTCOME|CIRCUIT")
                                ? Style.ofStatus(texts[index])
                                : Style.PLAIN))
                .toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    void print(PrintWriter out, Terminal terminal) {
        lines(terminal).forEach(out::println);
    }

    List<String> lines(Terminal terminal) {
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        int[] widths = widths(terminal, shown);
        List<String> lines = new ArrayList<>();
        if (terminal.interactive()) {
            lines.add(line(
                    shown,
                    widths,
                    columns.stream()
                            .map(column -> new Cell(column.heading(), Style.FAINT))
                            .toList(),
                    terminal));
        }
        rows.forEach(row -> lines.add(line(shown, widths, row, terminal)));
        return lines;
    }

    private int[] widths(Terminal terminal, List<Integer> shown) {
        int[] widths = new int[columns.size()];
        for (int index = 0; index < widths.length; index++) {
            int column = index;
            widths[index] = Math.max(
                    terminal.interactive() ? TextWidth.of(columns.get(index).heading()) : 0,
                    rows.stream()
                            .mapToInt(row -> TextWidth.of(row.get(column).text()))
                            .max()
                            .orElse(0));
        }
        int over = total(shown, widths) - terminal.width();
        for (int index = widths.length - 1; index >= 0 && over > 0; index--) {
            if (columns.get(index).room() == Room.SHRINKING) {
                int given = Math.clamp(widths[index] - NARROWEST, 0, over);
                widths[index] -= given;
                over -= given;
            }
        }
        for (int index = widths.length - 1; index >= 0 && over > 0; index--) {
            if (columns.get(index).room() == Room.OPTIONAL) {
                int hidden = index;
                shown.removeIf(column -> column == hidden);
                over = total(shown, widths) - terminal.width();
            }
        }
        giveBack(-over, widths, shown);
        return widths;
    }

    /** What an optional column has left free, those that shrank for it may have again. */
    private void giveBack(int free, int[] widths, List<Integer> shown) {
        int left = free;
        for (int index : shown) {
            int column = index;
            int natural = rows.stream()
                    .mapToInt(row -> TextWidth.of(row.get(column).text()))
                    .max()
                    .orElse(0);
            if (left > 0 && widths[index] < natural) {
                int more = Math.min(left, natural - widths[index]);
                widths[index] += more;
                left -= more;
            }
        }
    }

    private static int total(List<Integer> shown, int[] widths) {
        return shown.stream().mapToInt(index -> widths[index]).sum() + GAP.length() * Math.max(0, shown.size() - 1);
    }

    private String line(List<Integer> shown, int[] widths, List<Cell> cells, Terminal terminal) {
        StringBuilder line = new StringBuilder();
        for (int place = 0; place < shown.size(); place++) {
            int index = shown.get(place);
            boolean last = place == shown.size() - 1;
            String text = columns.get(index).ends()
                    ? TextWidth.cutMiddle(cells.get(index).text(), widths[index])
                    : cells.get(index).text();
            String fitted = columns.get(index).right()
                    ? TextWidth.fitRight(text, widths[index])
                    : last ? TextWidth.cut(text, widths[index]) : TextWidth.fit(text, widths[index]);
            line.append(place == 0 ? "" : GAP).append(cells.get(index).style().of(fitted, terminal));
        }
        return terminal.colours() ? line.toString() : line.toString().stripTrailing();
    }
}
