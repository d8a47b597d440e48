package dev.claimcheck.database;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Signals that {@link ProcessHandle} cannot send. */
final class Signals {
    private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

    private Signals() {}

    /** Sends the signal; a process that has ended is no error. */
    static void send(String name, long pid) {
        try {
            new ProcessBuilder("kill", "-s", name, Long.toString(pid))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("pid", pid).log("a signal could not be sent");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
