package dev.claimcheck.media;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One event's text of Advanced SubStation Alpha as WebVTT cue text: bold, italic and underlined stay, as does a place at the top; drawings, colours, fonts and
 * movements go. Everything that is not our own tag is escaped. Pure.
 *
 * @param text empty where nothing remains to be read
 * @param top whether it is to stand at the top
 */
record AssText(String text, boolean top) {
    private static final int MOST_CHARACTERS = 2_000;
    private static final Pattern SWITCH = Pattern.compile("(an|[abiup])(\\d{1,4})\\s*");

    private enum Face {
        B,
        I,
        U;

        private String tag() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    /**
     * @param styled whether braces always enclose markup; in text that was made into ASS they do only where it begins with a backslash
     */
    static AssText of(String event, boolean styled) {
        return new Reader(event, styled).read();
    }

    private static final class Reader {
        private final String event;
        private final boolean styled;
        private final StringBuilder line = new StringBuilder();
        private final List<String> lines = new ArrayList<>();
        private final EnumSet<Face> wanted = EnumSet.noneOf(Face.class);
        private final EnumSet<Face> open = EnumSet.noneOf(Face.class);
        private boolean drawing;
        private boolean top;
        private boolean lineSaysSomething;
        private int characters;

        Reader(String event, boolean styled) {
            this.event = event;
            this.styled = styled;
        }

        AssText read() {
            int at = 0;
            while (at < event.length() && characters < MOST_CHARACTERS) {
                char one = event.charAt(at);
                int close = one == '{' ? event.indexOf('}', at) : -1;
                if (close > at && (styled || event.charAt(at + 1) == '\\')) {
                    override(event.substring(at + 1, close));
                    at = close + 1;
                } else if (one == '\\' && at + 1 < event.length() && "Nnh{}".indexOf(event.charAt(at + 1)) >= 0) {
                    escaped(event.charAt(at + 1));
                    at += 2;
                } else {
                    plain(one);
                    at++;
                }
            }
            endLine();
            return new AssText(String.join("\n", lines), top);
        }

        private void escaped(char what) {
            switch (what) {
                case 'N' -> endLine();
                case 'n' -> plain(' ');
                case 'h' -> plain('\u00a0');
                default -> plain(what);
            }
        }

        private void plain(char one) {
            if (drawing || Character.isISOControl(one)) {
                return;
            }
            if (!wanted.equals(open)) {
                closeFaces();
                wanted.forEach(face -> line.append('<').append(face.tag()).append('>'));
                open.addAll(wanted);
            }
            switch (one) {
                case '&' -> line.append("&amp;");
                case '<' -> line.append("&lt;");
                case '>' -> line.append("&gt;");
                default -> line.append(one);
            }
            characters++;
            lineSaysSomething |= !Character.isWhitespace(one) && one != '\u00a0';
        }

        /** Tags never reach over a line's end: a line without words is dropped, its tags with it. */
        private void endLine() {
            closeFaces();
            if (lineSaysSomething) {
                lines.add(line.toString().strip());
            }
            line.setLength(0);
            lineSaysSomething = false;
        }

        private void closeFaces() {
            new ArrayList<>(open)
                    .reversed()
                    .forEach(face -> line.append("</").append(face.tag()).append('>'));
            open.clear();
        }

        private void override(String tags) {
            for (String tag : tags.split("\\\\", -1)) {
                Matcher matcher = SWITCH.matcher(tag);
                if (matcher.matches()) {
                    set(matcher.group(1), Integer.parseInt(matcher.group(2)));
                } else if (tag.startsWith("r")) {
                    wanted.clear();
                }
            }
        }

        private void set(String what, int value) {
            switch (what) {
                case "b" -> face(Face.B, value == 1 || value >= 600);
                case "i" -> face(Face.I, value == 1);
                case "u" -> face(Face.U, value == 1);
                case "p" -> drawing = value > 0;
                case "an" -> top |= value >= 7 && value <= 9;
                default -> top |= value >= 5 && value <= 7; // the older \a: 5 to 7 are the top row
            }
        }

        private void face(Face face, boolean on) {
            if (on) {
                wanted.add(face);
            } else {
                wanted.remove(face);
            }
        }
    }
}
