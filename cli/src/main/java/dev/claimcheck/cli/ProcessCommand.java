package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadPriority;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Makes something else of a file that is there. */
@Command(
        name = "process",
        description = {
            "Make something else of a job's file, which is not sent again. What an earlier job has made of it is not made twice.",
            "The service must have kept the file (retention.source)."
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck process 1f3a9c20 --profile web-av1 --wait",
            "  claimcheck process 1f3a9c20 --clip-start 12 --clip-end 42.5",
            "  claimcheck process 1f3a9c20 --thumbnail-time 3"
        })
final class ProcessCommand extends ServiceCommand {
    @Parameters(paramLabel = "JOB", description = JobIds.WHAT)
    private String jobId = "";

    @Mixin
    private ProcessingArguments processing = new ProcessingArguments();

    @Option(names = "--priority", paramLabel = "P", description = "high, normal or low (default: the first job's).")
    private @Nullable UploadPriority priority;

    @Option(names = "--wait", description = "Wait until the new job has ended.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long --wait waits (default a day).")
    private long timeout;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        JsonNode answer =
                client.jobs().process(JobIds.whole(client, jobId), processing.read(), Optional.ofNullable(priority));
        String made = text(answer, "job_id");
        if (!wait) {
            return print(answer, () -> {
                say(text(answer, "message"));
                say("  Job " + made + "; follow it with: claimcheck watch " + JobIds.brief(made));
            });
        }
        JobFollower follower = new JobFollower(client, json());
        JobStatus status = follower.follow(made, Duration.ofSeconds(timeout));
        print(status.json(), () -> follower.printResult(status, out()));
        return JobFollower.exitCode(status);
    }
}
