package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.cli.Table.Column;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTest {
    private final Table table = new Table(
                    Column.fixed("JOB"), Column.fixed("STATUS"), Column.names("NAME"), Column.optional("WHAT"))
            .row("1f3a9c20", "FAILED", "a rather long name of a file.mp4", "undecodable")
            .row("2b", "COMPLETED", "b.mp4", "");

    @Test
    void aPipeGetsEverythingAndNothingElse() {
        assertThat(table.lines(Terminal.NONE))
                .containsExactly(
                        "1f3a9c20  FAILED     a rather long name of a file.mp4  undecodable",
                        "2b        COMPLETED  b.mp4");
    }

    @Test
    void aWideTerminalGetsHeadings() {
        assertThat(table.lines(new Terminal(true, 200, 50, false)).getFirst())
                .isEqualTo("JOB       STATUS     NAME                              WHAT");
    }

    @Test
    void aNarrowTerminalCutsNamesFirstAndThenLeavesOut() {
        assertThat(table.lines(new Terminal(true, 60, 50, false)).get(1))
                .isEqualTo("1f3a9c20  FAILED     a rather long…f a file.mp4  undecodable");
        assertThat(table.lines(new Terminal(true, 36, 50, false)))
                .as("what is left out makes room for names")
                .containsExactly(
                        "JOB       STATUS     NAME",
                        "1f3a9c20  FAILED     a rathe…ile.mp4",
                        "2b        COMPLETED  b.mp4");
        for (int width = 30; width < 100; width++) {
            int most = width;
            assertThat(table.lines(new Terminal(true, width, 50, false)))
                    .allSatisfy(line -> assertThat(TextWidth.of(line)).isLessThanOrEqualTo(most));
        }
    }

    @Test
    void statusWordsHaveColoursWhereThereAreSome() {
        assertThat(table.lines(new Terminal(true, 200, 50, true)).get(1))
                .startsWith("1f3a9c20  \u001b[31mFAILED   \u001b[0m");
        assertThat(Terminal.mayColour(Map.of("NO_COLOR", "1"))).isFalse();
        assertThat(Terminal.mayColour(Map.of())).isTrue();
    }

    @Test
    void wideCharactersCountTwice() {
        assertThat(TextWidth.of("日本語.mp4")).isEqualTo(10);
        assertThat(TextWidth.of("e\u0301🎬")).isEqualTo(3);
        assertThat(TextWidth.cut("日本語.mp4", 6)).isEqualTo("日本…");
        assertThat(TextWidth.fit("日本語.mp4", 6)).isEqualTo("日本… ");
        assertThat(TextWidth.cut("abc", 3)).isEqualTo("abc");
        assertThat(TextWidth.cutMiddle("holiday part 1.mp4", 11)).isEqualTo("holid…1.mp4");
        assertThat(TextWidth.cutMiddle("日本の夏の日.mp4", 9)).isEqualTo("日本….mp4");
        for (int width = 0; width < 25; width++) {
            assertThat(TextWidth.of(TextWidth.cutMiddle("日本の夏 holiday 日.mp4", width)))
                    .isLessThanOrEqualTo(width);
        }
    }

    @Test
    void namesCannotCommandTheTerminal() {
        assertThat(TextWidth.plain("a\u001b[2Jb\u202Ec\nd\u0007")).isEqualTo("a�[2Jb�c�d�");
        assertThat(TextWidth.plain("Ünïcödé 日本 🎬")).isEqualTo("Ünïcödé 日本 🎬");
    }

    @Test
    void theTerminalSaysItsSize() {
        assertThat(Terminal.parse("24 100").orElseThrow()).containsExactly(100, 24);
        assertThat(Terminal.parse("0 0")).as("it does not know").isEmpty();
        assertThat(Terminal.parse("stty: no tty")).isEmpty();
    }
}
