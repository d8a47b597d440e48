package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Follow a job until it has ended. */
@Command(name = "watch", description = "Follow a job until it has ended.")
final class WatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Parameters(paramLabel = "JOB", description = "Id of the job.")
    private String jobId = "";

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long to wait (default a day).")
    private long timeout;

    @Override
    public Integer call() throws InterruptedException {
        ClaimcheckClient client = service.client();
        var out = spec.commandLine().getOut();
        JobFollower follower = new JobFollower(client, service.json());
        var status = follower.follow(jobId, Duration.ofSeconds(timeout));
        if (service.json()) {
            out.println(status.json());
        } else {
            follower.printResult(status, out);
        }
        out.flush();
        return JobFollower.exitCode(status);
    }
}
