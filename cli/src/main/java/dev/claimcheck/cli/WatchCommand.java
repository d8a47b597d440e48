package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows a job until it has ended. */
@Command(
        name = "watch",
        description = "Follow a job until it has ended.",
        footer = {
            "",
            "Examples:",
            "  claimcheck watch 1f3a9c20",
            "  claimcheck watch 1f3a9c20 --timeout 600 && notify-send ready"
        })
final class WatchCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = JobIds.WHAT)
    private String jobId = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long to wait (default a day).")
    private long timeout;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JobFollower follower = new JobFollower(client, json());
        JobStatus status = follower.follow(JobIds.whole(client, jobId), Duration.ofSeconds(timeout));
        print(status.json(), () -> follower.printResult(status, out()));
        return JobFollower.exitCode(status);
    }
}
