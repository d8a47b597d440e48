package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.config.ConfigProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;

/** The program {@code claimcheck}. */
@Command(
        name = "claimcheck",
        description = "Hand in a video, get a claim check in milliseconds, collect when it is ready.",
        version = "claimcheck 0.1.0",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        subcommands = {
            ServeCommand.class,
            UploadCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            JobsCommand.class,
            RetryCommand.class,
            CancelCommand.class,
            DeleteCommand.class,
            DemoCommand.class,
            DoctorCommand.class
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck demo                         see it work, end to end",
            "  claimcheck serve --data /var/lib/claimcheck",
            "  claimcheck upload holiday.mp4 --wait",
            "  claimcheck jobs --status FAILED --json",
            "",
            "Exit codes: 0 done, 1 the job (or a check) failed, 2 wrong usage or configuration, 3 the service cannot be",
            "reached, 4 the service refused, 5 not done in time, 130 stopped by Ctrl-C."
        })
public final class Main {
    private Main() {}

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return new CommandLine(new Main())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, _) -> explain(failure, commandLine))
                .execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }

    /** Says what went wrong in one or two sentences; the stack trace is for no user. */
    private static int explain(Exception failure, CommandLine commandLine) {
        commandLine.getErr().println("claimcheck: " + failure.getMessage());
        int code = exitCode(failure);
        if (code == ExitCode.FAULT) {
            commandLine.getErr().println("This is a fault in the program; please report it with the following lines.");
            failure.printStackTrace(commandLine.getErr());
        }
        return code;
    }

    /** What the program ends with after that failure. */
    static int exitCode(Exception failure) {
        return switch (failure) {
            case ConfigProblems _ -> ExitCode.USAGE;
            case ServiceOptions.InvalidOptionException _ -> ExitCode.USAGE;
            case ClaimcheckException e -> exitCode(e.code(), e.isUnreachable());
            case UncheckedIOException _, IOException _ -> ExitCode.UNREACHABLE;
            case InterruptedException _ -> ExitCode.TIMEOUT;
            default -> ExitCode.FAULT;
        };
    }

    private static int exitCode(String code, boolean unreachable) {
        return switch (code) {
            case ClaimcheckException.TIMEOUT -> ExitCode.TIMEOUT;
            case ClaimcheckException.NO_SUCH_FILE, ClaimcheckException.FILE_CHANGED -> ExitCode.USAGE;
            case ClaimcheckException.STORAGE_UNREACHABLE -> ExitCode.UNREACHABLE;
            default -> unreachable ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
        };
    }
}
