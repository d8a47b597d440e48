package dev.claimcheck.cli;

import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadReceipt;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Hands in files. */
@Command(
        name = "upload",
        description = "Upload videos; with --wait follow them until they are ready.",
        footer = {"", "Examples:", "  claimcheck upload holiday.mp4 --wait", "  claimcheck upload *.mov --json"})
final class UploadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files to upload.")
    private List<Path> files = List.of();

    @Option(names = "--wait", description = "Wait until the jobs have ended.")
    private boolean wait;

    @Option(names = "--filename", paramLabel = "NAME", description = "Name to upload a single file under.")
    private @Nullable String filename;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long --wait waits (default a day).")
    private long timeout;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        JobFollower follower = new JobFollower(service.client(), service.json());
        ArrayNode results = JsonMapper.shared().createArrayNode();
        int exit = ExitCode.OK;
        for (Path file : files) {
            String name = files.size() == 1
                    ? Optional.ofNullable(filename).orElse(file.getFileName().toString())
                    : file.getFileName().toString();
            UploadReceipt receipt = follower.upload(file, name);
            if (!wait) {
                results.addObject()
                        .put("job_id", receipt.jobId())
                        .put("status", receipt.status())
                        .put("message", receipt.message())
                        .put("file", file.toString());
                if (!service.json()) {
                    out.println(file + ": " + receipt.message());
                    out.println("  Job " + receipt.jobId() + "; follow it with: claimcheck watch " + receipt.jobId());
                    out.flush();
                }
                continue;
            }
            JobStatus status = follower.follow(receipt.jobId(), Duration.ofSeconds(timeout));
            results.add(status.json());
            if (!service.json()) {
                follower.printResult(status, out);
            }
            exit = Math.max(exit, JobFollower.exitCode(status));
        }
        if (service.json()) {
            out.println(results.size() == 1 ? results.get(0) : results);
            out.flush();
        }
        return exit;
    }
}
