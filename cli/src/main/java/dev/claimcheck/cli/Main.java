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
            DemoCommand.class,
            DoctorCommand.class,
            UploadCommand.class,
            JobsCommand.class,
            StatusCommand.class,
            WatchCommand.class,
            TimelineCommand.class,
            EventsCommand.class,
            RetryCommand.class,
            CancelCommand.class,
            ProcessCommand.class,
            DeleteCommand.class,
            WatermarksCommand.class,
            WebhooksCommand.class,
            TopCommand.class,
            DeadLettersCommand.class,
            KeysCommand.class,
            OwnersCommand.class,
            CompletionCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "  0:done",
            "  1:a job ended FAILED, CANCELLED or EXPIRED; a check failed",
            "  2:wrong usage or configuration; no such file, or it changed meanwhile; no key",
            "  3:the service cannot be reached, or does not start",
            "  4:the service refused",
            "  5:not done in time",
            "130:stopped by Ctrl-C"
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck demo                         see it work, end to end",
            "  claimcheck serve --data /var/lib/claimcheck",
            "  claimcheck upload holiday.mp4 --wait",
            "  claimcheck jobs --status FAILED --json",
            "  claimcheck events -f",
            "  claimcheck top",
            "",
            "claimcheck COMMAND --help shows a command's options and examples."
        })
public final class Main {
    private Main() {}

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    static int run(String... arguments) {
        return commandLine().execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main())
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler((failure, commandLine, _) -> explain(failure, commandLine));
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
