package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.UploadListener;
import dev.claimcheck.client.UploadWay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Shows an upload: how much has gone, how fast, how long the rest takes. What has to be sent again never draws the bar back: it waits until it is overtaken. Called
 * by one thread at a time.
 */
final class UploadDisplay implements UploadListener {
    private static final String SEPARATOR = " · ";
    /** The words change at most so often; the bar moves as often as it is drawn. */
    private static final long WORDS_NANOS = Duration.ofMillis(500).toNanos();

    private final TerminalProgress progress;
    private final LongSupplier nanoTime;
    private TransferMeter meter = new TransferMeter();
    private boolean begun;
    private long furthest;
    private long spoken;
    private Optional<Double> rate = Optional.empty();
    private Optional<Duration> left = Optional.empty();

    UploadDisplay(TerminalProgress progress, LongSupplier nanoTime) {
        this.progress = progress;
        this.nanoTime = nanoTime;
    }

    @Override
    public void started(UploadWay way, long there, long total) {
        meter = new TransferMeter();
        rate = Optional.empty();
        left = Optional.empty();
        if (!begun && there > 0) {
            progress.say(resumed(there, total));
            furthest = there;
        } else if (begun && there < furthest) {
            progress.say("The service has not kept what was sent before; it is sent again.");
            furthest = there;
        }
        begun = true;
    }

    @Override
    public void sent(long bytes, long total) {
        if (total <= 0) {
            return;
        }
        long now = nanoTime.getAsLong();
        meter.at(now, bytes);
        furthest = Math.max(furthest, bytes);
        if (rate.isEmpty() || now - spoken >= WORDS_NANOS) {
            spoken = now;
            rate = meter.rate();
            left = meter.timeFor(total - bytes);
        }
        progress.show("Uploading ", 100.0 * furthest / total, details(furthest, total));
    }

    @Override
    public void hashed(long bytes, long total) {
        if (total > 0) {
            progress.show("Checking  ", 100.0 * bytes / total, "whether the service has it already");
        }
    }

    @Override
    public void waiting(Duration pause, ClaimcheckException trouble) {
        meter = new TransferMeter();
        rate = Optional.empty();
        left = Optional.empty();
        progress.say(trouble.getMessage() + " Trying again in "
                + Words.duration(pause.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : pause) + ".");
    }

    private static String resumed(long there, long total) {
        return there == total
                ? "Everything is there already."
                : "Going on at " + 100 * there / total + " %: " + Words.size(there) + " are there already.";
    }

    /** The whole, then without what matters least. */
    private List<String> details(long bytes, long total) {
        String amount = bytes < total ? Words.size(bytes) + " of " + Words.size(total) : Words.size(total);
        List<String> pieces = new ArrayList<>(List.of(amount));
        rate.ifPresent(speed -> pieces.add(Words.size(Math.round(Math.max(0, speed))) + "/s"));
        if (bytes < total) {
            left.ifPresent(time -> pieces.add(Words.roughly(time) + " left"));
        }
        List<String> details = new ArrayList<>();
        for (int from = 0; from < pieces.size(); from++) {
            details.add(String.join(SEPARATOR, pieces.subList(from, pieces.size())));
        }
        left.filter(_ -> bytes < total).ifPresent(time -> details.add(Words.roughly(time)));
        details.add(""); // The bar alone says enough where there is room for nothing else.
        return details;
    }
}
