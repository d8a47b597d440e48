package dev.claimcheck.cli;

import dev.claimcheck.cli.Table.Column;
import dev.claimcheck.client.ClaimcheckClient;
import java.time.Instant;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;

/** Lists owners. */
@Command(
        name = "owners",
        description = "List everybody who has a key or jobs, with what they have stored (admin's key).",
        footer = {"", "Example:", "  claimcheck owners"})
final class OwnersCommand extends ServiceCommand {
    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JsonNode answer = client.administration().owners();
        return print(answer, () -> print(table(answer.path("owners"), Instant.now())));
    }

    static Table table(JsonNode owners, Instant now) {
        Table table = new Table(
                Column.shrinking("OWNER"),
                Column.fixed("KEYS").number(),
                Column.fixed("OPEN").number(),
                Column.fixed("RUNNING").number(),
                Column.fixed("JOBS").number(),
                Column.fixed("STORED").number(),
                Column.optional("LAST ACTIVITY"));
        owners.forEach(owner -> table.row(
                text(owner, "owner"),
                text(owner, "keys"),
                text(owner, "open_jobs"),
                text(owner, "running_steps"),
                text(owner, "jobs"),
                Words.size(owner.path("stored_bytes").asLong()),
                owner.path("last_activity_at").isString()
                        ? Words.ago(Instant.parse(text(owner, "last_activity_at")), now)
                        : ""));
        return table;
    }
}
