package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Says how a job stands. */
@Command(
        name = "status",
        description = "Say how a job stands, and when it will be done.",
        footer = {
            "",
            "Examples:",
            "  claimcheck status 1f3a9c20",
            "  claimcheck status 1f3a9c20 --json | jq -r .video_url",
            "",
            "See also: watch follows it, timeline shows every step."
        })
final class StatusCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = JobIds.WHAT)
    private String jobId = "";

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JobStatus status = client.status(JobIds.whole(client, jobId));
        print(status.json(), () -> new JobFollower(client, true).printResult(status, out()));
        return JobFollower.exitCode(status);
    }
}
