package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Call a job off. */
@Command(name = "cancel", description = "Call a job off.")
final class CancelCommand implements Callable<Integer> {
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
        var answer = client.cancel(jobId);
        out.println(service.json() ? answer.toString() : answer.path("message").asString(""));
        out.flush();
        return ExitCode.OK;
    }
}
