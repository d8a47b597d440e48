package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadListener;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadReceipt;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Uploads several files, some at once, and follows their jobs. Each is tried, though one before was refused. */
final class ManyUploads {
    private static final int FOLLOWED_AT_ONCE = 8;

    private final ClaimcheckClient client;
    private final UploadOptions options;
    private final Optional<HandedIn> before;
    private final boolean again;
    private final int atOnce;
    private final boolean quiet;
    private final AtomicInteger ended = new AtomicInteger();
    private final AtomicInteger skipped = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private volatile int files;
    /** The next file would fare no better. */
    private volatile boolean hopeless;

    /** What came of one file: an exit code, and what is said of it. */
    private record Result(int exit, ObjectNode json) {}

    ManyUploads(
            ClaimcheckClient client,
            UploadOptions options,
            Optional<HandedIn> before,
            boolean again,
            int atOnce,
            boolean quiet) {
        this.client = client;
        this.options = options;
        this.before = before;
        this.again = again;
        this.atOnce = atOnce;
        this.quiet = quiet;
    }

    static ObjectNode json(Path file, UploadReceipt receipt) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("job_id", receipt.jobId())
                .put("status", receipt.status())
                .put("message", receipt.message())
                .put("file", file.toString());
    }

    /** Uploads them; adds what came of each, in their order, and gives the highest exit code. */
    int run(List<Path> paths, ArrayNode results) throws InterruptedException {
        files = paths.size();
        Board board = Board.onStandardError();
        UploadTotals totals = new UploadTotals(board, paths);
        Thread lastWords = new Thread(
                () -> board.sayLast("Stopped: " + ended.get() + " of " + paths.size()
                        + " files are handed in. Run the same command again: it goes on from there."),
                "interrupted");
        Runtime.getRuntime().addShutdownHook(lastWords);
        try {
            List<Callable<Result>> work = new ArrayList<>();
            for (Path path : paths) {
                work.add(() -> handIn(path, board, totals));
            }
            return collect(work, atOnce, results);
        } finally {
            try {
                Runtime.getRuntime().removeShutdownHook(lastWords);
                board.close();
            } catch (IllegalStateException _) {
                // The program is ending already: the hook has the last word.
            }
        }
    }

    /** Follows the jobs among {@code results} to their ends, and puts their last status in the places of the receipts. */
    int follow(ArrayNode results, Duration limit) throws InterruptedException {
        Board board = Board.onStandardError();
        List<Callable<Result>> work = new ArrayList<>();
        for (JsonNode result : results) {
            work.add(() -> follow((ObjectNode) result, limit, board));
        }
        ArrayNode ends = JsonMapper.shared().createArrayNode();
        try {
            int exit = collect(work, FOLLOWED_AT_ONCE, ends);
            results.removeAll();
            ends.forEach(results::add);
            return exit;
        } finally {
            board.close();
        }
    }

    /** How it went, for people. */
    List<String> summary(boolean followed) {
        List<String> lines = new ArrayList<>();
        lines.add(ended.get() + " of " + files + " files are handed in"
                + (skipped.get() > 0 ? ", " + skipped.get() + " of them before" : "")
                + (refused.get() > 0 ? "; " + refused.get() + " not taken" : "") + ".");
        if (!followed) {
            lines.add("Follow them with: claimcheck jobs, or claimcheck events -f");
        }
        return lines;
    }

    private Result handIn(Path file, Board board, UploadTotals totals) throws InterruptedException {
        ObjectNode result = JsonMapper.shared().createObjectNode().put("file", file.toString());
        if (hopeless) {
            refused.incrementAndGet();
            result.putObject("error").put("code", "not_tried").put("message", "The service refused those before.");
            return new Result(ExitCode.OK, result); // Those before have told.
        }
        String name = String.valueOf(file.getFileName());
        try {
            Optional<String> known =
                    again || before.isEmpty() ? Optional.empty() : before.get().job(file, options);
            if (known.isPresent()) {
                ended.incrementAndGet();
                skipped.incrementAndGet();
                totals.skipped(file);
                return new Result(ExitCode.OK, result.put("job_id", known.get()).put("message", "Handed in before"));
            }
            UploadReceipt receipt = quiet ? handIn(file, name, (_, _) -> {}) : show(file, name, board, totals);
            ended.incrementAndGet();
            return new Result(ExitCode.OK, json(file, receipt));
        } catch (ClaimcheckException e) {
            refused.incrementAndGet();
            hopeless |= e.isUnreachable() || e.status() == 401;
            board.say("claimcheck: " + file + ": " + e.getMessage());
            result.putObject("error").put("code", e.code()).put("message", e.getMessage());
            return new Result(Main.exitCode(e), result);
        }
    }

    /** Noted before anybody is told: what was told is not handed in again. */
    private UploadReceipt handIn(Path file, String name, UploadListener listener) throws InterruptedException {
        UploadReceipt receipt = client.upload(file, options.withFilename(name), listener);
        if (before.isPresent()) {
            before.get().note(file, options, receipt.jobId());
        }
        return receipt;
    }

    private UploadReceipt show(Path file, String name, Board board, UploadTotals totals) throws InterruptedException {
        Board.Row row = board.begin(name);
        try {
            UploadReceipt receipt = handIn(file, name, totals.listener(file, row));
            row.end(name + ": " + receipt.message() + " Job " + JobIds.brief(receipt.jobId()));
            totals.done(file);
            return receipt;
        } catch (ClaimcheckException e) {
            row.end(name + " was not taken:");
            throw e;
        }
    }

    private Result follow(ObjectNode receipt, Duration limit, Board board) throws InterruptedException {
        String job = receipt.path("job_id").asString("");
        if (job.isEmpty()) {
            return new Result(ExitCode.OK, receipt); // Not taken; that has been told.
        }
        String name = String.valueOf(Path.of(receipt.path("file").asString("")).getFileName());
        Board.Row row = board.begin(name);
        try {
            JobStatus status = client.await(job, limit, now -> {
                if (!quiet) {
                    row.show(now.isCompleted() ? 100 : now.progress(), JobFollower.details(now));
                }
            });
            if (quiet) {
                return new Result(JobFollower.exitCode(status), (ObjectNode) status.json());
            }
            row.end(name + ": "
                    + (status.isCompleted()
                            ? "done"
                            : status.status().toLowerCase(Locale.ROOT)
                                    + status.failure()
                                            .map(why -> ": " + why.message())
                                            .orElse(""))
                    + " (job " + JobIds.brief(job) + ")");
            return new Result(JobFollower.exitCode(status), (ObjectNode) status.json());
        } catch (ClaimcheckException e) {
            row.end(name + ": " + e.getMessage());
            receipt.putObject("error").put("code", e.code()).put("message", e.getMessage());
            return new Result(Main.exitCode(e), receipt);
        }
    }

    private static int collect(List<Callable<Result>> work, int atOnce, ArrayNode results) throws InterruptedException {
        int exit = ExitCode.OK;
        try (ExecutorService crew =
                Executors.newFixedThreadPool(atOnce, Thread.ofVirtual().factory())) {
            List<Future<Result>> all = new ArrayList<>();
            work.forEach(one -> all.add(crew.submit(one)));
            try {
                for (Future<Result> one : all) {
                    Result result = one.get();
                    exit = Math.max(exit, result.exit());
                    results.add(result.json());
                }
            } catch (ExecutionException e) {
                crew.shutdownNow();
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                crew.shutdownNow();
                throw e;
            }
        }
        return exit;
    }
}
