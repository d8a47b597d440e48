package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.time.Duration;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Shows what ran when and where. */
@Command(
        name = "timeline",
        description = "Show every step of a job with its attempts: where and when it ran, how it ended.",
        footer = {
            "",
            "Examples:",
            "  claimcheck timeline 1f3a9c20",
            "  claimcheck timeline 1f3a9c20 --logs     with the last words of ffmpeg"
        })
final class TimelineCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = JobIds.WHAT)
    private String jobId = "";

    @Option(names = "--logs", description = "Show below what ffmpeg said in attempts that failed.")
    private boolean logs;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JsonNode timeline = client.jobs().timeline(JobIds.whole(client, jobId));
        return print(timeline, () -> {
            print(table(timeline));
            if (logs) {
                timeline.path("steps").forEach(step -> step.path("attempts").forEach(attempt -> log(step, attempt)));
            }
        });
    }

    static Table table(JsonNode timeline) {
        Instant began = Instant.parse(text(timeline, "created_at"));
        Instant now = Instant.parse(text(timeline, "now"));
        Table table = new Table(
                Column.shrinking("STEP"),
                Column.fixed("TRY").number(),
                Column.fixed("OUTCOME"),
                Column.fixed("BEGAN").number(),
                Column.fixed("TOOK").number(),
                Column.optional("HOST"),
                Column.optional("WHY"));
        for (JsonNode step : timeline.path("steps")) {
            if (step.path("attempts").isEmpty()) {
                table.row(
                        text(step, "name"),
                        "",
                        text(step, "status").toLowerCase(java.util.Locale.ROOT),
                        "",
                        "",
                        "",
                        "");
            }
            for (JsonNode attempt : step.path("attempts")) {
                Instant started = Instant.parse(text(attempt, "started_at"));
                Instant ended =
                        attempt.path("finished_at").isString() ? Instant.parse(text(attempt, "finished_at")) : now;
                table.row(
                        text(step, "name"),
                        text(attempt, "attempt"),
                        attempt.path("outcome").isString() ? text(attempt, "outcome") : "running",
                        "+" + Words.precise(Duration.between(began, started)),
                        Words.precise(Duration.between(started, ended)),
                        text(attempt, "host"),
                        attempt.path("error").isObject()
                                ? text(attempt.path("error"), "code") + ": " + text(attempt.path("error"), "detail")
                                : "");
            }
        }
        return table;
    }

    private void log(JsonNode step, JsonNode attempt) {
        if (attempt.path("log").isString()) {
            say("");
            say(text(step, "name") + ", attempt " + text(attempt, "attempt") + ":");
            text(attempt, "log").lines().forEach(line -> say("  " + line));
        }
    }
}
