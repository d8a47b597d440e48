package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The installation at one moment, as lines of a terminal. Pure. */
final class TopView {
    private static final String BETWEEN = "   ";

    private TopView() {}

    /** Never more lines than the terminal has, and none that is wider. */
    static List<String> lines(JsonNode overview, String address, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        JsonNode degradation = overview.path("degradation");
        String level = degradation.path("level").asString("");
        Instant at = Instant.parse(overview.path("at").asString());
        lines.addAll(wrapped(
                List.of(
                        "Claimcheck at " + address,
                        overview.path("at").asString().substring(11, 19) + " UTC",
                        level),
                terminal,
                level));
        degradation
                .path("reasons")
                .forEach(reason -> lines.add(Style.ofStatus(level)
                        .of(TextWidth.cut("! " + TextWidth.plain(reason.asString()), terminal.width()), terminal)));
        lines.addAll(wrapped(numbers(overview), terminal, ""));
        lines.add("");
        lines.addAll(queues(overview.path("queues")).lines(terminal));
        lines.add("");
        lines.addAll(workers(overview.path("workers"), at).lines(terminal));
        return lines.size() <= terminal.height() - 1
                ? lines
                : new ArrayList<>(lines.subList(0, Math.max(1, terminal.height() - 1)));
    }

    private static List<String> numbers(JsonNode overview) {
        JsonNode storage = overview.path("storage");
        List<String> numbers = new ArrayList<>(List.of(
                "waiting " + overview.path("waiting").asInt(),
                "running " + overview.path("running").asInt(),
                "oldest wait " + seconds(overview.path("oldest_wait_seconds")),
                "done/h " + overview.path("done_last_hour").asInt(),
                "failed/h " + overview.path("failed_last_hour").asInt(),
                "stored " + Words.size(storage.path("stored_bytes").asLong())));
        if (storage.path("free_bytes").isNumber()) {
            numbers.add("free " + Words.size(storage.path("free_bytes").asLong()));
        }
        return numbers;
    }

    /** Pieces in as few lines as they fit. */
    private static List<String> wrapped(List<String> pieces, Terminal terminal, String coloured) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (String piece : pieces) {
            String shown = TextWidth.cut(piece, terminal.width());
            int needed = TextWidth.of(shown) + (used == 0 ? 0 : BETWEEN.length());
            if (used > 0 && used + needed > terminal.width()) {
                lines.add(line.toString());
                line.setLength(0);
                used = 0;
            }
            line.append(used == 0 ? "" : BETWEEN)
                    .append(piece.equals(coloured) ? Style.ofStatus(coloured).of(shown, terminal) : shown);
            used += needed;
        }
        lines.add(line.toString());
        return lines;
    }

    private static Table queues(JsonNode queues) {
        Table table = new Table(
                Column.fixed("QUEUE"),
                Column.fixed("WAITING").number(),
                Column.fixed("RUNNING").number(),
                Column.optional("SLOTS").number(),
                Column.optional("OLDEST").number(),
                Column.optional("LAG").number(),
                Column.optional("DELAYED").number(),
                Column.optional("STARTED/MIN").number(),
                Column.optional("DONE/MIN").number());
        queues.forEach(queue -> table.row(
                queue.path("queue").asString(),
                queue.path("waiting").asString(),
                queue.path("running").asString(),
                queue.path("capacity").asString(),
                seconds(queue.path("oldest_wait_seconds")),
                seconds(queue.path("lag_seconds")),
                queue.path("delayed").asString(),
                queue.path("started_per_minute").asString(),
                queue.path("finished_per_minute").asString()));
        return table;
    }

    private static Table workers(JsonNode workers, Instant at) {
        Table table = new Table(
                Column.shrinking("WORKER"),
                Column.fixed("STATE"),
                Column.shrinking("STEP"),
                Column.fixed("DONE").number(),
                Column.optional("FOR").number(),
                Column.names("FILE"),
                Column.optional("OWNER"),
                Column.optional("WHAT"));
        for (JsonNode worker : workers) {
            String name = worker.path("host").asString("") + "/"
                    + JobIds.brief(worker.path("worker").asString(""));
            String state = worker.path("state").asString("");
            if (worker.path("doing").isEmpty()) {
                table.row(name, state, "idle: " + slots(worker), "", "", "", "", "");
            }
            for (JsonNode doing : worker.path("doing")) {
                table.row(
                        name,
                        state,
                        doing.path("step").asString("")
                                + (doing.path("attempt").asInt() > 1
                                        ? " #" + doing.path("attempt").asInt()
                                        : ""),
                        String.format(
                                Locale.ROOT, "%.0f %%", doing.path("progress").asDouble()),
                        Words.duration(Duration.between(
                                Instant.parse(doing.path("started_at").asString()), at)),
                        doing.path("filename").asString(""),
                        doing.path("owner").asString(""),
                        doing.path("message").asString(""));
            }
        }
        return table.isEmpty()
                ? table.row("none", "", "No worker runs. Start one: claimcheck serve", "", "", "", "", "")
                : table;
    }

    private static String slots(JsonNode worker) {
        return worker.path("queues").properties().stream()
                .map(queue -> queue.getValue().asString() + " " + queue.getKey())
                .collect(Collectors.joining(", "));
    }

    private static String seconds(JsonNode seconds) {
        return Words.duration(Duration.ofMillis(Math.round(seconds.asDouble() * 1_000)));
    }
}
