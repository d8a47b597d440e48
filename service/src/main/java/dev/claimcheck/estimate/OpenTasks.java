package dev.claimcheck.estimate;

import dev.claimcheck.job.JobView;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.StepView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of a job is still to be done: its open steps, and in place of those that are not planned yet some of the usual kind. What its steps have taken so far corrects
 * what is expected of the others. Pure.
 */
final class OpenTasks {
    private static final String METADATA = "metadata";
    private static final String TRANSCODE = "transcode";
    private static final String PACKAGE = "package";

    /** Compute-seconds of a step among those that are not planned yet. */
    private static final double USUAL_CHUNK = 15;

    private static final int MOST_CHUNKS = 64;
    private static final double USUAL_ENDING = 0.3;
    /** A step that took a tenth of what was expected, or ten times that, met something else than a slow machine. */
    private static final double MOST_AWAY = Math.log(10);

    private final JobView job;
    private final Speeds speeds;
    private final Instant now;
    private final Away away;
    private long invented;

    /**
     * How the job's transcodes did so far.
     *
     * @param mean of the logarithm of seconds / expected seconds
     * @param steps that it rests on
     */
    private record Away(double mean, double steps) {}

    private OpenTasks(JobView job, Speeds speeds, Instant now) {
        this.job = job;
        this.speeds = speeds;
        this.now = now;
        this.away = away();
    }

    static List<Task> of(JobView job, Speeds speeds, Instant now) {
        return new OpenTasks(job, speeds, now).tasks();
    }

    private List<Task> tasks() {
        List<Task> tasks = new ArrayList<>();
        List<StepView> open = job.steps().stream().filter(StepView::isOpen).toList();
        open.forEach(step -> tasks.add(task(step)));
        boolean planned = job.steps().stream().anyMatch(step -> !step.kind().equals(METADATA));
        for (StepView step : open) {
            if (step.kind().equals(METADATA) && !planned) {
                Ratio bySize = speeds.planBySize();
                addUnplanned(tasks, step, Speeds.costBySize(job.size()), bySize);
            } else if (step.plansCost() > 0) {
                addUnplanned(tasks, step, step.plansCost(), new Ratio(0, 0, 0));
            }
        }
        return tasks;
    }

    private Task task(StepView step) {
        Ratio ratio = ratio(step);
        boolean running = step.state() == StepState.RUNNING;
        UncertainTime duration =
                running ? Remaining.of(ratio, step.cost(), step.fraction(), elapsed(step, now)) : ratio.of(step.cost());
        Optional<Backlog.Place> place = step.tag().isPresent()
                ? Optional.of(
                        new Backlog.Place(job.priority().rank(), step.tag().getAsDouble(), step.id()))
                : Optional.empty();
        double wait = step.retryAt().map(due -> seconds(now, due)).orElse(0.0);
        return new Task(step.id(), step.queue(), step.needs(), running, place, wait, step.cost(), duration);
    }

    /** Chunks side by side, and an ending. */
    private void addUnplanned(List<Task> tasks, StepView planner, double cost, Ratio uncertainCost) {
        double expected = cost * uncertainCost.mean();
        int chunks = Math.clamp(Math.round(expected / USUAL_CHUNK), 1, MOST_CHUNKS);
        Ratio ratio = speeds.of(WorkClass.of(TRANSCODE, "", expected / chunks)).corrected(away.mean(), away.steps());
        Ratio both = new Ratio(
                ratio.log() + uncertainCost.log(),
                ratio.shared() + uncertainCost.shared() + uncertainCost.own(),
                ratio.own());
        List<Long> made = new ArrayList<>();
        for (int chunk = 0; chunk < chunks; chunk++) {
            Task task = invented(
                    QueueName.VIDEO_PROCESSING, List.of(planner.id()), expected / chunks, both.of(cost / chunks));
            tasks.add(task);
            made.add(task.id());
        }
        UncertainTime ending =
                speeds.of(WorkClass.of(PACKAGE, "", USUAL_ENDING)).of(USUAL_ENDING);
        tasks.add(invented(QueueName.METADATA, made, USUAL_ENDING, ending));
    }

    private Task invented(QueueName queue, List<Long> needs, double cost, UncertainTime duration) {
        return new Task(--invented, queue, needs, false, Optional.empty(), 0, cost, duration);
    }

    private Ratio ratio(StepView step) {
        Ratio expected = speeds.of(WorkClass.of(step.kind(), step.work(), step.cost()));
        return step.kind().equals(TRANSCODE) ? expected.corrected(away.mean(), away.steps()) : expected;
    }

    /** Weighed by cost: long steps say more, and one that runs says as much as it has done. */
    private Away away() {
        double sum = 0;
        double weights = 0;
        double squares = 0;
        for (StepView step : telling().toList()) {
            double done = step.state() == StepState.RUNNING ? step.fraction() : 1;
            double seconds = elapsed(step, step.finishedAt().orElse(now));
            double expected = speeds.of(WorkClass.of(step.kind(), step.work(), step.cost()))
                    .log();
            double off = Math.log(seconds / (step.cost() * done)) - expected;
            if (Math.abs(off) <= MOST_AWAY) {
                double weight = step.cost() * done;
                sum += off * weight;
                weights += weight;
                squares += weight * step.cost();
            }
        }
        return weights > 0 ? new Away(sum / weights, weights * weights / squares) : new Away(0, 0);
    }

    private Stream<StepView> telling() {
        return job.steps().stream()
                .filter(step -> step.kind().equals(TRANSCODE))
                .filter(step -> step.state() == StepState.SUCCEEDED
                        || (step.state() == StepState.RUNNING && step.fraction() > 0.1))
                .filter(step -> elapsed(step, step.finishedAt().orElse(now)) > 0);
    }

    private static double elapsed(StepView step, Instant until) {
        return step.startedAt().map(start -> seconds(start, until)).orElse(0.0);
    }

    private static double seconds(Instant from, Instant to) {
        return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
    }
}
