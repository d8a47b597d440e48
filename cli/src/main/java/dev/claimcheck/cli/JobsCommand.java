package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobQuery;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Lists jobs, newest first. */
@Command(
        name = "jobs",
        description = "List jobs, newest first.",
        footer = {
            "",
            "Examples:",
            "  claimcheck jobs",
            "  claimcheck jobs --status FAILED,IN_PROGRESS --search holiday",
            "  claimcheck jobs --counts",
            "  claimcheck jobs --owner alice                    with the admin's key",
            "  claimcheck jobs --status FAILED --all --ids | xargs claimcheck retry",
            "",
            "In a terminal jobs are shown by the last 8 digits of their ids, which every command takes; in a pipe by the whole id."
        })
final class JobsCommand extends ServiceCommand {
    private static final int PAGE = 200;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            split = ",",
            description =
                    "Only jobs of these statuses: UPLOADING, PENDING, IN_PROGRESS, COMPLETED, FAILED, CANCELLED, EXPIRED.")
    private List<String> statuses = List.of();

    @Option(
            names = {"-q", "--search"},
            paramLabel = "TEXT",
            description = "Only jobs whose name contains that, whatever the case; or an id, or its last 8 digits.")
    private @Nullable String search;

    @Option(names = "--owner", paramLabel = "OWNER", description = "Another owner's jobs (admin's key).")
    private @Nullable String owner;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many (1 to 200, default 20).")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "The next_cursor of the page before.")
    private @Nullable String cursor;

    @Option(names = "--all", description = "All of them, page after page.")
    private boolean all;

    @Option(names = "--ids", description = "Whole ids alone, one a line.")
    private boolean ids;

    @Option(names = "--counts", description = "How many there are of each status.")
    private boolean counts;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JobQuery query = query();
        if (counts) {
            return printCounts(client.jobs().counts(query));
        }
        JsonNode page =
                all ? everything(client, query.withLimit(PAGE)) : client.jobs().page(query);
        if (ids) {
            page.path("jobs").forEach(job -> out().println(text(job, "job_id")));
            return ExitCode.OK;
        }
        return print(page, () -> printPage(page));
    }

    private JobQuery query() {
        JobQuery query = JobQuery.ALL.withStatuses(statuses).withLimit(limit);
        if (search != null) {
            query = query.withText(search);
        }
        if (owner != null) {
            query = query.ofOwner(owner);
        }
        return cursor == null ? query : query.from(cursor);
    }

    private static JsonNode everything(ClaimcheckClient client, JobQuery query) throws InterruptedException {
        ObjectNode whole = JsonMapper.shared().createObjectNode();
        ArrayNode jobs = whole.putArray("jobs");
        JobQuery next = query;
        while (true) {
            JsonNode page = client.jobs().page(next);
            page.path("jobs").forEach(jobs::add);
            if (!page.path("next_cursor").isString()) {
                return whole.putNull("next_cursor");
            }
            next = query.from(page.path("next_cursor").asString());
        }
    }

    private int printCounts(JsonNode answer) {
        return print(answer, () -> {
            Table table = new Table(Column.fixed("STATUS"), Column.fixed("JOBS").number());
            answer.path("counts")
                    .properties()
                    .forEach(each -> table.row(each.getKey(), each.getValue().asString()));
            print(table.row("all", text(answer, "total")));
        });
    }

    private void printPage(JsonNode page) {
        if (page.path("jobs").isEmpty()) {
            boolean chosen = !statuses.isEmpty() || search != null || owner != null || cursor != null;
            say(chosen ? "No such jobs." : "No jobs yet. Upload one with: claimcheck upload FILE");
            return;
        }
        print(table(page.path("jobs"), Terminal.ofStandardOutput().interactive(), Instant.now()));
        if (page.path("next_cursor").isString()) {
            say("More with: claimcheck jobs --cursor " + text(page, "next_cursor") + ", or --all.");
        }
    }

    /** @param brief ids by their last digits */
    static Table table(JsonNode jobs, boolean brief, Instant now) {
        Table table = new Table(
                Column.fixed("JOB"),
                Column.fixed("STATUS"),
                Column.fixed("DONE").number(),
                Column.names("NAME"),
                Column.optional("CREATED"),
                Column.optional("WHAT"));
        for (JsonNode job : jobs) {
            String id = text(job, "job_id");
            table.row(
                    brief ? JobIds.brief(id) : id,
                    text(job, "status"),
                    job.has("progress")
                            ? String.format(
                                    Locale.ROOT, "%.0f %%", job.path("progress").asDouble())
                            : "",
                    text(job, "filename"),
                    Words.ago(Instant.parse(text(job, "created_at")), now),
                    what(job, now));
        }
        return table;
    }

    private static String what(JsonNode job, Instant now) {
        String failure = job.path("error").path("code").asString("");
        if (!failure.isEmpty()) {
            return failure;
        }
        String left = job.path("estimated_completion").isString()
                ? "ready in about "
                        + Words.roughly(
                                java.time.Duration.between(now, Instant.parse(text(job, "estimated_completion"))))
                        + ": "
                : "";
        return left + text(job, "message");
    }
}
