package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** API keys. */
@Command(
        name = "keys",
        description = "API keys: who may do what (admin's key). Without a further word they are listed.",
        subcommands = {KeysCommand.ListKeys.class, KeysCommand.Create.class, KeysCommand.Revoke.class},
        footer = {
            "",
            "Examples:",
            "  claimcheck keys",
            "  claimcheck keys create --owner alice --name laptop --expires-in 90d",
            "  claimcheck keys revoke 5d1c8f0e-…"
        })
final class KeysCommand extends ServiceCommand {
    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return list(this, client);
    }

    private static int list(ServiceCommand command, ClaimcheckClient client) throws InterruptedException {
        JsonNode answer = client.administration().keys();
        return command.print(answer, () -> command.print(table(answer.path("keys"), Instant.now())));
    }

    static Table table(JsonNode keys, Instant now) {
        Table table = new Table(
                Column.fixed("KEY"),
                Column.shrinking("OWNER"),
                Column.shrinking("NAME"),
                Column.fixed("ROLE"),
                Column.optional("LAST USED"),
                Column.optional("EXPIRES"));
        keys.forEach(key -> table.row(
                text(key, "key_id"),
                text(key, "owner"),
                text(key, "name"),
                text(key, "role").toLowerCase(Locale.ROOT),
                key.path("last_used_at").isString()
                        ? Words.ago(Instant.parse(text(key, "last_used_at")), now)
                        : "never",
                key.path("expires_at").isString() ? text(key, "expires_at").substring(0, 10) : "never"));
        return table;
    }

    /** Lists them. */
    @Command(
            name = "list",
            description = "List the keys in force, never their texts.",
            footer = {"", "Example:", "  claimcheck keys list --json"})
    static final class ListKeys extends ServiceCommand {
        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            return list(this, client);
        }
    }

    /** Makes one. */
    @Command(
            name = "create",
            description = "Make a key. Its text is shown this once.",
            footer = {
                "",
                "Examples:",
                "  claimcheck keys create --owner alice --name laptop",
                "  claimcheck keys create --owner ops --name ci --role admin --expires-in 90d"
            })
    static final class Create extends ServiceCommand {
        @Option(names = "--owner", paramLabel = "OWNER", required = true, description = "Whose jobs it opens.")
        private String owner = "";

        @Option(
                names = "--name",
                paramLabel = "NAME",
                required = true,
                description = "What it is for, to tell it apart.")
        private String name = "";

        @Option(
                names = "--role",
                paramLabel = "ROLE",
                defaultValue = "owner",
                description = "owner (the default): that owner's jobs. admin: everybody's, keys and operations too.")
        private String role = "owner";

        @Option(
                names = "--expires-in",
                paramLabel = "TIME",
                description = "How long it is good, such as 30m, 24h or 90d (default: for ever).")
        private @Nullable String expiresIn;

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            JsonNode made = client.administration().createKey(owner, name, role, Optional.ofNullable(expiresIn));
            return print(made, () -> {
                say(text(made, "key"));
                err().println("The key " + text(made, "key_id") + " of " + TextWidth.plain(owner)
                        + ". Keep it now: it is not shown again.");
                err().flush();
            });
        }
    }

    /** Takes one out of force. */
    @Command(
            name = "revoke",
            description = "Take keys out of force, at once.",
            footer = {"", "Example:", "  claimcheck keys revoke 5d1c8f0e-…"})
    static final class Revoke extends ServiceCommand {
        @Parameters(
                paramLabel = "KEY",
                arity = "1..*",
                description = "Ids of keys (claimcheck keys lists them), not their texts.")
        private List<String> keys = List.of();

        @Override
        int run(ClaimcheckClient client) throws InterruptedException {
            for (String key : keys) {
                client.administration().revokeKey(key);
                print(
                        JsonMapper.shared()
                                .createObjectNode()
                                .put("key_id", key)
                                .put("revoked", true),
                        () -> say("The key " + key + " was revoked."));
            }
            return ExitCode.OK;
        }
    }
}
