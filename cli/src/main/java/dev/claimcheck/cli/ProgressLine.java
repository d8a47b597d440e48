package dev.claimcheck.cli;

import java.util.Locale;

/** One line of progress that fits its terminal. Pure. */
final class ProgressLine {
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 5;

    private ProgressLine() {}

    /**
     * The line: what, a bar, the percentage, and as much of the detail as there is room for; never wider than {@code width}.
     *
     * @param percent 0 to 100
     */
    static String render(String what, double percent, String detail, int width) {
        double clamped = Math.clamp(percent, 0, 100);
        String number = String.format(Locale.ROOT, " %5.1f %%", clamped);
        int room = width - what.length() - 1 - number.length();
        if (room < NARROWEST_BAR) {
            return cut(what + number, width);
        }
        int bar = Math.min(WIDEST_BAR, Math.max(NARROWEST_BAR, room - Math.min(detail.length() + 2, room / 2)));
        int full = (int) Math.round(bar * clamped / 100);
        String line = what + " " + "█".repeat(full) + "░".repeat(bar - full) + number;
        int left = width - line.length() - 2;
        return left > 5 && !detail.isEmpty() ? line + "  " + cut(detail, left) : line;
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "…";
    }
}
