package dev.claimcheck.cli;

import dev.claimcheck.operations.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Checks the machine. */
@Command(
        name = "doctor",
        description =
                "Check Java, disk, object store, ffmpeg, database, port and isolation; say how to mend what is wrong.",
        footer = {
            "",
            "Examples:",
            "  claimcheck doctor --data /var/lib/claimcheck",
            "  claimcheck doctor --json | jq '.checks[] | select(.grade != \"ok\")'"
        })
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "./claimcheck-data",
            description = "Data folder (default ./claimcheck-data).")
    private Path data = Path.of("claimcheck-data");

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port the service is to listen on (default 8080).")
    private int port;

    @Option(names = "--json", description = "One JSON document on standard output.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure("warn", false); // Unasked, the libraries behind the checks log everything.
        PrintWriter out = spec.commandLine().getOut();
        List<HealthCheck.Finding> findings = HealthCheck.all(data, port);
        boolean failed = findings.stream().anyMatch(finding -> finding.grade() == HealthCheck.Grade.FAIL);
        if (json) {
            ObjectNode body = JsonMapper.shared().createObjectNode().put("ok", !failed);
            findings.forEach(finding -> body.withArray("checks")
                    .addObject()
                    .put("check", finding.what())
                    .put("grade", finding.grade().name().toLowerCase(Locale.ROOT))
                    .put("found", finding.found())
                    .put("mend", finding.mend()));
            out.println(body);
        } else {
            findings.forEach(finding -> {
                out.println(String.format(
                        Locale.ROOT,
                        "%-5s %-10s %s",
                        finding.grade().name().toLowerCase(Locale.ROOT),
                        finding.what(),
                        finding.found()));
                if (finding.grade() != HealthCheck.Grade.OK) {
                    out.println("                 → " + finding.mend());
                }
            });
        }
        out.flush();
        return failed ? ExitCode.JOB_FAILED : ExitCode.OK;
    }
}
