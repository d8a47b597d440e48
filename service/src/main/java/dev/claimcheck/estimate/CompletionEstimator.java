package dev.claimcheck.estimate;

import dev.claimcheck.job.JobView;
import dev.claimcheck.job.StepState;
import dev.claimcheck.job.StepView;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Says when an open job will be done and how many are before it. Pure. */
final class CompletionEstimator {
    private CompletionEstimator() {}

    /** @param job PENDING or IN_PROGRESS */
    static Outlook outlook(JobView job, Conditions conditions, Instant now) {
        return new Outlook(completion(job, conditions, now), queuePosition(job, conditions));
    }

    private static Optional<Forecast> completion(JobView job, Conditions conditions, Instant now) {
        List<Task> tasks = OpenTasks.of(job, conditions.speeds(), now);
        boolean unseen = tasks.stream()
                .anyMatch(task -> task.place().isPresent()
                        && !task.running()
                        && isBeyond(
                                conditions.backlog(task.queue()), task.place().get()));
        if (unseen) {
            return Optional.empty();
        }
        return new Schedule(conditions, job.owner(), job.priority().rank())
                .end(tasks)
                .map(end -> new Forecast(later(now, end.median()), later(now, end.ninetieth())));
    }

    /** Of the step that matters most among those that are ready; empty while anything of the job runs. */
    private static OptionalInt queuePosition(JobView job, Conditions conditions) {
        if (job.steps().stream().anyMatch(step -> step.state() == StepState.RUNNING)) {
            return OptionalInt.empty();
        }
        return job.steps().stream()
                .filter(step -> step.state() == StepState.READY && step.tag().isPresent())
                .max(Comparator.comparingDouble(StepView::cost)
                        .thenComparing(Comparator.comparingLong(StepView::id).reversed()))
                .map(step -> OptionalInt.of(1
                        + conditions
                                .backlog(step.queue())
                                .before(new Backlog.Place(
                                        job.priority().rank(), step.tag().orElseThrow(), step.id()))))
                .orElseGet(OptionalInt::empty);
    }

    private static boolean isBeyond(Backlog backlog, Backlog.Place place) {
        return !backlog.isComplete() && backlog.before(place) == backlog.size();
    }

    private static Instant later(Instant now, double seconds) {
        return now.plusMillis(Math.round(Math.min(seconds, 1e9) * 1000));
    }
}
