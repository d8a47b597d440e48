package dev.claimcheck.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How long a job takes on so many workers: list scheduling, as the queue does it. Whoever is free takes the first step in the plan's order that is ready. A worker makes one transcode at a time; light
 * steps (of other queues) run beside. Pure.
 */
final class Schedule {
    /**
     * A step of the plan.
     *
     * @param transcode whether it occupies a worker
     * @param seconds it takes
     * @param needs names of the steps that come before it
     */
    record Task(String name, boolean transcode, double seconds, List<String> needs) {
        Task {
            needs = List.copyOf(needs);
        }
    }

    private Schedule() {}

    /**
     * Seconds from the start of the first step to the end of the last.
     *
     * @param tasks in the order in which they are taken
     * @throws IllegalArgumentException where steps wait for one that there is not, or for each other
     */
    static double makespan(List<Task> tasks, int workers) {
        List<Task> waiting = new ArrayList<>(tasks);
        Map<Task, Double> running = new HashMap<>();
        Set<String> done = new HashSet<>();
        double now = 0;
        int busy = 0;
        while (true) {
            for (Task task : List.copyOf(waiting)) {
                if (done.containsAll(task.needs()) && (!task.transcode() || busy < workers)) {
                    busy += task.transcode() ? 1 : 0;
                    running.put(task, now + task.seconds());
                    waiting.remove(task);
                }
            }
            if (running.isEmpty()) {
                if (!waiting.isEmpty()) {
                    throw new IllegalArgumentException("never ready: " + waiting);
                }
                return now;
            }
            Map.Entry<Task, Double> next = running.entrySet().stream()
                    .min(Map.Entry.comparingByValue())
                    .orElseThrow();
            now = next.getValue();
            Task ended = next.getKey();
            running.remove(ended);
            done.add(ended.name());
            busy -= ended.transcode() ? 1 : 0;
        }
    }
}
