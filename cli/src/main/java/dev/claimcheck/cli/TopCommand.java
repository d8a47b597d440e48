package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.ClaimcheckException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Queues and workers as they change. */
@Command(
        name = "top",
        description = {
            "Show queues, workers and what they do, as they change (admin's key). Ctrl-C ends it.",
            "In a pipe one snapshot follows the other."
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck top",
            "  claimcheck top --once",
            "  claimcheck top --once --json | jq .degradation"
        })
final class TopCommand extends ServiceCommand {
    private static final String OTHER_SCREEN = "\u001b[?1049h\u001b[?25l";
    private static final String OWN_SCREEN = "\u001b[?25h\u001b[?1049l";
    private static final String TO_TOP = "\u001b[H";
    private static final String CLEAR_LINE = "\u001b[K";
    private static final String CLEAR_BELOW = "\u001b[J";

    @Option(names = "--once", description = "Show it once.")
    private boolean once;

    @Option(
            names = "--interval",
            paramLabel = "SECONDS",
            defaultValue = "2",
            description = "How long between two looks (default 2).")
    private int interval;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        if (interval < 1) {
            throw wrong("--interval is at least one second");
        }
        Terminal terminal = Terminal.ofStandardOutput();
        if (once || json() || !terminal.interactive()) {
            snapshots(client);
        } else {
            live(client);
        }
        return ExitCode.OK;
    }

    private void snapshots(ClaimcheckClient client) throws InterruptedException {
        boolean first = true;
        do {
            if (!first) {
                TimeUnit.SECONDS.sleep(interval);
            }
            JsonNode overview = client.administration().overview();
            if (!first && !json()) {
                out().println();
            }
            first = false;
            print(
                    overview,
                    () -> TopView.lines(overview, address(client), unlimited()).forEach(out()::println));
            out().flush();
        } while (!once && !out().checkError());
    }

    /** As wide as the terminal, but as long as it takes: this is not drawn over. */
    private static Terminal unlimited() {
        Terminal terminal = Terminal.ofStandardOutput();
        return new Terminal(terminal.interactive(), terminal.width(), Integer.MAX_VALUE, terminal.colours());
    }

    /** On the terminal's other screen, so that what was there before comes back. */
    private void live(ClaimcheckClient client) throws InterruptedException {
        PrintWriter out = out();
        JsonNode overview = client.administration().overview(); // A refusal is told on the terminal's own screen.
        Thread back = new Thread(
                () -> {
                    System.out.print(OWN_SCREEN);
                    System.out.flush();
                },
                "screen");
        Runtime.getRuntime().addShutdownHook(back);
        out.print(OTHER_SCREEN);
        String trouble = "";
        while (true) {
            draw(out, TopView.lines(overview, address(client), Terminal.ofStandardOutput()), trouble);
            TimeUnit.SECONDS.sleep(interval);
            try {
                overview = client.administration().overview();
                trouble = "";
            } catch (ClaimcheckException e) {
                if (!e.isPassing()) {
                    throw e;
                }
                trouble = e.getMessage() + " This is how it was.";
            }
        }
    }

    private static void draw(PrintWriter out, List<String> lines, String trouble) {
        StringBuilder frame = new StringBuilder(TO_TOP);
        lines.forEach(line -> frame.append(line).append(CLEAR_LINE).append('\n'));
        out.print(frame.append(CLEAR_BELOW).append(trouble));
        out.flush();
    }

    private static String address(ClaimcheckClient client) {
        String address = client.resolve("/").toString();
        return address.substring(0, address.length() - 1);
    }
}
