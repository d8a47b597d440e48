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
import java.util.List;
import java.util.Optional;

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
                out.println("Done: " + TextWidth.plain(status.filename()) + " (job " + status.jobId() + ")");
                status.videoUrl().ifPresent(url -> out.println("  Watch:     " + client.resolve(url)));
                status.downloadUrl().ifPresent(url -> out.println("  Download:  " + client.resolve(url)));
                status.thumbnailUrl().ifPresent(url -> out.println("  Thumbnail: " + client.resolve(url)));
                status.json()
                        .path("warnings")
                        .forEach(warning -> out.println(
                                "  Warning:   " + warning.path("message").asString("")));
            }
            case "FAILED" -> {
                out.println("Failed: " + TextWidth.plain(status.filename()) + " (job " + status.jobId() + ")");
                status.failure().ifPresent(failure -> {
                    out.println("  " + TextWidth.plain(failure.message()));
                    if (failure.retryAllowed()) {
                        out.println("  Try again with: claimcheck retry " + status.jobId());
                    }
                });
            }
            case String other ->
                out.println(other + ": " + TextWidth.plain(status.filename()) + " (job " + status.jobId() + ")"
                        + status.message().map(message -> " – " + message).orElse("")
                        + left(status).map(left -> ", " + left).orElse(""));
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
        progress.show("Processing", status.isCompleted() ? 100 : status.progress(), details(status));
    }

    /** At length, then ever shorter. A place in the line matters more than the words around it. */
    static List<String> details(JobStatus status) {
        if (status.hasEnded()) {
            return List.of("");
        }
        String message = status.message().orElse("Waiting for its turn");
        return left(status)
                .map(left -> List.of(left + ": " + message, readyIn(status).orElse(left) + ": " + message, message))
                .orElseGet(() -> List.of(message));
    }

    /** When it will be done, and by when almost certainly: {@code ready in about 40 s, hardly more than 1:05 min}. */
    private static Optional<String> left(JobStatus status) {
        return readyIn(status)
                .map(about -> about
                        + status.estimatedCompletionP90()
                                .map(at -> ", hardly more than " + until(at))
                                .orElse(""));
    }

    private static Optional<String> readyIn(JobStatus status) {
        return status.estimatedCompletion().map(at -> "ready in about " + until(at));
    }

    private static String until(String at) {
        return Words.roughly(Duration.between(Instant.now(), Instant.parse(at)));
    }
}
