package dev.claimcheck.estimate;

import static dev.claimcheck.estimate.EstimatedJob.ALICE;
import static dev.claimcheck.estimate.EstimatedJob.START;
import static dev.claimcheck.estimate.EstimatedJob.aJob;
import static dev.claimcheck.estimate.EstimatedJob.alone;
import static dev.claimcheck.estimate.EstimatedJob.conditions;
import static dev.claimcheck.estimate.EstimatedJob.steady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.claimcheck.job.JobView;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.StepState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CompletionEstimatorTest {
    private static final OwnerId BOB = new OwnerId("bob");

    @Test
    void whatNeedsEachOtherComesOneAfterTheOther() {
        JobView job =
                aJob().ready(1, 10, 0).waiting(2, 20, 1L).waiting(3, 5, 2L).view();

        assertThat(seconds(job, alone(4, steady(1)))).isCloseTo(35, within(1.0));
    }

    @Test
    void whatDoesNotRunsSideBySideAsFarAsThereIsRoom() {
        JobView job = aJob().ready(1, 10, 0)
                .ready(2, 10, 1)
                .ready(3, 10, 2)
                .ready(4, 10, 3)
                .waiting(5, 1, 1L, 2L, 3L, 4L)
                .view();

        assertThat(seconds(job, alone(1, steady(1)))).isCloseTo(41, within(1.5));
        assertThat(seconds(job, alone(2, steady(1)))).isCloseTo(21, within(1.0));
        assertThat(seconds(job, alone(4, steady(1)))).isCloseTo(11, within(0.5));
        assertThat(seconds(job, alone(9, steady(1)))).isCloseTo(11, within(0.5));
    }

    @Test
    void moreSlotsAreNeverLater() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            EstimatedJob job = aJob();
            for (long id = 1; id <= 12; id++) {
                job.ready(id, 1 + random.nextInt(20), (double) id);
            }
            JobView view = job.view();
            double before = Double.MAX_VALUE;
            for (int slots = 1; slots <= 12; slots++) {
                double now = seconds(view, alone(slots, steady(1)));
                assertThat(now).isLessThanOrEqualTo(before + 1e-3);
                before = now;
            }
        }
    }

    @Test
    void theWorkOfOthersThatIsBeforeItDelaysItAndWhatIsBehindDoesNot() {
        JobView job = aJob().ready(50, 10, 30).view();

        assertThat(seconds(job, conditions(1, steady(1), line(3, 20, BOB, 0)))).isCloseTo(70, within(3.0));
        assertThat(seconds(job, conditions(2, steady(1), line(3, 20, BOB, 0)))).isCloseTo(40, within(3.0));
        assertThat(seconds(job, conditions(1, steady(1), line(3, 20, BOB, 100))))
                .isCloseTo(10, within(0.5));
    }

    @Test
    void itsOwnStepsAreNoWorkOfOthers() {
        Backlog.Builder line = new Backlog.Builder();
        for (long id = 1; id <= 3; id++) {
            line.ready(new Backlog.Place(1, (double) id, id), ALICE, 10, 10, 0);
        }
        JobView job = aJob().ready(1, 10, 1).ready(2, 10, 2).ready(3, 10, 3).view();

        assertThat(seconds(job, conditions(1, steady(1), line))).isCloseTo(30, within(1.0));
    }

    @Test
    void whatIsBehindTheTipsOfOtherJobsCounts() {
        Backlog.Builder line = new Backlog.Builder();
        line.ready(new Backlog.Place(1, 1, 1), BOB, 1, 1, 100);
        JobView job = aJob().ready(9, 1, 2).waiting(10, 10, 9L).view();

        assertThat(seconds(job, conditions(1, steady(1), line))).isCloseTo(112, within(5.0));
    }

    @Test
    void aJobWithoutPlanIsExpectedByItsSizeWithMuchDoubt() {
        Instant now = START;
        JobView small = pending(5_000_000);
        JobView large = pending(500_000_000);
        Conditions conditions = alone(2, new Speeds(Map.of()));
        Forecast soon = forecast(small, conditions, now);
        Forecast late = forecast(large, conditions, now);

        assertThat(soon.p50()).isAfter(now);
        assertThat(late.p50()).isAfter(soon.p90());
        assertThat(Duration.between(now, late.p90()))
                .isGreaterThan(Duration.between(now, late.p50()).multipliedBy(2));
    }

    @Test
    void thereIsNoEstimateWhereNobodyWorks() {
        JobView job = aJob().ready(1, 10, 0).view();

        assertThat(CompletionEstimator.outlook(job, alone(0, steady(1)), START).completion())
                .isEmpty();
    }

    @Test
    void aRunningStepCorrectsWhatWasExpected() {
        // Expected to take 100 s; half of it took 100 s.
        JobView job = aJob().running(1, 100, 0.5, START).view();
        Instant now = START.plusSeconds(100);

        assertThat(seconds(job, alone(1, new Speeds(Map.of())), now)).isBetween(85.0, 105.0);
        assertThat(seconds(
                        aJob().running(1, 100, 0.9, START).view(),
                        alone(1, new Speeds(Map.of())),
                        START.plusSeconds(180)))
                .isBetween(18.0, 21.0);
    }

    @Test
    void aStepThatSaysNothingAndIsLateIsNotAboutToEnd() {
        JobView job = aJob().running(1, 10, 0, START).view();

        assertThat(seconds(job, alone(1, steady(1)), START.plusSeconds(60))).isGreaterThan(8);
    }

    @Test
    void finishedChunksCorrectWhatIsExpectedOfTheOthers() {
        EstimatedJob job = aJob();
        for (long id = 1; id <= 4; id++) {
            job.done(id, 10, START.plusSeconds(id * 30 - 30), START.plusSeconds(id * 30));
        }
        JobView view = job.ready(5, 10, 5).view();

        assertThat(seconds(view, alone(1, new Speeds(Map.of())), START.plusSeconds(120)))
                .isBetween(22.0, 32.0);
    }

    @Test
    void thePositionIsThatInTheLine() {
        Conditions conditions = conditions(1, steady(1), line(12, 5, BOB, 0));
        JobView job = aJob().ready(50, 10, 1000).view();

        assertThat(CompletionEstimator.outlook(job, conditions, START).queuePosition())
                .hasValue(13);
        assertThat(CompletionEstimator.outlook(aJob().ready(50, 10, -1).view(), conditions, START)
                        .queuePosition())
                .hasValue(1);
        assertThat(CompletionEstimator.outlook(aJob().running(50, 10, 0, START).view(), conditions, START)
                        .queuePosition())
                .isEqualTo(OptionalInt.empty());
    }

    /** A whole job, polled every second: 24 chunks on two lanes, a machine slower than thought, each chunk differently hard. */
    @Test
    void theEstimateDoesNotJumpAndComesTrue() {
        for (int seed = 0; seed < 20; seed++) {
            Trace trace = new Trace(new Random(seed), 24, 2);
            Conditions conditions = alone(2, steady(1));
            Instant previous = null;
            List<Double> errors = new ArrayList<>();
            for (int second = 1; second < trace.end(); second++) {
                Instant now = START.plusSeconds(second);
                Forecast forecast = forecast(trace.at(second), conditions, now);
                assertThat(forecast.p90()).isAfterOrEqualTo(forecast.p50());
                assertThat(forecast.p50()).isAfterOrEqualTo(now);
                double left = trace.end() - second;
                if (previous != null) {
                    assertThat(Math.abs(
                                    Duration.between(previous, forecast.p50()).toMillis() / 1000.0))
                            .as("jump at %s s of %.0f, seed %s", second, trace.end(), seed)
                            .isLessThan(2 + 0.12 * left);
                }
                previous = forecast.p50();
                errors.add(Math.abs(Duration.between(now, forecast.p50()).toMillis() / 1000.0 - left));
            }
            double half = errors.subList(errors.size() / 2, errors.size()).stream()
                    .mapToDouble(error -> error)
                    .max()
                    .orElseThrow();
            assertThat(half).as("error in the second half, seed %s", seed).isLessThan(0.15 * trace.end());
            assertThat(errors.getLast()).isLessThan(3);
        }
    }

    /** Jobs that are as the model says: nine of ten end by their p90, and half by their p50, give or take. */
    @Test
    void nineInTenEndByTheirP90() {
        Random random = new Random(3);
        int half = 0;
        int most = 0;
        int rounds = 400;
        Speed learnt = new Speed(33, Math.log(1.3), 0.09);
        Speeds speeds = new Speeds(Map.of("transcode", learnt));
        for (int round = 0; round < rounds; round++) {
            EstimatedJob job = aJob();
            double common = random.nextGaussian() * Math.sqrt(0.045);
            double end = 0;
            for (long id = 1; id <= 6; id++) {
                job.waiting(id, 10, id - 1);
                end += 10 * 1.3 * Math.exp(common + random.nextGaussian() * Math.sqrt(0.045));
            }
            Forecast forecast = forecast(job.view(), alone(1, speeds), START);
            half += START.plusMillis((long) (end * 1000)).isBefore(forecast.p50()) ? 1 : 0;
            most += START.plusMillis((long) (end * 1000)).isBefore(forecast.p90()) ? 1 : 0;
        }
        assertThat(half).isBetween(rounds * 40 / 100, rounds * 65 / 100);
        assertThat(most).isBetween(rounds * 85 / 100, rounds * 98 / 100);
    }

    @Test
    void whatWasSaidStaysWhereTheDifferenceIsNothing() {
        Outlook said = outlook(100, 130, 3);

        assertThat(outlook(102, 131, 2).settled(said, START)).isEqualTo(outlook(100, 130, 2));
        assertThat(outlook(120, 150, 2).settled(said, START)).isEqualTo(outlook(120, 150, 2));
        Forecast passed = new Forecast(START, START);
        Forecast next = new Forecast(START.plusMillis(500), START.plusMillis(500));
        assertThat(passed.isLike(next, START.plusMillis(-1))).isTrue();
        assertThat(passed.isLike(next, START.plusMillis(400)))
                .as("what has passed is not said again")
                .isFalse();
    }

    private static Outlook outlook(int p50, int p90, int position) {
        return new Outlook(
                Optional.of(new Forecast(START.plusSeconds(p50), START.plusSeconds(p90))), OptionalInt.of(position));
    }

    private static JobView pending(long bytes) {
        return aJob().pending(bytes)
                .step(1, "metadata", StepState.READY, 0.2, 0, OptionalDouble.of(0), Optional.empty(), Optional.empty())
                .view();
    }

    private static Backlog.Builder line(int rows, double seconds, OwnerId owner, double firstTag) {
        Backlog.Builder line = new Backlog.Builder();
        for (int row = 0; row < rows; row++) {
            line.ready(new Backlog.Place(1, firstTag + row, 100 + row), owner, seconds, seconds, 0);
        }
        return line;
    }

    private static Forecast forecast(JobView job, Conditions conditions, Instant now) {
        return CompletionEstimator.outlook(job, conditions, now).completion().orElseThrow();
    }

    private static double seconds(JobView job, Conditions conditions) {
        return seconds(job, conditions, START);
    }

    private static double seconds(JobView job, Conditions conditions, Instant now) {
        return Duration.between(now, forecast(job, conditions, now).p50()).toMillis() / 1000.0;
    }

    /** What really happened to a job of chunks. */
    private static final class Trace {
        private static final double COST = 10;
        private final double[] starts;
        private final double[] ends;
        private final double end;

        Trace(Random random, int chunks, int lanes) {
            starts = new double[chunks];
            ends = new double[chunks];
            double[] free = new double[lanes];
            double last = 0;
            for (int chunk = 0; chunk < chunks; chunk++) {
                int lane = free[0] <= free[1] ? 0 : 1;
                starts[chunk] = free[lane];
                ends[chunk] = free[lane] + COST * 1.4 * Math.exp(random.nextGaussian() * 0.15);
                free[lane] = ends[chunk];
                last = Math.max(last, ends[chunk]);
            }
            end = last;
        }

        double end() {
            return end;
        }

        JobView at(double second) {
            EstimatedJob job = aJob();
            for (int chunk = 0; chunk < starts.length; chunk++) {
                Instant began = START.plusMillis((long) (starts[chunk] * 1000));
                if (ends[chunk] <= second) {
                    job.done(chunk + 1, COST, began, START.plusMillis((long) (ends[chunk] * 1000)));
                } else if (starts[chunk] <= second) {
                    double fraction = (second - starts[chunk]) / (ends[chunk] - starts[chunk]);
                    // Progress is told in steps, as ffmpeg does.
                    job.running(chunk + 1, COST, Math.floor(fraction * 20) / 20, began);
                } else {
                    job.ready(chunk + 1, COST, chunk);
                }
            }
            return job.view();
        }
    }
}
