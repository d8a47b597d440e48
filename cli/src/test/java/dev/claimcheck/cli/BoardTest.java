package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BoardTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void aPipeGetsPlainLines() {
        Board board = board(Terminal.NONE);
        Board.Row row = board.begin("a.mp4");
        for (int percent = 0; percent <= 100; percent++) {
            row.show(percent, List.of("details"));
            board.total("All", percent, List.of(percent + " bytes", ""));
        }
        row.end("a.mp4: taken");
        board.close();

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .contains("All 10 %  10 bytes", "All 100 %  100 bytes", "a.mp4: taken")
                .hasSize(11);
    }

    @Test
    void aTerminalShowsWhatGoesOnBelowWhatHasEnded() {
        for (int width : new int[] {24, 40, 80, 200}) {
            bytes.reset();
            Board board = board(new Terminal(true, width, 20, false));
            Board.Row one = board.begin("one with a name that is much too long for any line.mp4");
            Board.Row two = board.begin("二.mp4");
            one.show(50, List.of("1.0 GB of 2.0 GB · 10 MB/s", "1.0 GB", ""));
            tick();
            two.show(25, List.of("5 MB of 20 MB", ""));
            tick();
            board.total("All", 40, List.of("0 of 2 files", ""));
            one.end("one: taken");
            assertThat(screen()).hasSize(3).first().isEqualTo("one: taken");
            assertThat(screen().get(1)).startsWith("二.mp4").contains("25.0 %");
            assertThat(screen().get(2)).startsWith("All").contains("40.0 %");
            two.end("two: taken");
            board.close();
            assertThat(screen()).containsExactly("one: taken", "two: taken");
            int most = width;
            assertThat(bytes.toString(StandardCharsets.UTF_8).split("[\r\n]"))
                    .allSatisfy(line -> assertThat(TextWidth.of(line.replaceAll("\u001b\\[[0-9]*[A-Z]", "")))
                            .isLessThan(most));
        }
    }

    @Test
    void nothingComesAfterTheLastWord() {
        Board board = board(new Terminal(true, 80, 20, false));
        Board.Row row = board.begin("a.mp4");
        board.sayLast("Stopped.");
        tick();
        row.show(50, List.of(""));
        row.end("a.mp4: taken");
        assertThat(screen()).containsExactly("Stopped.");
    }

    private void tick() {
        clock.addAndGet(1_000_000_000L);
    }

    private Board board(Terminal terminal) {
        tick();
        return new Board(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, clock::get);
    }

    /** What a terminal shows after all this: it knows new lines, returns, going up, and clearing to the end of a line. */
    private List<String> screen() {
        List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
        int row = 0;
        int column = 0;
        String text = bytes.toString(StandardCharsets.UTF_8);
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\n') {
                row++;
                column = 0;
                if (row == lines.size()) {
                    lines.add(new StringBuilder());
                }
            } else if (c == '\r') {
                column = 0;
            } else if (c == '\u001b') {
                int end = at + 2;
                while (Character.isDigit(text.charAt(end))) {
                    end++;
                }
                if (text.charAt(end) == 'A') {
                    row -= Integer.parseInt(text.substring(at + 2, end));
                } else if (text.charAt(end) == 'K') {
                    lines.get(row).setLength(Math.min(lines.get(row).length(), column));
                } else {
                    throw new AssertionError("a command that this terminal does not know");
                }
                at = end;
            } else {
                StringBuilder line = lines.get(row);
                while (line.length() <= column) {
                    line.append(' ');
                }
                line.setCharAt(column++, c);
            }
        }
        return lines.stream()
                .map(line -> line.toString().stripTrailing())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
