package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Remove a job with everything that belongs to it. */
@Command(name = "delete", description = "Remove a job with everything that belongs to it.")
final class DeleteCommand implements Callable<Integer> {
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
        client.delete(jobId);
        out.println(service.json() ? "{\"job_id\":\"" + jobId + "\",\"deleted\":true}" : "The job was deleted.");
        out.flush();
        return ExitCode.OK;
    }
}
