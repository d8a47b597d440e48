package dev.claimcheck.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Lists jobs, newest first. */
@Command(name = "jobs", description = "List jobs, newest first.")
final class JobsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Option(names = "--status", paramLabel = "STATUS", description = "Only jobs of this status, such as FAILED.")
    private @Nullable String status;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "At most so many (1 to 200, default 20).")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "The next_cursor of the page before.")
    private @Nullable String cursor;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        JsonNode page = service.client().jobs(Optional.ofNullable(status), limit, Optional.ofNullable(cursor));
        if (service.json()) {
            out.println(page);
        } else if (page.path("jobs").isEmpty()) {
            out.println("No jobs"
                    + (status == null ? " yet. Upload one with: claimcheck upload FILE" : " with this status."));
        } else {
            page.path("jobs")
                    .forEach(job -> out.println(String.format(
                            Locale.ROOT,
                            "%s  %-11s %6s  %s",
                            job.path("job_id").asString(""),
                            job.path("status").asString(""),
                            job.has("progress")
                                    ? String.format(
                                            Locale.ROOT,
                                            "%.0f %%",
                                            job.path("progress").asDouble())
                                    : "",
                            job.path("filename").asString(""))));
            if (page.path("next_cursor").isString()) {
                out.println("More with: claimcheck jobs --cursor "
                        + page.path("next_cursor").asString());
            }
        }
        out.flush();
        return ExitCode.OK;
    }
}
