package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Processes again what failed. */
@Command(
        name = "retry",
        description = "Process again what failed; what succeeded is kept.",
        footer = {
            "",
            "Examples:",
            "  claimcheck retry 1f3a9c20",
            "  claimcheck retry 1f3a9c20 --step storyboard     that optional step alone",
            "  claimcheck jobs --status FAILED --ids | xargs claimcheck retry"
        })
final class RetryCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", arity = "1..*", description = JobIds.WHAT)
    private List<String> jobs = List.of();

    @Option(names = "--step", paramLabel = "STEP", description = "Only that step (claimcheck timeline lists them).")
    private @Nullable String step;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        String one = step;
        return new EachJob(client, this)
                .run(
                        jobs,
                        one == null
                                ? id -> client.jobs().retry(id).json()
                                : id -> client.jobs().retryStep(id, one),
                        answer -> text(answer, "message") + " Follow it with: claimcheck watch "
                                + JobIds.brief(text(answer, "job_id")));
    }
}
