package dev.claimcheck.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TransitionsTest {
    @Test
    void aJobMovesOnlyAlongItsTable() {
        List<String> moves = Arrays.stream(JobStatus.values())
                .flatMap(from -> Arrays.stream(JobStatus.values())
                        .filter(from::canBecome)
                        .map(to -> from + ">" + to))
                .toList();

        assertThat(moves)
                .containsExactlyInAnyOrder(
                        "UPLOADING>PENDING",
                        "UPLOADING>CANCELLED",
                        "UPLOADING>EXPIRED",
                        "PENDING>IN_PROGRESS",
                        "PENDING>FAILED",
                        "PENDING>CANCELLED",
                        "IN_PROGRESS>COMPLETED",
                        "IN_PROGRESS>FAILED",
                        "IN_PROGRESS>CANCELLED",
                        "FAILED>PENDING");
    }

    @Test
    void aStepMovesOnlyAlongItsTable() {
        List<String> moves = Arrays.stream(StepState.values())
                .flatMap(from -> Arrays.stream(StepState.values())
                        .filter(from::canBecome)
                        .map(to -> from + ">" + to))
                .toList();

        assertThat(moves)
                .containsExactlyInAnyOrder(
                        "WAITING>READY",
                        "WAITING>CANCELLED",
                        "WAITING>SKIPPED",
                        "READY>RUNNING",
                        "READY>CANCELLED",
                        "READY>FAILED",
                        "RUNNING>SUCCEEDED",
                        "RUNNING>READY",
                        "RUNNING>WAITING",
                        "SUCCEEDED>WAITING",
                        "SUCCEEDED>READY",
                        "RUNNING>FAILED",
                        "RUNNING>CANCELLED",
                        "FAILED>WAITING",
                        "FAILED>READY",
                        "CANCELLED>WAITING",
                        "CANCELLED>READY");
    }

    @Test
    void nothingTerminalStillRuns() {
        assertThat(Arrays.stream(StepState.values()).filter(StepState::isTerminal))
                .containsExactly(StepState.SUCCEEDED, StepState.FAILED, StepState.CANCELLED, StepState.SKIPPED);
    }

    @Test
    void retriesBackOffExponentiallyWithFullJitter() {
        RetryPolicy policy = new RetryPolicy(3, Duration.ofMinutes(1));
        RandomGenerator highest = new Random() {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return Math.nextDown(1.0);
            }
        };

        assertThat(List.of(policy.allows(0), policy.allows(2), policy.allows(3)))
                .containsExactly(true, true, false);
        assertThat(policy.delay(0, highest)).isBetween(Duration.ofMillis(59_900), Duration.ofMinutes(1));
        assertThat(policy.delay(2, highest)).isBetween(Duration.ofMillis(239_900), Duration.ofMinutes(4));
        assertThat(policy.delay(40, highest)).isLessThanOrEqualTo(Duration.ofDays(1));
        Random random = new Random(1);
        assertThat(java.util.stream.Stream.generate(() -> policy.delay(0, random))
                        .limit(100)
                        .filter(delay -> delay.compareTo(Duration.ofSeconds(30)) < 0))
                .as("full jitter reaches down to zero")
                .hasSizeBetween(30, 70);
    }

    @Test
    void idsSortByTheirTimeAndParseOnlyInCanonicalForm() {
        JobId early = JobId.create(Instant.parse("2026-01-01T00:00:00Z"));
        JobId late = JobId.create(Instant.parse("2026-01-01T00:00:01Z"));

        assertThat(early).isLessThan(late);
        assertThat(early.value().version()).isEqualTo(7);
        assertThat(early.value().variant()).isEqualTo(2);
        assertThat(JobId.parse(early.toString())).contains(early);
        assertThat(List.of(
                        JobId.parse("1-1-1-1-1"),
                        JobId.parse(early.toString().toUpperCase(java.util.Locale.ROOT)),
                        JobId.parse("../x")))
                .allMatch(java.util.Optional::isEmpty);
    }
}
