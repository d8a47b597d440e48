package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Say how a job stands. */
@Command(name = "status", description = "Say how a job stands.")
final class StatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Parameters(paramLabel = "JOB", description = "Id of the job.")
    private String jobId = "";

    @Override
    public Integer call() throws InterruptedException {
        ClaimcheckClient client = service.client();
        var out = spec.commandLine().getOut();
        var status = client.status(jobId);
        if (service.json()) {
            out.println(status.json());
        } else {
            new JobFollower(client, true).printResult(status, out);
        }
        out.flush();
        return JobFollower.exitCode(status);
    }
}
