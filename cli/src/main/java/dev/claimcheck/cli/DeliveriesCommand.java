package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What was sent to an endpoint. */
@Command(
        name = "deliveries",
        description =
                "What was sent to an endpoint, newest first; or one delivery with every attempt, what was asked and what was answered.",
        footer = {
            "",
            "Examples:",
            "  claimcheck webhooks deliveries ENDPOINT --status failed",
            "  claimcheck webhooks deliveries ENDPOINT DELIVERY"
        })
final class DeliveriesCommand extends EndpointCommand {
    @Parameters(index = "1", arity = "0..1", paramLabel = "DELIVERY", description = "One delivery, in full.")
    private @Nullable String delivery;

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those that are waiting, succeeded or failed.")
    private @Nullable String status;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "20", description = "At most so many (default 20).")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "The next_cursor of the page before.")
    private @Nullable String cursor;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        if (delivery != null) {
            JsonNode one = client.webhooks().delivery(endpoint(), delivery);
            return print(one, () -> describe(one));
        }
        JsonNode page = client.webhooks()
                .deliveries(endpoint(), Optional.ofNullable(status), limit, Optional.ofNullable(cursor));
        return print(page, () -> {
            if (page.path("deliveries").isEmpty()) {
                say(status == null ? "Nothing was sent to it yet." : "No such deliveries.");
                return;
            }
            print(table(page.path("deliveries"), Instant.now()));
            if (page.path("next_cursor").isString()) {
                say("More with: claimcheck webhooks deliveries " + endpoint() + " --cursor "
                        + text(page, "next_cursor"));
            }
        });
    }

    static Table table(JsonNode deliveries, Instant now) {
        Table table = new Table(
                Column.fixed("DELIVERY"),
                Column.fixed("STATUS"),
                Column.fixed("TRIES").number(),
                Column.shrinking("EVENT"),
                Column.optional("MADE"),
                Column.optional("ANSWER"),
                Column.optional("WHY"));
        deliveries.forEach(delivery -> table.row(
                text(delivery, "delivery_id"),
                text(delivery, "status"),
                text(delivery, "attempts"),
                text(delivery, "type"),
                Words.ago(Instant.parse(text(delivery, "created_at")), now),
                text(delivery, "last_status_code"),
                text(delivery, "last_error")));
        return table;
    }

    private void describe(JsonNode one) {
        say("Delivery: " + text(one, "delivery_id") + " of event " + text(one, "event_id") + " (" + text(one, "type")
                + ")");
        String next = text(one, "next_attempt_at");
        say("Status:   " + text(one, "status") + (next.isEmpty() ? "" : ", next try at " + next));
        for (JsonNode attempt : one.path("attempts_log")) {
            say("");
            say("Attempt " + text(attempt, "attempt") + " at " + text(attempt, "at") + ", "
                    + text(attempt, "duration_ms") + " ms");
            say("  POST " + text(attempt.path("request"), "url"));
            headers(attempt.path("request"));
            lines(text(attempt.path("request"), "body"));
            if (attempt.path("response").isObject()) {
                say("  Answer " + text(attempt.path("response"), "status_code"));
                headers(attempt.path("response"));
                lines(text(attempt.path("response"), "body"));
            }
            if (!text(attempt, "error").isEmpty()) {
                say("  " + text(attempt, "error"));
            }
        }
    }

    private void headers(JsonNode message) {
        message.path("headers")
                .properties()
                .forEach(header ->
                        say("    " + header.getKey() + ": " + header.getValue().asString("")));
    }

    private void lines(String body) {
        body.lines().forEach(line -> say("    " + line));
    }
}
