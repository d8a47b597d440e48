package dev.claimcheck.estimate;

import dev.claimcheck.job.QueueName;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What goes on besides a job, at one moment: who waits, what runs, how many run at once, how quick steps have been. Immutable.
 *
 * @param slots steps at once over all workers that are alive, per queue; 0 where nobody serves it
 */
record Conditions(
        Map<QueueName, Backlog> backlogs, List<RunningStep> running, Map<QueueName, Integer> slots, Speeds speeds) {
    /**
     * A step under a lease.
     *
     * @param left until it ends
     * @param opens expected seconds of video processing that become ready then
     */
    record RunningStep(long step, QueueName queue, UncertainTime left, double opens) {}

    Conditions {
        backlogs = new EnumMap<>(backlogs);
        running = List.copyOf(running);
        slots = Map.copyOf(slots);
    }

    Backlog backlog(QueueName queue) {
        return Optional.ofNullable(backlogs.get(queue)).orElseThrow();
    }

    int slots(QueueName queue) {
        return slots.getOrDefault(queue, 0);
    }
}
