package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckClient;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.UploadJournal;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadPriority;
import dev.claimcheck.client.UploadReceipt;
import dev.claimcheck.client.UploadWay;
import dev.claimcheck.config.ByteSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/** Hands in files and folders. */
@Command(
        name = "upload",
        description = {
            "Upload videos; with --wait follow them until they are ready. Of a folder all videos and sounds in it and below are uploaded.",
            "What was stopped goes on when the same command is run again: an upload in chunks or by tus where it was, a folder with the files that are missing."
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck upload holiday.mp4 --wait",
            "  claimcheck upload *.mov --json",
            "  claimcheck upload ~/Videos/2026 --at-once 4               a whole folder",
            "  claimcheck upload archive.mxf --via chunked --parallel 8  a long, fast line",
            "  claimcheck upload train.mp4 --via tus                     one that breaks",
            "  claimcheck upload master.mov --instant                    only what is new"
        })
final class UploadCommand extends ServiceCommand {
    private static final int MOST_AT_ONCE = 16;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files and folders to upload.")
    private List<Path> arguments = List.of();

    @Option(names = "--wait", description = "Wait until the jobs have ended.")
    private boolean wait;

    @Option(names = "--filename", paramLabel = "NAME", description = "Name to upload a single file under.")
    private @Nullable String filename;

    @Option(
            names = "--at-once",
            paramLabel = "N",
            defaultValue = "2",
            description = "How many files are sent at once, 1 to 16 (default 2).")
    private int atOnce;

    @Option(names = "--again", description = "Of folders also the files that were handed in before.")
    private boolean again;

    @Option(
            names = "--via",
            paramLabel = "WAY",
            defaultValue = "auto",
            description = {
                "How the bytes travel: direct (one request), presigned (straight to the storage), chunked (several connections, resumable), tus (one"
                        + " connection, resumable), or auto (the default): direct below 100 MB, chunked from 500 MB on, presigned between."
            })
    private UploadWay way = UploadWay.AUTO;

    @Option(
            names = "--chunk-size",
            paramLabel = "SIZE",
            converter = ByteSizeConverter.class,
            description =
                    "Size of a chunk, or of a tus request, such as 8MiB (default: the service chooses; tus sends all in one).")
    private @Nullable ByteSize chunkSize;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "" + UploadOptions.DEFAULT_PARALLEL,
            description = "How many chunks of a file are sent at once, 1 to 64 (default 4).")
    private int parallel;

    @Option(
            names = "--priority",
            paramLabel = "P",
            defaultValue = "normal",
            description = "high, normal (the default) or low.")
    private UploadPriority priority = UploadPriority.NORMAL;

    @Mixin
    private ProcessingArguments processing = new ProcessingArguments();

    @Option(
            names = "--instant",
            description = "Ask by the files' SHA-256 first; what was uploaded before is not sent again.")
    private boolean instant;

    @Option(
            names = "--no-resume",
            description = "Neither go on with an earlier upload of the file nor write this one down.")
    private boolean noResume;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "86400",
            description = "How long --wait waits (default a day).")
    private long timeout;

    @Override
    int run(ClaimcheckClient client) throws InterruptedException {
        FileSelection selection = FileSelection.of(arguments);
        UploadOptions options = options(selection);
        if (selection.files().isEmpty()) {
            throw wrong("there is no video or sound in these folders");
        }
        if (selection.files().size() == 1 && !selection.foldersNamed()) {
            return single(client, selection.files().getFirst(), options);
        }
        return many(client, selection, options);
    }

    private int single(ClaimcheckClient client, Path file, UploadOptions options) throws InterruptedException {
        JobFollower follower = new JobFollower(client, json());
        UploadReceipt receipt = follower.upload(
                file, options.withFilename(Optional.ofNullable(filename).orElse(String.valueOf(file.getFileName()))));
        if (!wait) {
            return print(ManyUploads.json(file, receipt), () -> {
                say(file + ": " + receipt.message());
                say("  Job " + receipt.jobId() + "; follow it with: claimcheck watch " + receipt.jobId());
            });
        }
        JobStatus status = follower.follow(receipt.jobId(), Duration.ofSeconds(timeout));
        print(status.json(), () -> follower.printResult(status, out()));
        return JobFollower.exitCode(status);
    }

    private int many(ClaimcheckClient client, FileSelection selection, UploadOptions options)
            throws InterruptedException {
        Optional<HandedIn> before =
                selection.foldersNamed() && !noResume ? Optional.of(HandedIn.ofUser(client)) : Optional.empty();
        ManyUploads uploads = new ManyUploads(client, options, before, again, atOnce, json());
        ArrayNode results = JsonMapper.shared().createArrayNode();
        int exit = uploads.run(selection.files(), results);
        if (wait) {
            exit = Math.max(exit, uploads.follow(results, Duration.ofSeconds(timeout)));
        }
        if (json()) {
            out().println(results);
        } else {
            uploads.summary(wait).forEach(this::say);
        }
        return exit;
    }

    private UploadOptions options(FileSelection selection) {
        if (filename != null && (selection.files().size() > 1 || selection.foldersNamed())) {
            throw wrong("--filename names a single file");
        }
        if (parallel < 1 || parallel > UploadOptions.MOST_PARALLEL) {
            throw wrong("--parallel is a number from 1 to " + UploadOptions.MOST_PARALLEL);
        }
        if (atOnce < 1 || atOnce > MOST_AT_ONCE) {
            throw wrong("--at-once is a number from 1 to " + MOST_AT_ONCE);
        }
        if (chunkSize != null && chunkSize.bytes() < 1) {
            throw wrong("--chunk-size is at least one byte");
        }
        UploadOptions options = UploadOptions.defaults()
                .via(way)
                .withParallel(parallel)
                .withPriority(priority)
                .withInstant(instant);
        if (chunkSize != null) {
            options = options.withChunkSize(chunkSize.bytes());
        }
        options = options.withProcessing(processing.read());
        return noResume ? options : options.withJournal(UploadJournal.ofUser());
    }
}
