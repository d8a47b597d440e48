package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    @ParameterizedTest
    @ValueSource(ints = {10, 20, 40, 79, 200})
    void fitsEveryTerminal(int width) {
        String line = ProgressLine.render(
                "Processing", 41.75, "Transcoding 1080p, 720p and 360p, ready in about 40 s", width);

        assertThat(line.length()).isLessThanOrEqualTo(width);
        assertThat(line).startsWith("Processin");
    }

    @Test
    void showsBarNumberAndDetail() {
        assertThat(ProgressLine.render("Uploading", 50, "14 MB/s", 60))
                .isEqualTo("Uploading " + "█".repeat(15) + "░".repeat(15) + "  50.0 %  14 MB/s");
    }

    @Test
    void aPipeGetsALineForEveryTenth() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        TerminalProgress progress =
                new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), false, 80);

        for (int percent = 0; percent <= 100; percent++) {
            progress.show("Uploading", percent, "");
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .hasSize(11)
                .first()
                .isEqualTo("Uploading 0 %");
    }

    @Test
    void wordsAreHowPeopleSayThem() {
        assertThat(List.of(Words.size(999), Words.size(1_500), Words.size(14_000_000), Words.size(999_700)))
                .containsExactly("999 B", "1.5 kB", "14 MB", "1.0 MB");
        assertThat(List.of(
                        Words.duration(Duration.ofSeconds(59)),
                        Words.duration(Duration.ofSeconds(61)),
                        Words.duration(Duration.ofSeconds(3_725))))
                .containsExactly("59 s", "1:01 min", "1:02 h");
    }

    @Test
    void wrongUsageIsCodeTwo() {
        assertThat(Main.run("upload")).isEqualTo(ExitCode.USAGE);
        assertThat(Main.run("serve", "--set", "port=many")).isEqualTo(ExitCode.USAGE);
        assertThat(Main.run("jobs", "--url", "http://127.0.0.1:1", "--key", "none"))
                .isEqualTo(ExitCode.UNREACHABLE);
    }
}
