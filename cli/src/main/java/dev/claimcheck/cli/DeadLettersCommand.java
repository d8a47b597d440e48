package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Steps that have failed for good. */
@Command(
        name = "dead-letters",
        description =
                "Steps of all owners that have failed for good (admin's key). Without a further word they are listed, newest first.",
        subcommands = {DeadLettersCommand.ListLetters.class, DeadLettersCommand.Retry.class},
        footer = {
            "",
            "Examples:",
            "  claimcheck dead-letters",
            "  claimcheck dead-letters retry                          what may be helped",
            "  claimcheck dead-letters retry --code storage_trouble   the storage was away"
        })
final class DeadLettersCommand extends ServiceCommand {
    @Mixin
    private PageOptions page = new PageOptions();

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return list(this, client, page);
    }

    /** Which page of them. */
    private static final class PageOptions {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "20",
                description = "Of at most so many jobs (1 to 200, default 20).")
        private int limit;

        @Option(names = "--cursor", paramLabel = "CURSOR", description = "The next_cursor of the page before.")
        private @Nullable String cursor;
    }

    private static int list(ServiceCommand command, ClaimcheckClient client, PageOptions options)
            throws InterruptedException {
        JsonNode page = client.administration().deadLetters(options.limit, Optional.ofNullable(options.cursor));
        return command.print(page, () -> {
            if (page.path("dead_letters").isEmpty()) {
                command.say("No dead letters: nothing has failed for good.");
                return;
            }
            command.print(
                    table(page.path("dead_letters"), Terminal.ofStandardOutput().interactive(), Instant.now()));
            if (page.path("next_cursor").isString()) {
                command.say("More with: claimcheck dead-letters --cursor " + text(page, "next_cursor"));
            }
        });
    }

    static Table table(JsonNode letters, boolean brief, Instant now) {
        Table table = new Table(
                Column.fixed("JOB"),
                Column.shrinking("STEP"),
                Column.fixed("CODE"),
                Column.fixed("TRIES").number(),
                Column.fixed("FAILED"),
                Column.fixed("RETRY"),
                Column.optional("OWNER"),
                Column.optional("NAME"),
                Column.optional("WHY"));
        letters.forEach(letter -> table.row(
                brief ? JobIds.brief(text(letter, "job_id")) : text(letter, "job_id"),
                text(letter, "step"),
                letter.path("error").path("code").asString(""),
                text(letter, "attempts"),
                Words.ago(Instant.parse(text(letter, "failed_at")), now),
                letter.path("retry_allowed").asBoolean() ? "may help" : "no",
                text(letter, "owner"),
                text(letter, "filename"),
                letter.path("error")
                        .path("detail")
                        .asString(letter.path("error").path("message").asString(""))));
        return table;
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List them, newest first.",
            footer = {"", "Example:", "  claimcheck dead-letters list --limit 200 --json"})
    static final class ListLetters extends ServiceCommand {
        @Mixin
        private PageOptions page = new PageOptions();

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            return list(this, client, page);
        }
    }

    /** Does them again. */
    @Command(
            name = "retry",
            description = {
                "Do failed steps again, a thousand at once. All that is named must fit.",
                "Without --code and jobs only those that another try may help."
            },
            footer = {
                "",
                "Examples:",
                "  claimcheck dead-letters retry",
                "  claimcheck dead-letters retry --queue video_processing --code process_killed",
                "  claimcheck dead-letters retry 0199f2c4-…"
            })
    static final class Retry extends ServiceCommand {
        @Parameters(paramLabel = "JOB", arity = "0..*", description = "Only of these jobs.")
        private List<String> jobs = List.of();

        @Option(
                names = "--queue",
                paramLabel = "QUEUE",
                description = "Only of that queue: metadata, thumbnails or video_processing.")
        private @Nullable String queue;

        @Option(names = "--code", paramLabel = "CODE", description = "Only with that error, such as storage_trouble.")
        private @Nullable String code;

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            List<String> ids = new ArrayList<>();
            for (String job : jobs) {
                ids.add(JobIds.whole(client, job));
            }
            JsonNode answer = client.administration()
                    .retryDeadLetters(Optional.ofNullable(queue), Optional.ofNullable(code), ids);
            return print(answer, () -> {
                int retried = answer.path("retried").asInt();
                say(
                        retried == 0
                                ? "None of them fits."
                                : retried + (retried == 1 ? " step is" : " steps are") + " done again.");
                if (answer.path("more").asBoolean()) {
                    say("There are more: run the same command again.");
                }
            });
        }
    }
}
