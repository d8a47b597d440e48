package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.client.UploadWay;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadDisplayTest {
    private static final long MEGA = 1_000_000L;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long now;

    @Test
    void saysHowMuchHowFastAndHowLong() {
        UploadDisplay display = display(true, 80);
        display.started(UploadWay.CHUNKED, 0, 2_100 * MEGA);
        for (long sent = 0; sent <= 418; sent += 38) {
            pass(Duration.ofSeconds(1));
            display.sent(sent * MEGA, 2_100 * MEGA);
        }

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("418 MB of 2.1 GB · 38 MB/s · 44 s left");
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 120})
    void fitsItsTerminalWithoutCutWords(int width) {
        UploadDisplay display = display(true, width);
        display.started(UploadWay.TUS, 0, 2_100 * MEGA);
        for (long sent = 0; sent <= 418; sent += 38) {
            pass(Duration.ofSeconds(1));
            display.sent(sent * MEGA, 2_100 * MEGA);
        }

        assertThat(frames())
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(width).doesNotContain("…"));
        assertThat(frames().getLast()).contains("44 s left");
        assertThat(frames().stream()
                        .map(line -> line.replaceAll("[^█░]", "").length())
                        .distinct())
                .as("the bar keeps its width")
                .hasSize(1);
    }

    @Test
    void neverDrawsTheBarBack() {
        UploadDisplay display = display(true, 80);
        display.started(UploadWay.CHUNKED, 0, 100 * MEGA);
        for (long sent : new long[] {10, 40, 60, 35, 50, 61, 90, 70, 100}) {
            pass(Duration.ofSeconds(1));
            display.sent(sent * MEGA, 100 * MEGA);
        }

        assertThat(percents()).isSorted().contains(60.0).endsWith(100.0);
    }

    @Test
    void saysWhereItGoesOn() {
        UploadDisplay display = display(false, 80);
        display.started(UploadWay.TUS, 1_302 * MEGA, 2_100 * MEGA);
        display.sent(1_302 * MEGA, 2_100 * MEGA);

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .containsExactly("Going on at 62 %: 1.3 GB are there already.", "Uploading 62 %  1.3 GB of 2.1 GB");
    }

    @Test
    void saysSoWhenTheServiceKeptNothing() {
        UploadDisplay display = display(false, 80);
        display.started(UploadWay.TUS, 0, 100);
        display.sent(60, 100);
        display.started(UploadWay.TUS, 0, 100);

        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("has not kept what was sent before");
    }

    @Test
    void theLastWordsAreTrue() {
        assertThat(Interruption.lastWords(UploadWay.TUS, 62, true)).contains("62 %", "goes on from there");
        assertThat(Interruption.lastWords(UploadWay.CHUNKED, 62, false)).contains("begins anew");
        assertThat(Interruption.lastWords(UploadWay.DIRECT, 62, true)).doesNotContain("goes on from there");
    }

    @Test
    void timeLeftIsAsCoarseAsAGuess() {
        assertThat(List.of(0L, 44L, 61L, 123L, 640L, 7_000L, 400_000L).stream()
                        .map(seconds -> Words.roughly(Duration.ofSeconds(seconds))))
                .containsExactly("1 s", "44 s", "1:05 min", "2:05 min", "11 min", "1:57 h", "4 days");
    }

    private UploadDisplay display(boolean terminal, int width) {
        return new UploadDisplay(
                new TerminalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), terminal, width, () -> now),
                () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private List<String> frames() {
        return Arrays.stream(bytes.toString(StandardCharsets.UTF_8).split("\r\u001b\\[K|\n", -1))
                .filter(line -> !line.isBlank())
                .toList();
    }

    private List<Double> percents() {
        Pattern number = Pattern.compile("(\\d+\\.\\d) %");
        return frames().stream()
                .flatMap(line -> number.matcher(line).results())
                .map(found -> Double.parseDouble(found.group(1)))
                .toList();
    }
}
