package dev.claimcheck.cli;

import dev.claimcheck.client.ClaimcheckException;
import dev.claimcheck.client.JobStatus;
import dev.claimcheck.client.ProcessingOptions;
import dev.claimcheck.client.UploadJournal;
import dev.claimcheck.client.UploadOptions;
import dev.claimcheck.client.UploadPriority;
import dev.claimcheck.client.UploadReceipt;
import dev.claimcheck.client.UploadWay;
import dev.claimcheck.config.ByteSize;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Hands in files. */
@Command(
        name = "upload",
        description = {
            "Upload videos; with --wait follow them until they are ready.",
            "An upload in chunks or by tus that was stopped goes on when the same command is run again."
        },
        footer = {
            "",
            "Examples:",
            "  claimcheck upload holiday.mp4 --wait",
            "  claimcheck upload *.mov --json",
            "  claimcheck upload archive.mxf --via chunked --parallel 8    over a long, fast line",
            "  claimcheck upload train.mp4 --via tus                       over one that breaks often",
            "  claimcheck upload master.mov --instant                      sends nothing that is there already",
            "",
            "Exit codes: 0 done, 1 a job failed, 2 wrong usage or no such file, 3 the service cannot be reached,",
            "4 the service refused, 5 not done in time, 130 stopped by Ctrl-C."
        })
final class UploadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ServiceOptions service = new ServiceOptions();

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files to upload.")
    private List<Path> files = List.of();

    @Option(names = "--wait", description = "Wait until the jobs have ended.")
    private boolean wait;

    @Option(names = "--filename", paramLabel = "NAME", description = "Name to upload a single file under.")
    private @Nullable String filename;

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
            description = "How many chunks are sent at once, 1 to 64 (default 4).")
    private int parallel;

    @Option(
            names = "--priority",
            paramLabel = "P",
            defaultValue = "normal",
            description = "high, normal (the default) or low.")
    private UploadPriority priority = UploadPriority.NORMAL;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "What is to be made of the videos (default: the service's usual).")
    private @Nullable String profile;

    @Option(
            names = "--clip-start",
            paramLabel = "SECONDS",
            description = "Process only what comes after that second of the video.")
    private @Nullable BigDecimal clipStart;

    @Option(
            names = "--clip-end",
            paramLabel = "SECONDS",
            description = "Process only what comes before that second of the video.")
    private @Nullable BigDecimal clipEnd;

    @Option(
            names = "--thumbnail-time",
            paramLabel = "SECONDS",
            description = "Second of the result, after clipping, that the thumbnail shows.")
    private @Nullable BigDecimal thumbnailTime;

    @Option(
            names = "--watermark",
            paramLabel = "ID",
            description = "Lay an uploaded picture over the videos (POST /watermarks gives its id).")
    private @Nullable String watermark;

    @Option(
            names = "--watermark-position",
            paramLabel = "PLACE",
            description = "top-left, top-right, bottom-left, bottom-right (the default) or center.")
    private @Nullable String watermarkPosition;

    @Option(
            names = "--watermark-width",
            paramLabel = "PERCENT",
            description = "Its width in percent of the video's (default 12).")
    private @Nullable Integer watermarkWidth;

    @Option(
            names = "--watermark-opacity",
            paramLabel = "N",
            description = "How opaque it is, above 0 to 1 (the default).")
    private @Nullable BigDecimal watermarkOpacity;

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
    public Integer call() throws InterruptedException {
        UploadOptions options = options();
        JobFollower follower = new JobFollower(service.client(), service.json());
        ArrayNode results = JsonMapper.shared().createArrayNode();
        int exit = ExitCode.OK;
        for (int index = 0; index < files.size(); index++) {
            if (files.size() > 1) {
                follower.announce(files.get(index).getFileName() + " (" + (index + 1) + " of " + files.size() + ")");
            }
            try {
                exit = Math.max(exit, handIn(files.get(index), options, follower, results));
            } catch (ClaimcheckException e) {
                if (files.size() == 1) {
                    throw e;
                }
                exit = Math.max(exit, explain(files.get(index), e, results));
                if (e.isUnreachable() || e.status() == 401) {
                    break; // The next file would fare no better.
                }
            }
        }
        if (service.json()) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(results.size() == 1 ? results.get(0) : results);
            out.flush();
        }
        return exit;
    }

    private int handIn(Path file, UploadOptions options, JobFollower follower, ArrayNode results)
            throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        String name = Optional.ofNullable(filename).orElse(file.getFileName().toString());
        UploadReceipt receipt = follower.upload(file, options.withFilename(name));
        if (!wait) {
            results.addObject()
                    .put("job_id", receipt.jobId())
                    .put("status", receipt.status())
                    .put("message", receipt.message())
                    .put("file", file.toString());
            if (!service.json()) {
                out.println(file + ": " + receipt.message());
                out.println("  Job " + receipt.jobId() + "; follow it with: claimcheck watch " + receipt.jobId());
                out.flush();
            }
            return ExitCode.OK;
        }
        JobStatus status = follower.follow(receipt.jobId(), Duration.ofSeconds(timeout));
        results.add(status.json());
        if (!service.json()) {
            follower.printResult(status, out);
        }
        return JobFollower.exitCode(status);
    }

    /** One of several files was refused: the others are tried all the same. */
    private int explain(Path file, ClaimcheckException failure, ArrayNode results) {
        spec.commandLine().getErr().println("claimcheck: " + file + ": " + failure.getMessage());
        ObjectNode result = results.addObject().put("file", file.toString());
        result.putObject("error").put("code", failure.code()).put("message", failure.getMessage());
        return Main.exitCode(failure);
    }

    private UploadOptions options() {
        if (filename != null && files.size() > 1) {
            throw wrong("--filename names a single file");
        }
        if (parallel < 1 || parallel > UploadOptions.MOST_PARALLEL) {
            throw wrong("--parallel is a number from 1 to " + UploadOptions.MOST_PARALLEL);
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
        options = options.withProcessing(processing());
        return noResume ? options : options.withJournal(UploadJournal.ofUser());
    }

    private ProcessingOptions processing() {
        if (watermark == null && (watermarkPosition != null || watermarkWidth != null || watermarkOpacity != null)) {
            throw wrong("--watermark says which picture to place");
        }
        return new ProcessingOptions(
                Optional.ofNullable(profile),
                Optional.ofNullable(clipStart),
                Optional.ofNullable(clipEnd),
                Optional.ofNullable(thumbnailTime),
                Optional.ofNullable(watermark),
                Optional.ofNullable(watermarkPosition),
                watermarkWidth == null ? OptionalInt.empty() : OptionalInt.of(watermarkWidth),
                Optional.ofNullable(watermarkOpacity));
    }

    private ParameterException wrong(String what) {
        return new ParameterException(spec.commandLine(), what);
    }
}
