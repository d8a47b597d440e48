package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.PosterCommand;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.storage.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Makes the poster: a typical frame early in the video, or from later where that is (nearly) black or white. */
public final class ThumbnailStep implements StepHandler {
    private static final double[] PLACES = {0.1, 0.35, 0.6, 0};
    private static final Pattern BRIGHTNESS = Pattern.compile("YAVG=([0-9.]+)");
    /** Of 16 (black) to 235 (white). */
    private static final double TOO_DARK = 28;

    private static final double TOO_BRIGHT = 228;

    private final MediaProcesses processes;

    public ThumbnailStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Making the poster");
        SourceInfo source = SourceSpec.read(workspace);
        SourceInfo.VideoStream video = source.video().orElseThrow();
        Path best = workspace.scratch().resolve("best.jpg");
        double bestDistance = Double.MAX_VALUE;
        Optional<ProcessResult> failure = Optional.empty();
        for (double place : PLACES) {
            discardPicture(workspace);
            ProcessResult result = processes.ffmpeg(
                    PosterCommand.arguments(source, video, workspace.source(), place * source.durationSeconds()),
                    List.of(workspace.source()),
                    workspace.scratch(),
                    _ -> {});
            Path picture = workspace.scratch().resolve(PosterCommand.pictureFile());
            if (!result.succeeded() || !Files.exists(picture)) {
                failure = Optional.of(result);
                continue;
            }
            double brightness = brightness(workspace);
            double distance = Math.abs(brightness - 120);
            if (distance < bestDistance) {
                bestDistance = distance;
                move(picture, best);
            }
            if (brightness > TOO_DARK && brightness < TOO_BRIGHT) {
                break;
            }
        }
        if (!Files.exists(best)) {
            return failure.filter(result -> !result.succeeded())
                    .map(result -> MediaOutcomes.failure(result, "making the poster"))
                    .orElseGet(ThumbnailStep::noPicture);
        }
        return new StepOutcome.Succeeded(
                JsonMapper.shared().createObjectNode(),
                List.of(workspace.publish("poster.jpg", best, "image/jpeg")),
                List.of(),
                Optional.empty());
    }

    private static StepOutcome noPicture() {
        return new StepOutcome.FailedForGood(new dev.claimcheck.job.StepError(
                "no_picture", "No frame of the video could be made into a poster.", null));
    }

    private static double brightness(StepWorkspace workspace) {
        try {
            Matcher matcher =
                    BRIGHTNESS.matcher(Files.readString(workspace.scratch().resolve(PosterCommand.measurementsFile())));
            double last = 0;
            while (matcher.find()) {
                last = Double.parseDouble(matcher.group(1));
            }
            return last;
        } catch (IOException e) {
            throw new StorageException("the poster's measurements cannot be read", e);
        }
    }

    private static void discardPicture(StepWorkspace workspace) {
        try {
            Files.deleteIfExists(workspace.scratch().resolve(PosterCommand.pictureFile()));
        } catch (IOException e) {
            throw new StorageException("scratch cannot be written", e);
        }
    }

    private static void move(Path from, Path to) {
        try {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new StorageException("scratch cannot be written", e);
        }
    }
}
