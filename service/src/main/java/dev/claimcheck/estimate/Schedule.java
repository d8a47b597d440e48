package dev.claimcheck.estimate;

import dev.claimcheck.estimate.Backlog.Place;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.QueueName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Plays a job's tasks through as the queues would: each starts when what it needs is done, a lane is free, and the work of others that is before it has had its turn.
 * Not thread-safe; for one use.
 */
final class Schedule {
    /** Where in the line a task comes to stand that is not there yet: behind every step with its tag. */
    private static final long BEHIND_ALL = Long.MAX_VALUE;

    private final Conditions conditions;
    private final OwnerId owner;
    private final int priority;
    private final Map<QueueName, Lanes> lanes = new EnumMap<>(QueueName.class);
    private final Map<QueueName, Double> nextTags = new EnumMap<>(QueueName.class);
    private final Map<QueueName, List<Task>> ownRows = new EnumMap<>(QueueName.class);
    private double openedBefore;

    private record Available(Task task, UncertainTime from) {}

    Schedule(Conditions conditions, OwnerId owner, int priority) {
        this.conditions = conditions;
        this.owner = owner;
        this.priority = priority;
    }

    /** When the last of them ends, from now; empty where nobody serves a queue that is needed. */
    Optional<UncertainTime> end(List<Task> tasks) {
        if (tasks.stream().anyMatch(task -> conditions.slots(task.queue()) == 0)) {
            return Optional.empty();
        }
        prepare(tasks);
        Map<Long, UncertainTime> ends = new HashMap<>();
        Map<Long, Integer> open = new HashMap<>();
        Map<Long, List<Task>> dependents = new HashMap<>();
        Set<Long> known = tasks.stream().map(Task::id).collect(Collectors.toSet());
        PriorityQueue<Available> available = new PriorityQueue<>(Comparator.comparing(
                        (Available one) -> !one.task().running())
                .thenComparingDouble(one -> one.from().mean())
                .thenComparingDouble(one -> one.task().place().map(Place::tag).orElse(Double.MAX_VALUE))
                .thenComparingLong(one -> one.task().id()));
        for (Task task : tasks) {
            Set<Long> needs = new HashSet<>(task.needs());
            needs.retainAll(known);
            open.put(task.id(), needs.size());
            needs.forEach(need ->
                    dependents.computeIfAbsent(need, _ -> new ArrayList<>()).add(task));
            if (needs.isEmpty()) {
                available.add(new Available(task, UncertainTime.exactly(task.notBefore())));
            }
        }
        UncertainTime last = UncertainTime.ZERO;
        while (!available.isEmpty()) {
            Available next = available.remove();
            UncertainTime end = run(next);
            ends.put(next.task().id(), end);
            last = last.orLater(end);
            for (Task dependent : dependents.getOrDefault(next.task().id(), List.of())) {
                if (open.merge(dependent.id(), -1, Integer::sum) == 0) {
                    available.add(new Available(dependent, latest(dependent, ends)));
                }
            }
        }
        return Optional.of(last);
    }

    private static UncertainTime latest(Task task, Map<Long, UncertainTime> ends) {
        UncertainTime latest = UncertainTime.exactly(task.notBefore());
        for (long need : task.needs()) {
            latest = latest.orLater(ends.getOrDefault(need, UncertainTime.ZERO));
        }
        return latest;
    }

    private void prepare(List<Task> tasks) {
        Set<Long> own = tasks.stream().map(Task::id).collect(Collectors.toSet());
        for (QueueName queue : QueueName.values()) {
            lanes.put(queue, new Lanes(Math.max(1, conditions.slots(queue))));
            nextTags.put(queue, conditions.backlog(queue).tagOfNext(owner));
            ownRows.put(
                    queue,
                    tasks.stream()
                            .filter(task -> task.queue() == queue
                                    && task.place()
                                            .filter(conditions.backlog(queue)::has)
                                            .isPresent())
                            .toList());
        }
        for (Conditions.RunningStep other : conditions.running()) {
            if (!own.contains(other.step())) {
                lanes(other.queue()).run(UncertainTime.ZERO, other.left());
                openedBefore += other.opens();
            }
        }
        openedBefore +=
                opensBefore(QueueName.METADATA, tasks, false) + opensBefore(QueueName.VIDEO_PROCESSING, tasks, true);
    }

    /** Video processing that steps let in which come before the first of the job's in that queue. */
    private double opensBefore(QueueName queue, List<Task> tasks, boolean orBeforeNext) {
        Backlog backlog = conditions.backlog(queue);
        Optional<Place> first = tasks.stream()
                .filter(task -> task.queue() == queue)
                .flatMap(task -> task.place().stream())
                .min(Comparator.comparingInt(backlog::before));
        return first.or(() -> orBeforeNext ? Optional.of(next(queue)) : Optional.empty())
                .map(place -> backlog.opens(backlog.before(place)))
                .orElse(0.0);
    }

    private UncertainTime run(Available available) {
        Task task = available.task();
        Lanes queue = lanes(task.queue());
        if (!task.running()) {
            queue.pourUpTo(ahead(task), doubt(task.queue()));
        }
        return queue.run(task.running() ? UncertainTime.ZERO : available.from(), task.duration());
    }

    /** Seconds of work of others that comes before. */
    private double ahead(Task task) {
        Backlog backlog = conditions.backlog(task.queue());
        Place place = task.place().orElseGet(() -> next(task.queue()));
        int rows = backlog.before(place);
        double own = 0;
        for (Task row : ownRows.getOrDefault(task.queue(), List.of())) {
            int index = backlog.before(row.place().orElseThrow());
            if (index < rows) {
                own += backlog.seconds(index + 1) - backlog.seconds(index);
            }
        }
        double opened = 0;
        if (task.place().isEmpty()) {
            nextTags.merge(task.queue(), task.cost(), Double::sum);
            opened = task.queue() == QueueName.VIDEO_PROCESSING ? openedBefore : 0;
        }
        return Math.max(0, backlog.seconds(rows) - own) + opened;
    }

    private Place next(QueueName queue) {
        return new Place(priority, nextTags.getOrDefault(queue, 0.0), BEHIND_ALL);
    }

    /** How far the work of others may be from what is expected of it. */
    private double doubt(QueueName queue) {
        String kind = switch (queue) {
            case METADATA -> "metadata";
            case THUMBNAILS -> "thumbnail";
            case VIDEO_PROCESSING -> "transcode";
        };
        return Math.sqrt(Math.expm1(
                conditions.speeds().of(new WorkClass(kind, "", false)).shared()));
    }

    private Lanes lanes(QueueName queue) {
        return Optional.ofNullable(lanes.get(queue)).orElseThrow();
    }
}
