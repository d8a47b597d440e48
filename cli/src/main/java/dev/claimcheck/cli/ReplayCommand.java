package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Sends again. */
@Command(
        name = "replay",
        description = "Send one delivery again, or everything that happened in a time.",
        footer = {
            "",
            "Examples:",
            "  claimcheck webhooks replay ENDPOINT DELIVERY",
            "  claimcheck webhooks replay ENDPOINT --from 2026-11-25T08:00:00Z \\",
            "      --to 2026-11-25T09:00:00Z --events 'job.*'"
        })
final class ReplayCommand extends EndpointCommand {
    @Parameters(index = "1", arity = "0..1", paramLabel = "DELIVERY", description = "One delivery.")
    private @Nullable String delivery;

    @Option(names = "--from", paramLabel = "TIME", description = "Instead of one: from that time on (ISO-8601).")
    private @Nullable Instant from;

    @Option(names = "--to", paramLabel = "TIME", description = "Up to that time (default: now).")
    private @Nullable Instant to;

    @Option(
            names = "--events",
            paramLabel = "TYPE",
            split = ",",
            description = "Of that time only events of these types.")
    private List<String> events = List.of();

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        if ((delivery == null) == (from == null)) {
            throw wrong("name either a delivery, or the time that it is about with --from");
        }
        if (from == null) {
            JsonNode sent = client.webhooks().replay(endpoint(), java.util.Objects.requireNonNull(delivery));
            return print(
                    sent,
                    () -> say("It is sent again. See what became of it: claimcheck webhooks deliveries " + endpoint()
                            + " " + text(sent, "delivery_id")));
        }
        JsonNode sent = client.webhooks().replay(endpoint(), from, to == null ? Instant.now() : to, events);
        return print(sent, () -> say(text(sent, "deliveries") + " deliveries are sent again."));
    }
}
