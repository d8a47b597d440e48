package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;

/** Removes jobs. */
@Command(
        name = "delete",
        description = "Remove jobs with everything that belongs to them, for good.",
        footer = {
            "",
            "Examples:",
            "  claimcheck delete 1f3a9c20",
            "  claimcheck jobs --status EXPIRED --ids | xargs claimcheck delete"
        })
final class DeleteCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", arity = "1..*", description = JobIds.WHAT)
    private List<String> jobs = List.of();

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        return new EachJob(client, this)
                .run(
                        jobs,
                        id -> {
                            client.jobs().delete(id);
                            return JsonMapper.shared()
                                    .createObjectNode()
                                    .put("job_id", id)
                                    .put("deleted", true);
                        },
                        _ -> "The job was deleted.");
    }
}
