package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.config.ConfigProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ScopeType;
import tools.jackson.databind.json.JsonMapper;

/** The program {@code claimcheck}. */
@Command(
        name = "claimcheck",
        description = "Hand in a video, get a claim check in milliseconds, collect when it is ready.",
        version = "claimcheck 0.1.0",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
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
    /** In the order of the help. */
    private static final Map<String, Supplier<Callable<Integer>>> COMMANDS = commands();

    private Main() {}

    private static Map<String, Supplier<Callable<Integer>>> commands() {
        Map<String, Supplier<Callable<Integer>>> commands = new LinkedHashMap<>();
        commands.put("serve", ServeCommand::new);
        commands.put("demo", DemoCommand::new);
        commands.put("doctor", DoctorCommand::new);
        commands.put("upload", UploadCommand::new);
        commands.put("jobs", JobsCommand::new);
        commands.put("status", StatusCommand::new);
        commands.put("watch", WatchCommand::new);
        commands.put("timeline", TimelineCommand::new);
        commands.put("events", EventsCommand::new);
        commands.put("retry", RetryCommand::new);
        commands.put("cancel", CancelCommand::new);
        commands.put("process", ProcessCommand::new);
        commands.put("delete", DeleteCommand::new);
        commands.put("watermarks", WatermarksCommand::new);
        commands.put("webhooks", WebhooksCommand::new);
        commands.put("top", TopCommand::new);
        commands.put("dead-letters", DeadLettersCommand::new);
        commands.put("keys", KeysCommand::new);
        commands.put("owners", OwnersCommand::new);
        commands.put("completion", CompletionCommand::new);
        return commands;
    }

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        if (arguments.length > 0 && COMMANDS.containsKey(arguments[0])) {
            // What nearly every command needs next takes as long to get ready as reading the arguments does.
            Thread.ofPlatform().daemon().name("warm-up").start(Main::warmUp);
        }
        System.exit(run(arguments));
    }

    private static void warmUp() {
        try {
            SSLContext.getDefault();
        } catch (NoSuchAlgorithmException _) {
            // Whoever needs it will say so.
        }
        JsonMapper.shared();
    }

    static int run(String... arguments) {
        return commandLine(arguments).execute(arguments.length == 0 ? new String[] {"--help"} : arguments);
    }

    /** The program as far as these arguments need it: to know all commands takes longer than most of them do. */
    static CommandLine commandLine(String... arguments) {
        CommandLine program = new CommandLine(new Main());
        String first = arguments.length == 0 ? "" : arguments[0];
        Supplier<Callable<Integer>> named = COMMANDS.get(first);
        if (named != null && !first.equals("completion")) {
            program.addSubcommand(first, named.get());
        } else if (!first.equals("--version")) {
            COMMANDS.forEach((name, command) -> program.addSubcommand(name, command.get()));
        }
        return program.setUsageHelpAutoWidth(true)
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
