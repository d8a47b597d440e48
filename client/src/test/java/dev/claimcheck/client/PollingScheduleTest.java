package dev.claimcheck.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PollingScheduleTest {
    private final PollingSchedule schedule = new PollingSchedule(new Random(7));

    @Test
    void asksEveryTwoSecondsThenTenThenThirty() {
        assertThat(schedule.afterAnswer(Duration.ZERO, Optional.empty())).isEqualTo(Duration.ofSeconds(2));
        assertThat(schedule.afterAnswer(Duration.ofSeconds(30), Optional.empty()))
                .isEqualTo(Duration.ofSeconds(10));
        assertThat(schedule.afterAnswer(Duration.ofMinutes(5), Optional.empty()))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void neverAsksSoonerThanItWasAskedToNorLaterThanThirtySeconds() {
        assertThat(schedule.afterAnswer(Duration.ZERO, Optional.of(Duration.ofSeconds(7))))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(schedule.afterAnswer(Duration.ZERO, Optional.of(Duration.ofHours(1))))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void errorsBackOffWithinTheirCeilingsAndAnAnswerForgetsThem() {
        for (int error = 0; error < 8; error++) {
            Duration ceiling = Duration.ofMillis(Math.min(1_000L << error, 30_000) + 100);
            assertThat(schedule.afterError(Optional.empty())).isBetween(Duration.ofMillis(100), ceiling);
        }
        assertThat(schedule.afterAnswer(Duration.ZERO, Optional.empty())).isEqualTo(Duration.ofSeconds(2));
        assertThat(schedule.afterError(Optional.empty())).isLessThanOrEqualTo(Duration.ofMillis(1_100));
    }
}
