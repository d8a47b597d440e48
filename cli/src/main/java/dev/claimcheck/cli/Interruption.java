package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.UploadListener;
import dev.claimcheck.client.UploadWay;
import java.time.Duration;

/** Watches an upload, so that Ctrl-C in its middle is answered with how to go on. Until it is closed. */
final class Interruption implements UploadListener, AutoCloseable {
    private final UploadListener display;
    private final TerminalProgress progress;
    private final Thread hook;
    private volatile UploadWay way = UploadWay.AUTO;
    private volatile int percent;

    /** @param written whether a journal knows the upload */
    Interruption(UploadListener display, TerminalProgress progress, boolean written) {
        this.display = display;
        this.progress = progress;
        this.hook = new Thread(() -> progress.sayLast(lastWords(way, percent, written)), "interrupted");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void started(UploadWay chosen, long there, long total) {
        way = chosen;
        display.started(chosen, there, total);
    }

    @Override
    public void sent(long bytes, long total) {
        percent = total > 0 ? (int) (100 * bytes / total) : 0;
        display.sent(bytes, total);
    }

    @Override
    public void hashed(long bytes, long total) {
        display.hashed(bytes, total);
    }

    @Override
    public void waiting(Duration pause, ClaimcheckException trouble) {
        display.waiting(pause, trouble);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The program is ending already: the hook has the last word.
            progress.endLine();
        }
    }

    static String lastWords(UploadWay way, int percent, boolean written) {
        if (way.isResumable() && written) {
            return "Stopped at " + percent + " %. Run the same command again: it goes on from there.";
        }
        return way.isResumable()
                ? "Stopped at " + percent + " %. Nothing was written down (--no-resume): the next run begins anew."
                : "Stopped. Run the same command again to send the file; --via chunked or --via tus would go on where it stopped.";
    }
}
