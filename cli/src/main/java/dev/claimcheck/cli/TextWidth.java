package dev.claimcheck.cli;

/** How many columns of a terminal a text takes, and texts that a terminal cannot take for commands. Pure. */
final class TextWidth {
    private static final String CUT = "…";
    /** Blocks whose characters take two columns (Unicode East Asian Width W and F, as far as names are written with them), and pictographs. */
    private static final int[][] WIDE = {
        {0x1100, 0x115F},
        {0x2E80, 0x303E},
        {0x3041, 0xA4CF},
        {0xA960, 0xA97F},
        {0xAC00, 0xD7A3},
        {0xF900, 0xFAFF},
        {0xFE30, 0xFE6F},
        {0xFF01, 0xFF60},
        {0xFFE0, 0xFFE6},
        {0x1F300, 0x1F64F},
        {0x1F680, 0x1F6FF},
        {0x1F900, 0x1F9FF},
        {0x20000, 0x3FFFD}
    };

    private TextWidth() {}

    /** Columns that the text takes. */
    static int of(String text) {
        return text.codePoints().map(TextWidth::columns).sum();
    }

    /** The text in at most so many columns, its end left out where it is longer. */
    static String cut(String text, int width) {
        if (of(text) <= width) {
            return text;
        }
        StringBuilder kept = new StringBuilder();
        int used = 0;
        for (int point : text.codePoints().toArray()) {
            if (used + columns(point) > width - 1) {
                break;
            }
            kept.appendCodePoint(point);
            used += columns(point);
        }
        return width < 1 ? "" : kept + CUT;
    }

    /** A name in at most so many columns, without its middle where it is longer: what tells names apart is at both ends. */
    static String cutMiddle(String name, int width) {
        if (of(name) <= width || width < 5) {
            return cut(name, width);
        }
        int[] points = name.codePoints().toArray();
        int behind = 0;
        int from = points.length;
        while (behind + columns(points[from - 1]) <= (width - 1) / 2) {
            behind += columns(points[--from]);
        }
        String end = new String(points, from, points.length - from);
        return cut(name, width - behind) + end;
    }

    /** The text in exactly so many columns: cut, or filled up with spaces. */
    static String fit(String text, int width) {
        String cut = cut(text, width);
        return cut + " ".repeat(Math.max(0, width - of(cut)));
    }

    /** The same at the right edge. */
    static String fitRight(String text, int width) {
        String cut = cut(text, width);
        return " ".repeat(Math.max(0, width - of(cut))) + cut;
    }

    /** Names and messages come from strangers: what would move the cursor, colour the screen or turn the direction of writing is shown as what it is, a character too many. */
    static String plain(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            int type = Character.getType(point);
            boolean commanding = type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR
                    || type == Character.SURROGATE;
            plain.appendCodePoint(commanding ? 0xFFFD : point);
        });
        return plain.toString();
    }

    private static int columns(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        for (int[] block : WIDE) {
            if (point >= block[0] && point <= block[1]) {
                return 2;
            }
        }
        return 1;
    }
}
