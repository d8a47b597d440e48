package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** A command that asks a service: with {@code --json} it prints the answer, else words. */
@Command
abstract class ServiceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Override
    public final Integer call() throws InterruptedException, IOException {
        try (ClaimcheckClient client = service.client()) {
            return run(client);
        } finally {
            out().flush();
        }
    }

    /** Does it and gives the exit code. */
    abstract int run(ClaimcheckClient client) throws InterruptedException, IOException;

    final boolean json() {
        return service.json();
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** One document, or these words. */
    final int print(JsonNode answer, Runnable words) {
        if (json()) {
            out().println(answer);
        } else {
            words.run();
        }
        return ExitCode.OK;
    }

    final void say(String sentence) {
        out().println(TextWidth.plain(sentence));
    }

    final void print(Table table) {
        table.print(out(), Terminal.ofStandardOutput());
    }

    /** What was asked for cannot be; shown with the command's usage. */
    final ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    static String text(JsonNode json, String member) {
        return json.path(member).isValueNode() && !json.path(member).isNull()
                ? json.path(member).asString("")
                : "";
    }
}
