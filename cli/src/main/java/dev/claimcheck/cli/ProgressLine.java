package dev.claimcheck.cli;

import java.util.List;
import java.util.Locale;

/** One line of progress that fits its terminal. Pure. */
final class ProgressLine {
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 5;

    private ProgressLine() {}

    /** As {@link #render(String, double, List, int)} with a detail that is cut where there is no room for it. */
    static String render(String what, double percent, String detail, int width) {
        return render(what, percent, List.of(detail), width);
    }

    /**
     * The line: what, a bar, the percentage, and the first of the details that there is room for, else the last one cut; never wider than {@code width}.
     *
     * @param percent 0 to 100
     * @param details the same thing said at length, then ever shorter
     */
    static String render(String what, double percent, List<String> details, int width) {
        double clamped = Math.clamp(percent, 0, 100);
        String number = String.format(Locale.ROOT, " %5.1f %%", clamped);
        int room = width - TextWidth.of(what) - 1 - number.length();
        if (room < NARROWEST_BAR) {
            return TextWidth.cut(what + number, width);
        }
        boolean choice = details.size() > 1;
        // With a choice the bar keeps its width while the words change; a single detail takes what it needs.
        int bar = choice
                ? Math.clamp(room / 4, NARROWEST_BAR, WIDEST_BAR)
                : Math.clamp(
                        room - Math.min(TextWidth.of(details.getFirst()) + 2, room / 2), NARROWEST_BAR, WIDEST_BAR);
        String detail = details.stream()
                .filter(one -> TextWidth.of(one) + 2 <= room - bar)
                .findFirst()
                .orElse(details.getLast());
        int full = (int) Math.round(bar * clamped / 100);
        String line = what + " " + "█".repeat(full) + "░".repeat(bar - full) + number;
        int left = width - TextWidth.of(line) - 2;
        return left > 5 && !detail.isEmpty() ? line + "  " + TextWidth.cut(detail, left) : line;
    }
}
