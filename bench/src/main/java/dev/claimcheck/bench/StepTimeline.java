package dev.claimcheck.bench;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** When the steps of a job ran, in seconds since the job was created, as the service recorded it. Pure. */
final class StepTimeline {
    /**
     * A step that was started.
     *
     * @param to the same as {@code from} where it has not ended
     */
    record Run(String name, String queue, String status, double from, double to) {
        double seconds() {
            return to - from;
        }
    }

    private StepTimeline() {}

    /** The steps that were started, in that order. */
    static List<Run> of(JsonNode job) {
        Instant created = Instant.parse(job.path("created_at").asString());
        List<Run> runs = new ArrayList<>();
        for (JsonNode step : job.path("steps")) {
            String started = step.path("started_at").asString("");
            String finished = step.path("finished_at").asString("");
            if (!started.isEmpty()) {
                double from = seconds(created, started);
                runs.add(new Run(
                        step.path("name").asString(),
                        step.path("queue").asString(),
                        step.path("status").asString(""),
                        from,
                        finished.isEmpty() ? from : seconds(created, finished)));
            }
        }
        runs.sort(Comparator.comparingDouble(Run::from));
        return runs;
    }

    /** Seconds that the step of that name took. */
    static double seconds(List<Run> runs, String name) {
        return runs.stream()
                .filter(run -> run.name().equals(name))
                .mapToDouble(Run::seconds)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the job has no step " + name));
    }

    /** One line. */
    static String text(JsonNode job) {
        return String.join(", ", of(job).stream().map(StepTimeline::text).toList());
    }

    private static String text(Run run) {
        return run.seconds() == 0
                ? String.format(Locale.ROOT, "%s from %.2f", run.name(), run.from())
                : String.format(Locale.ROOT, "%s %.2f–%.2f", run.name(), run.from(), run.to());
    }

    private static double seconds(Instant from, String to) {
        return Duration.between(from, Instant.parse(to)).toMillis() / 1000.0;
    }
}
