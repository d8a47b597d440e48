package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.UploadListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How far several files have gone together, on a board: how many, how many bytes, how fast, how long the rest takes. Thread-safe. */
final class UploadTotals {
    private final Board board;
    private final int files;
    private final TransferMeter meter = new TransferMeter();
    private final Map<Path, Long> sent = new HashMap<>();
    private long bytes;
    private int done;

    UploadTotals(Board board, List<Path> paths) {
        this.board = board;
        this.files = paths.size();
        paths.forEach(path -> bytes += size(path));
    }

    /** What this file's upload tells; its own row shows it too. */
    UploadListener listener(Path file, Board.Row row) {
        return new UploadListener() {
            @Override
            public void sent(long some, long of) {
                row.show(
                        of > 0 ? 100.0 * some / of : 0,
                        List.of(Words.size(some) + " of " + Words.size(of), Words.size(of), ""));
                moved(file, some);
            }

            @Override
            public void waiting(Duration pause, ClaimcheckException trouble) {
                board.say(file.getFileName() + ": " + trouble.getMessage() + " Trying again in " + Words.precise(pause)
                        + ".");
            }
        };
    }

    /** That file was handed in before: its bytes are not part of what is to be sent. */
    synchronized void skipped(Path file) {
        bytes -= size(file);
        done++;
        show();
    }

    /** All of that file is there. */
    synchronized void done(Path file) {
        sent.put(file, size(file));
        done++;
        show();
    }

    private synchronized void moved(Path file, long some) {
        sent.put(file, some);
        meter.at(
                System.nanoTime(),
                sent.values().stream().mapToLong(Long::longValue).sum());
        show();
    }

    private void show() {
        long gone = sent.values().stream().mapToLong(Long::longValue).sum();
        String counted = done + " of " + files + " files";
        String rate = meter.rate()
                .filter(_ -> gone < bytes)
                .map(speed -> " · " + Words.size(Math.round(Math.max(0, speed))) + "/s")
                .orElse("");
        String left = meter.timeFor(bytes - gone)
                .filter(_ -> gone < bytes)
                .map(time -> " · " + Words.roughly(time) + " left")
                .orElse("");
        board.total(
                "All",
                bytes > 0 ? 100.0 * gone / bytes : 100.0 * done / files,
                List.of(
                        counted + " · " + Words.size(gone) + " of " + Words.size(bytes) + rate + left,
                        counted + rate + left,
                        counted + left,
                        counted,
                        ""));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException _) {
            return 0; // That it cannot be read is told when it is its turn.
        }
    }
}
