package dev.claimcheck.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TransferMeterTest {
    private static final long SECOND = 1_000_000_000L;

    private final TransferMeter meter = new TransferMeter();

    @Test
    void saysNothingBeforeItKnows() {
        assertThat(meter.rate()).isEmpty();
        meter.at(0, 0);
        meter.at(SECOND / 10, 1_000_000);
        assertThat(meter.rate()).isEmpty();
        assertThat(meter.timeFor(1)).isEmpty();
    }

    @Test
    void tellsTheRateOfTheLastSeconds() {
        for (int second = 0; second <= 60; second++) {
            meter.at(second * SECOND, second < 30 ? second * 1_000L : 30_000 + (second - 30) * 5_000L);
        }

        assertThat(meter.rate().orElseThrow()).isEqualTo(5_000, within(1.0));
        assertThat(meter.timeFor(10_000)).contains(Duration.ofSeconds(2));
    }

    @Test
    void doesNotTrembleWithEveryPiece() {
        for (int piece = 0; piece < 8_000; piece++) { // 1 ms apart, one in eight carries bytes
            meter.at(piece * SECOND / 1_000, piece / 8 * 8_000L);
            if (piece > 2_000) {
                assertThat(meter.rate().orElseThrow()).isEqualTo(1_000_000, within(20_000.0));
            }
        }
    }

    @Test
    void startsFromWhatWasThereBefore() {
        meter.at(0, 1_000_000_000);
        meter.at(2 * SECOND, 1_000_004_000);

        assertThat(meter.rate().orElseThrow()).isEqualTo(2_000, within(1.0));
    }

    @Test
    void bytesThatHaveToGoAgainNeverMakeTheRateNegative() {
        for (int second = 0; second <= 4; second++) {
            meter.at(second * SECOND, second * 1_000L);
        }
        meter.at(4 * SECOND + SECOND / 2, 1_000);

        assertThat(meter.rate().orElseThrow()).isBetween(500.0, 1_000.0);
    }

    @Test
    void aLineThatStandsStillPromisesNothing() {
        meter.at(0, 5);
        meter.at(20 * SECOND, 5);

        assertThat(meter.rate()).contains(0.0);
        assertThat(meter.timeFor(100)).isEmpty();
    }
}
