package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.Event;
import dev.claimcheck.client.Events;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Tells what happens. */
@Command(
        name = "events",
        description = {
            "Tell what happened to your jobs, one event a line: time, id, type, job, and what belongs to it.",
            "With -f go on as things happen, also over breaks of the line and restarts of the service: none is left out, none comes twice."
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck events -f                          from now on",
            "  claimcheck events -f --type 'job.*' --json    one JSON document a line",
            "  claimcheck events --type job.failed           from the beginning of the log",
            "  claimcheck events -f --after 4711             behind the last one you have",
            "  claimcheck events -f --job 1f3a9c20           one job; ends with it"
        })
final class EventsCommand extends ServiceCommand {
    private static final int PAGE = 1_000;

    @Option(
            names = {"-f", "--follow"},
            description = "Go on as things happen.")
    private boolean follow;

    @Option(
            names = "--after",
            paramLabel = "ID",
            description =
                    "Only events behind that one; 0 for all that are kept, latest for those to come (default: latest with -f, else 0; with --job 0).")
    private @Nullable String after;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            split = ",",
            description = "Only events of these types, such as job.completed or 'job.*'.")
    private List<String> types = List.of();

    @Option(names = "--job", paramLabel = "JOB", description = "Only events of that job; its id, or the last 8 digits.")
    private @Nullable String jobId;

    @Option(names = "--limit", paramLabel = "N", description = "End after so many events.")
    private @Nullable Integer limit;

    private int shown;

    /** Enough was told. */
    private static final class Enough extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Enough() {
            super("enough events", null, false, false);
        }
    }

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        if (limit != null && limit < 1) {
            throw wrong("--limit is at least 1");
        }
        Optional<String> job = jobId == null ? Optional.empty() : Optional.of(JobIds.whole(client, jobId));
        String from = after != null ? after : follow && job.isEmpty() ? Events.LATEST : Events.BEGINNING;
        Pattern wanted = pattern(types);
        try {
            if (follow) {
                client.events()
                        .follow(
                                from,
                                job,
                                event -> show(event, wanted),
                                (trouble, pause) -> err().println("claimcheck: " + trouble.getMessage()
                                        + " Trying again in " + Words.precise(pause) + "."));
            } else {
                showAll(client.events(), from, job, wanted);
            }
        } catch (Enough _) {
            // As many as were asked for.
        }
        return ExitCode.OK;
    }

    private void showAll(Events events, String from, Optional<String> job, Pattern wanted) throws InterruptedException {
        String cursor = from;
        while (true) {
            Events.Page page = events.page(cursor, job, PAGE);
            page.events().forEach(event -> show(event, wanted));
            if (page.events().isEmpty()) {
                return;
            }
            cursor = page.next();
        }
    }

    private void show(Event event, Pattern wanted) {
        if (!wanted.matcher(event.type()).matches()) {
            return;
        }
        out().println(json() ? event.json().toString() : line(event));
        out().flush(); // Whoever reads along must not wait for a full buffer.
        if (out().checkError()) {
            throw new Enough(); // The reader has gone, as head does.
        }
        shown++;
        if (limit != null && shown >= limit) {
            throw new Enough();
        }
    }

    /** Stars stand for anything; all types where none is named. */
    static Pattern pattern(List<String> types) {
        return types.isEmpty()
                ? Pattern.compile(".*")
                : Pattern.compile(types.stream()
                        .map(type -> List.of(type.strip().split("\\*", -1)).stream()
                                .map(Pattern::quote)
                                .collect(Collectors.joining(".*")))
                        .collect(Collectors.joining("|")));
    }

    static String line(Event event) {
        String data = event.data().properties().stream()
                .filter(member -> !member.getValue().isNull())
                .map(member -> member.getKey() + "="
                        + (member.getValue().isString()
                                        && !member.getValue().asString().contains(" ")
                                ? member.getValue().asString()
                                : member.getValue().toString()))
                .collect(Collectors.joining(" "));
        return TextWidth.plain(event.at() + "  " + event.id() + "  " + event.type() + "  " + event.jobId()
                + (data.isEmpty() ? "" : "  " + data));
    }
}
