package dev.claimcheck.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When an open job will be done, from measured speed. Pure.
 *
 * <p>A running step is extrapolated from its own progress, the more so the further it is; what has not run yet is predicted from its
 * cost and from how this machine did with the job's other steps. Steps in flight run side by side, waiting ones after them.
 */
public final class CompletionEstimate {
    private CompletionEstimate() {}

    /** The estimate as of {@code now}; empty while nothing has been planned or measured. */
    public static Optional<Instant> at(JobView job, Instant now) {
        boolean planned = job.steps().stream().anyMatch(step -> !step.kind().equals("metadata"));
        if (!planned) {
            return Optional.empty();
        }
        double speed = secondsPerCost(job, now);
        double inFlight = 0;
        double waiting = 0;
        for (StepView step : job.steps()) {
            switch (step.state()) {
                case RUNNING -> inFlight = Math.max(inFlight, remaining(step, speed, now));
                case READY -> inFlight = Math.max(inFlight, step.cost() * speed + untilRetry(step, now));
                case WAITING -> waiting += step.cost() * speed;
                case SUCCEEDED, FAILED, CANCELLED, SKIPPED -> {
                    // Behind us.
                }
            }
        }
        return Optional.of(now.plusMillis((long) ((inFlight + waiting) * 1000)));
    }

    private static double remaining(StepView step, double speed, Instant now) {
        double elapsed = elapsed(step, now);
        double predicted = Math.max(step.cost() * speed * (1 - step.fraction()), 0.1);
        if (step.fraction() < 0.01) {
            return Math.max(step.cost() * speed - elapsed, 0.1);
        }
        double measured = elapsed * (1 - step.fraction()) / step.fraction();
        double trust = Math.min(1, step.fraction() * 5);
        return trust * measured + (1 - trust) * predicted;
    }

    /** Wall seconds per predicted compute-second, over the steps of this job that say something about it; 1 before any does. */
    private static double secondsPerCost(JobView job, Instant now) {
        double seconds = 0;
        double cost = 0;
        for (StepView step : job.steps()) {
            boolean telling = step.kind().equals("transcode") || step.kind().equals("audio");
            if (telling && step.state() == StepState.SUCCEEDED) {
                seconds += elapsed(step, step.finishedAt().orElse(now));
                cost += step.cost();
            } else if (telling && step.state() == StepState.RUNNING && step.fraction() > 0.02) {
                seconds += elapsed(step, now);
                cost += step.cost() * step.fraction();
            }
        }
        return cost > 0 && seconds > 0 ? seconds / cost : 1;
    }

    private static double elapsed(StepView step, Instant until) {
        return step.startedAt()
                .map(start -> Math.max(0, Duration.between(start, until).toMillis() / 1000.0))
                .orElse(0.0);
    }

    private static double untilRetry(StepView step, Instant now) {
        return step.retryAt()
                .map(due -> Math.max(0, Duration.between(now, due).toMillis() / 1000.0))
                .orElse(0.0);
    }
}
