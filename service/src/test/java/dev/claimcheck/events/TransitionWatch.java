package dev.claimcheck.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.claimcheck.database.Database;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Looks at all jobs and steps around each action: what has moved must have left the events of that move, and nothing else may have. Not thread-safe. */
final class TransitionWatch {
    private static final String NOTHING = "-";
    /** A READY step that waits for its next try. */
    private static final String DELAYED = "DELAYED";

    private final Database database;
    private final Set<String> jobMoves = new TreeSet<>();
    private final Set<String> stepMoves = new TreeSet<>();
    private final Set<String> otherEvents = new TreeSet<>();

    TransitionWatch(Database database) {
        this.database = database;
    }

    /** The moves of jobs that were seen: {@code FROM>TO}. */
    Set<String> jobMoves() {
        return jobMoves;
    }

    /** Those of steps. */
    Set<String> stepMoves() {
        return stepMoves;
    }

    /** Types of events beside those of moves. */
    Set<String> otherEvents() {
        return otherEvents;
    }

    /** Does it and compares what moved with what was logged; {@code also} are events beside those of moves. */
    void does(Runnable action, String... also) {
        Map<String, String> before = subjects();
        long end = lastEvent();
        action.run();
        Map<String, String> after = subjects();
        Map<String, List<String>> logged = eventsSince(end);
        Set<String> missing = new TreeSet<>(List.of(also));
        Set<String> all = new TreeSet<>(before.keySet());
        all.addAll(after.keySet());
        all.addAll(logged.keySet());
        for (String subject : all) {
            String from = before.getOrDefault(subject, NOTHING);
            String to = after.getOrDefault(subject, NOTHING);
            List<String> events = new ArrayList<>(logged.getOrDefault(subject, List.of()));
            if (!subject.contains("/")) {
                takeOthers(events, List.of(also), missing, from.equals(to));
            }
            if (from.equals(to)) {
                assertThat(events).as("%s stays %s", subject, from).isEmpty();
                continue;
            }
            Set<List<String>> expected = subject.contains("/") ? ofStep(from, to) : ofJob(from, to);
            assertThat(expected)
                    .as("%s goes from %s to %s; logged: %s", subject, from, to, events)
                    .contains(events);
            (subject.contains("/") ? stepMoves : jobMoves)
                    .add(from.replace(DELAYED, "READY") + ">" + to.replace(DELAYED, "READY"));
        }
        assertThat(missing).as("events that should have been logged too").isEmpty();
    }

    private void takeOthers(List<String> events, List<String> also, Set<String> missing, boolean stays) {
        if (events.remove("job.playable")) {
            otherEvents.add("job.playable");
        }
        for (String type : also) {
            if (events.remove(type)) {
                missing.remove(type);
                otherEvents.add(type.equals("job.retried") && stays ? "job.retried (optional steps)" : type);
            }
        }
    }

    private static Set<List<String>> ofJob(String from, String to) {
        String type = switch (to) {
            case "UPLOADING" -> "job.created";
            case "PENDING" ->
                switch (from) {
                    case NOTHING -> "job.created";
                    case "UPLOADING" -> "job.uploaded";
                    default -> "job.retried";
                };
            case "IN_PROGRESS" -> "job.started";
            case NOTHING -> "job.deleted";
            default -> "job." + to.toLowerCase(Locale.ROOT);
        };
        return to.equals(NOTHING)
                ? Set.of(List.of("job.deleted"), List.of("job.merged"))
                : from.equals(NOTHING) && to.equals("PENDING")
                        ? Set.of(List.of("job.created", "upload.created", "upload.completed"))
                        : Set.of(List.of(type));
    }

    private static Set<List<String>> ofStep(String from, String to) {
        boolean closed = Set.of("SUCCEEDED", "FAILED", "CANCELLED").contains(from);
        return switch (to) {
            case NOTHING -> Set.of(closed ? List.of() : List.of("step.cancelled"));
            case "WAITING" ->
                Set.of(from.equals(NOTHING) ? List.of() : List.of(closed ? "step.reopened" : "step.retrying"));
            case "READY" ->
                from.equals("RUNNING")
                        ? Set.of(List.of("step.released"), List.of("step.lease_expired"))
                        : Set.of(closed ? List.of("step.reopened", "step.ready") : List.of("step.ready"));
            case DELAYED -> Set.of(List.of("step.retrying"));
            case "RUNNING" -> Set.of(List.of("step.started"));
            default -> Set.of(List.of("step." + to.toLowerCase(Locale.ROOT)));
        };
    }

    /** Every job by its id, and every step by its job's id, a slash and its name, with where it stands. */
    private Map<String, String> subjects() {
        return database.withHandle(handle -> {
            Map<String, String> found = new TreeMap<>();
            handle.createQuery("SELECT CAST(job_id AS text) AS subject, status FROM job UNION ALL "
                            + "SELECT job_id || '/' || name, CASE WHEN step_id IN (SELECT step_id FROM lease) THEN 'RUNNING' "
                            + "WHEN step_id IN (SELECT step_id FROM delayed) THEN 'DELAYED' ELSE state END FROM step")
                    .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                    .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
            return found;
        });
    }

    private long lastEvent() {
        return database.withHandle(handle -> handle.createQuery("SELECT coalesce(max(event_id), 0) FROM event")
                .mapTo(Long.class)
                .one());
    }

    private Map<String, List<String>> eventsSince(long last) {
        return database.withHandle(handle -> handle
                .createQuery(
                        "SELECT job_id, type, data ->> 'step' AS step FROM event WHERE event_id > :last ORDER BY event_id")
                .bind("last", last)
                .map((row, _) -> Map.entry(
                        row.getString("job_id")
                                + (row.getString("type").startsWith("step.") ? "/" + row.getString("step") : ""),
                        row.getString("type")))
                .stream()
                .collect(Collectors.groupingBy(
                        Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList()))));
    }
}
