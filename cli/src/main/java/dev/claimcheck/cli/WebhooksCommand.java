package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.Webhooks;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Endpoints that events are sent to. */
@Command(
        name = "webhooks",
        description = "Addresses of yours that events are sent to. Without a further word they are listed.",
        subcommands = {
            WebhooksCommand.ListEndpoints.class,
            WebhooksCommand.Add.class,
            WebhooksCommand.Show.class,
            WebhooksCommand.Update.class,
            WebhooksCommand.Test.class,
            WebhooksCommand.Rotate.class,
            DeliveriesCommand.class,
            ReplayCommand.class,
            WebhooksCommand.Remove.class
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck webhooks add https://example.org/hooks --events job.completed",
            "  claimcheck webhooks test ENDPOINT",
            "  claimcheck webhooks deliveries ENDPOINT --status failed",
            "  claimcheck webhooks replay ENDPOINT --from 2026-11-25T08:00:00Z"
        })
final class WebhooksCommand extends ServiceCommand {
    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return list(this, client);
    }

    private static int list(ServiceCommand command, ClaimcheckClient client) throws InterruptedException {
        JsonNode answer = client.webhooks().list();
        return command.print(answer, () -> {
            if (answer.path("webhooks").isEmpty()) {
                command.say("No webhooks yet. Add one with: claimcheck webhooks add URL");
                return;
            }
            command.print(table(answer.path("webhooks")));
        });
    }

    static Table table(JsonNode endpoints) {
        Table table = new Table(
                Column.fixed("ENDPOINT"),
                Column.fixed("STATUS"),
                Column.shrinking("URL"),
                Column.optional("CIRCUIT"),
                Column.optional("24 H").number(),
                Column.optional("FAILED").number(),
                Column.optional("WAITING").number(),
                Column.optional("EVENTS"));
        endpoints.forEach(endpoint -> table.row(
                text(endpoint, "endpoint_id"),
                text(endpoint, "status"),
                text(endpoint, "url"),
                text(endpoint, "circuit"),
                text(endpoint, "delivered_24h"),
                text(endpoint, "failed_24h"),
                text(endpoint, "waiting"),
                events(endpoint)));
        return table;
    }

    private static String events(JsonNode endpoint) {
        return endpoint.path("events").isEmpty()
                ? "all"
                : endpoint.path("events").valueStream().map(JsonNode::asString).collect(Collectors.joining(","));
    }

    private static void describe(ServiceCommand command, JsonNode endpoint) {
        command.say("Endpoint:   " + text(endpoint, "endpoint_id"));
        command.say("URL:        " + text(endpoint, "url"));
        if (!text(endpoint, "description").isEmpty()) {
            command.say("For:        " + text(endpoint, "description"));
        }
        String why = text(endpoint, "disabled_reason");
        command.say("Status:     " + text(endpoint, "status") + (why.isEmpty() ? "" : ": " + why) + ", circuit "
                + text(endpoint, "circuit"));
        command.say("Events:     " + events(endpoint));
        command.say("Deliveries: " + text(endpoint, "delivered_24h") + " in the last 24 hours, "
                + text(endpoint, "failed_24h") + " failed, " + text(endpoint, "waiting") + " waiting");
        String last = text(endpoint, "last_delivery_at");
        command.say("Last:       "
                + (last.isEmpty() ? "never" : last + ", answered " + text(endpoint, "last_status_code")));
        endpoint.path("secrets")
                .forEach(secret -> command.say("Secret:     since " + text(secret, "created_at")
                        + (text(secret, "expires_at").isEmpty() ? "" : ", until " + text(secret, "expires_at"))));
    }

    private static void tellSecret(ServiceCommand command, JsonNode answer) {
        command.say("Secret:     " + text(answer, "secret"));
        command.err().println("Keep the secret now: it is not shown again.");
        command.err().flush();
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List your endpoints.",
            footer = {"", "Example:", "  claimcheck webhooks list --json"})
    static final class ListEndpoints extends ServiceCommand {
        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            return list(this, client);
        }
    }

    /** Adds one. */
    @Command(
            name = "add",
            description = "Add an endpoint. Its secret, which signs what is sent, is shown this once.",
            footer = {
                "",
                "Examples:",
                "  claimcheck webhooks add https://example.org/hooks",
                "  claimcheck webhooks add https://example.org/hooks --events 'job.*'"
            })
    static final class Add extends ServiceCommand {
        @Parameters(paramLabel = "URL", description = "Where events are sent.")
        private String url = "";

        @Option(
                names = "--events",
                paramLabel = "TYPE",
                split = ",",
                description = "Only events of these types, such as job.completed or 'job.*' (default: all).")
        private List<String> events = List.of();

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private @Nullable String description;

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode made = client.webhooks().create(url, events, Optional.ofNullable(description));
            return print(made, () -> {
                describe(this, made);
                tellSecret(this, made);
            });
        }
    }

    /** Shows one. */
    @Command(
            name = "show",
            description = "Show an endpoint.",
            footer = {"", "Example:", "  claimcheck webhooks show ENDPOINT"})
    static final class Show extends EndpointCommand {
        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode found = client.webhooks().get(endpoint());
            return print(found, () -> describe(this, found));
        }
    }

    /** Changes one. */
    @Command(
            name = "update",
            description = "Change an endpoint; what is not named stays as it is.",
            footer = {
                "",
                "Examples:",
                "  claimcheck webhooks update ENDPOINT --to https://example.org/new",
                "  claimcheck webhooks update ENDPOINT --enable    it had disabled itself"
            })
    static final class Update extends EndpointCommand {
        @Option(names = "--to", paramLabel = "URL", description = "Where events are sent from now on.")
        private @Nullable String url;

        @Option(
                names = "--events",
                paramLabel = "TYPE",
                split = ",",
                description = "Only events of these types from now on.")
        private @Nullable List<String> events;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private @Nullable String description;

        @Option(names = "--enable", description = "Send to it again.")
        private boolean enable;

        @Option(names = "--disable", description = "Send nothing to it.")
        private boolean disable;

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            if (enable && disable) {
                throw wrong("--enable and --disable contradict each other");
            }
            Webhooks.Change change = new Webhooks.Change(
                    Optional.ofNullable(url),
                    Optional.ofNullable(events),
                    Optional.ofNullable(description),
                    enable ? Optional.of("enabled") : disable ? Optional.of("disabled") : Optional.empty());
            JsonNode changed = client.webhooks().update(endpoint(), change);
            return print(changed, () -> describe(this, changed));
        }
    }

    /** Tries one. */
    @Command(
            name = "test",
            description = "Send a webhook.test event to an endpoint.",
            footer = {"", "Example:", "  claimcheck webhooks test ENDPOINT"})
    static final class Test extends EndpointCommand {
        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode delivery = client.webhooks().test(endpoint());
            return print(
                    delivery,
                    () -> say("A test is on its way. See what became of it: claimcheck webhooks deliveries "
                            + endpoint() + " " + text(delivery, "delivery_id")));
        }
    }

    /** Makes a new secret. */
    @Command(
            name = "rotate",
            description = "Make a new secret; for a while the old one signs too, so that receivers can change over.",
            footer = {"", "Example:", "  claimcheck webhooks rotate ENDPOINT --overlap 24h"})
    static final class Rotate extends EndpointCommand {
        @Option(
                names = "--overlap",
                paramLabel = "TIME",
                description = "How long the old secret signs too, such as 24h.")
        private @Nullable String overlap;

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode answer = client.webhooks().rotateSecret(endpoint(), Optional.ofNullable(overlap));
            return print(answer, () -> {
                tellSecret(this, answer);
                say("The old one signs too until " + text(answer, "previous_expires_at") + ".");
            });
        }
    }

    /** Removes some. */
    @Command(
            name = "remove",
            description = "Remove endpoints; what waits to be sent to them is dropped.",
            footer = {"", "Example:", "  claimcheck webhooks remove ENDPOINT"})
    static final class Remove extends ServiceCommand {
        @Parameters(paramLabel = "ENDPOINT", arity = "1..*", description = EndpointCommand.ENDPOINT)
        private List<String> endpoints = List.of();

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            for (String endpoint : endpoints) {
                client.webhooks().delete(endpoint);
                print(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("endpoint_id", endpoint)
                                .put("removed", true),
                        () -> say("The endpoint was removed."));
            }
            return ExitCode.OK;
        }
    }
}
