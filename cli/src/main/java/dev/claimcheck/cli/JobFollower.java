package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadListener;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadReceipt;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** Uploads and follows jobs with both progress bars. */
final class JobFollower {
    private final ClaimcheckClient client;
    private final TerminalProgress progress;
    private final boolean quiet;

    JobFollower(ClaimcheckClient client, boolean quiet) {
        this.client = client;
        this.progress = TerminalProgress.onStandardError();
        this.quiet = quiet;
    }

    UploadReceipt upload(Path file, UploadOptions options) throws InterruptedException {
        UploadListener display = quiet ? (_, _) -> {} : new UploadDisplay(progress, System::nanoTime);
        try (Interruption watched =
                new Interruption(display, progress, options.journal().isPresent())) {
            return client.upload(file, options, watched);
        } finally {
            progress.end();
        }
    }

    /** What comes next, where there is more than one thing. */
    void announce(String what) {
        if (!quiet) {
            progress.say(what);
        }
    }

    JobStatus follow(String jobId, Duration limit) throws InterruptedException {
        try {
            return client.await(jobId, limit, this::showProcessing);
        } finally {
            progress.end();
        }
    }

    /** The job's end in words, with its links. */
    void printResult(JobStatus status, PrintWriter out) {
        switch (status.status()) {
            case "COMPLETED" -> {
                out.println("Done: " + status.filename() + " (job " + status.jobId() + ")");
                status.videoUrl().ifPresent(url -> out.println("  Watch:     " + client.resolve(url)));
                status.downloadUrl().ifPresent(url -> out.println("  Download:  " + client.resolve(url)));
                status.thumbnailUrl().ifPresent(url -> out.println("  Thumbnail: " + client.resolve(url)));
                status.json()
                        .path("warnings")
                        .forEach(warning -> out.println(
                                "  Warning:   " + warning.path("message").asString("")));
            }
            case "FAILED" -> {
                out.println("Failed: " + status.filename() + " (job " + status.jobId() + ")");
                status.failure().ifPresent(failure -> {
                    out.println("  " + failure.message());
                    if (failure.retryAllowed()) {
                        out.println("  Try again with: claimcheck retry " + status.jobId());
                    }
                });
            }
            case String other ->
                out.println(other + ": " + status.filename() + " (job " + status.jobId() + ")"
                        + status.message().map(message -> " – " + message).orElse(""));
        }
        out.flush();
    }

    static int exitCode(JobStatus status) {
        return !status.hasEnded() || status.isCompleted() ? ExitCode.OK : ExitCode.JOB_FAILED;
    }

    private void showProcessing(JobStatus status) {
        if (quiet) {
            return;
        }
        String left = status.estimatedCompletion()
                .map(text ->
                        "ready in about " + Words.duration(Duration.between(Instant.now(), Instant.parse(text))) + ": ")
                .orElse("");
        String detail = status.hasEnded() ? "" : left + status.message().orElse("Waiting for its turn");
        progress.show("Processing", status.isCompleted() ? 100 : status.progress(), detail);
    }
}
