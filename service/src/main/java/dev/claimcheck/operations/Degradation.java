package dev.claimcheck.operations;

import dev.claimcheck.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How well the service does what it is for, and why not better. Pure. With the database away nobody can be told: then every answer is 503, and {@code /health/ready} says why.
 *
 * @param reasons sentences for the operator, the gravest first; empty where all is well
 */
public record Degradation(Level level, List<String> reasons) {
    /** A step that waits longer than this is noticed by whoever uploaded. */
    static final Duration LONG_WAIT = Duration.ofMinutes(10);

    private static final int ENOUGH_TO_JUDGE = 10;

    public Degradation {
        reasons = List.copyOf(reasons);
    }

    /** From best to worst. */
    public enum Level {
        NORMAL,
        /** Everything works, some of it late or not for long. */
        DEGRADED,
        /** Something that users ask for does not happen. */
        CRITICAL
    }

    /**
     * What is judged.
     *
     * @param space in the store; empty where it does not fill up
     * @param eventsCurrent whether this process hears of changes as they happen
     */
    public record Facts(
            Overview overview, Optional<ObjectStore.Space> space, boolean storageReachable, boolean eventsCurrent) {}

    /** The judgement. */
    public static Degradation of(Facts facts) {
        List<String> critical = new ArrayList<>();
        List<String> degraded = new ArrayList<>();
        if (!facts.storageReachable()) {
            critical.add(
                    "The storage does not answer: uploads are refused and steps are put off. Look at its own state.");
        }
        facts.space().ifPresent(space -> storage(space, critical, degraded));
        facts.overview().queues().forEach(queue -> queue(queue, critical, degraded));
        long silent = facts.overview().workers().stream()
                .filter(worker -> worker.life() == WorkerFigures.Life.SILENT)
                .count();
        if (silent > 0) {
            degraded.add(
                    silent + (silent == 1 ? " worker has" : " workers have")
                            + " fallen silent; what it had is handed to others. Look at its process and its line to the database.");
        }
        int done = facts.overview().doneLastHour();
        int failed = facts.overview().failedLastHour();
        if (failed >= ENOUGH_TO_JUDGE && failed > done) {
            degraded.add(failed + " of " + (done + failed)
                    + " jobs that ended in the last hour failed. The dead letters show why.");
        }
        if (!facts.eventsCurrent()) {
            degraded.add("Changes are heard of late, because the line to the database is being made anew.");
        }
        Level level = !critical.isEmpty() ? Level.CRITICAL : degraded.isEmpty() ? Level.NORMAL : Level.DEGRADED;
        critical.addAll(degraded);
        return new Degradation(level, critical);
    }

    private static void storage(ObjectStore.Space space, List<String> critical, List<String> degraded) {
        long left = space.free() - space.reserved();
        if (left < space.least()) {
            critical.add("New uploads are refused: less than " + megabytes(space.least())
                    + " would stay free on the disk. Delete jobs or make it larger.");
        } else if (left < 2 * space.least()) {
            degraded.add("The disk is filling up: " + megabytes(left) + " are left, and below "
                    + megabytes(space.least()) + " new uploads are refused.");
        }
    }

    private static void queue(QueueFigures queue, List<String> critical, List<String> degraded) {
        String name = queue.queue().wireName();
        if (queue.capacity() == 0) {
            if (queue.waiting() > 0) {
                critical.add("Nothing in the queue " + name + " is worked on: " + queue.waiting()
                        + " wait, and no worker takes from it. Start one.");
            } else {
                degraded.add("No worker takes from the queue " + name + ". Start one.");
            }
        } else if (queue.oldestWaitSeconds() > LONG_WAIT.toSeconds()) {
            degraded.add("The queue " + name + " is behind: its oldest step has waited for "
                    + Math.round(queue.oldestWaitSeconds() / 60)
                    + " minutes. Add workers, or wait until the rush is over.");
        }
    }

    private static String megabytes(long bytes) {
        return Math.round(bytes / 1e6) + " MB";
    }
}
