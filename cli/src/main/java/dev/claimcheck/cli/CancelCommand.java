package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Calls jobs off. */
@Command(
        name = "cancel",
        description = "Call jobs off: what runs of them ends within two seconds, what was made is removed.",
        footer = {
            "",
            "Examples:",
            "  claimcheck cancel 1f3a9c20",
            "  claimcheck jobs --status PENDING --ids | xargs claimcheck cancel"
        })
final class CancelCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", arity = "1..*", description = JobIds.WHAT)
    private List<String> jobs = List.of();

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return new EachJob(client, this)
                .run(jobs, id -> client.jobs().cancel(id).json(), answer -> text(answer, "message"));
    }
}
