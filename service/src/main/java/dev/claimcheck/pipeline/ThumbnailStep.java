package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.PosterChoice;
import dev.claimcheck.media.PosterCommand;
import dev.claimcheck.media.PosterCommand.Lookback;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.ProcessResult.Ending;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Makes the poster, as JPEG and as WebP: the frame of the moment that was asked for; else a good one (see {@link PosterChoice}) from the first of some places
 * that has one, or the best of all of them; of sound alone its cover.
 */
public final class ThumbnailStep implements StepHandler {
    /** Parts of the whole: early enough to tell what it is about, after titles and fades; the others only where that one is no good. */
    private static final double[] PLACES = {0.1, 0.35, 0.6, 0.85, 0};

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public ThumbnailStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Making the poster");
        SourceInfo source = SourceSpec.read(workspace);
        JsonNode moment = workspace.step().spec().path(PictureSteps.THUMBNAIL_TIME);
        VideoStream picture = source.video().or(source::cover).orElseThrow();
        double clipStart = workspace.step().spec().path(Wish.CLIP_START).asDouble(0);
        ProductKey key = keys.poster(commands(source, picture, moment, clipStart));
        Optional<StepOutcome> reused = key.reused(workspace);
        return reused.isPresent() ? reused.get() : new Attempt(workspace, source, picture, clipStart, key).run(moment);
    }

    /** Every command that may decide how the poster looks. */
    private static List<List<String>> commands(
            SourceInfo source, VideoStream picture, JsonNode moment, double clipStart) {
        PosterCommand.Size size = PosterCommand.Size.of(picture);
        List<List<String>> commands =
                new ArrayList<>(List.of(PosterCommand.jpeg(size, 0, ""), PosterCommand.webp(size, 0, "")));
        if (source.video().isEmpty()) {
            commands.add(PosterCommand.cover(source, picture, ProductKeys.SOURCE));
        } else if (moment.isNumber()) {
            double seconds = clipStart + Math.clamp(moment.asDouble(), 0, source.durationSeconds());
            for (Lookback lookback : Lookback.values()) {
                commands.add(PosterCommand.moment(source, picture, ProductKeys.SOURCE, seconds, lookback));
            }
        } else {
            for (double place : PLACES) {
                double seconds = clipStart + place * source.durationSeconds();
                commands.add(PosterCommand.candidates(source, picture, ProductKeys.SOURCE, seconds));
            }
        }
        return commands;
    }

    private static StepOutcome noPicture() {
        return new StepOutcome.FailedForGood(
                new StepError("no_picture", "No frame of the video could be made into a poster.", null));
    }

    /** One run: what it works on, and what went wrong on the way. */
    private final class Attempt {
        private final StepWorkspace workspace;
        private final SourceInfo source;
        private final VideoStream picture;
        private final PosterCommand.Size size;
        private final double clipStart;
        private final ProductKey key;
        private Optional<ProcessResult> failure = Optional.empty();

        Attempt(StepWorkspace workspace, SourceInfo source, VideoStream picture, double clipStart, ProductKey key) {
            this.workspace = workspace;
            this.source = source;
            this.picture = picture;
            this.size = PosterCommand.Size.of(picture);
            this.clipStart = clipStart;
            this.key = key;
        }

        StepOutcome run(JsonNode moment) throws InterruptedException {
            Optional<Integer> frame = source.video().isEmpty()
                    ? only(PosterCommand.cover(source, picture, workspace.source()))
                    : moment.isNumber() ? atMoment(moment.asDouble()) : good();
            if (frame.isEmpty()) {
                return failure.map(result -> MediaOutcomes.failure(result, "making the poster"))
                        .orElseGet(ThumbnailStep::noPicture);
            }
            return published(frame.get());
        }

        private Optional<Integer> atMoment(double asked) throws InterruptedException {
            double seconds = clipStart + Math.clamp(asked, 0, source.durationSeconds());
            for (Lookback lookback : Lookback.values()) {
                Optional<Integer> frame =
                        only(PosterCommand.moment(source, picture, workspace.source(), seconds, lookback));
                if (frame.isPresent() || isTrouble()) {
                    return frame;
                }
            }
            return Optional.empty();
        }

        private Optional<Integer> good() throws InterruptedException {
            Optional<PosterChoice> best = Optional.empty();
            for (double place : PLACES) {
                if (!made(PosterCommand.candidates(
                        source, picture, workspace.source(), clipStart + place * source.durationSeconds()))) {
                    if (isTrouble()) {
                        return Optional.empty();
                    }
                    continue;
                }
                PosterChoice choice = PosterChoice.among(ScratchFiles.read(workspace, PosterCommand.MEASURE));
                if (best.isEmpty()
                        || choice.good()
                        || choice.score() > best.get().score()) {
                    ScratchFiles.rename(workspace, PosterCommand.FRAMES, PosterCommand.CHOSEN);
                    best = Optional.of(choice);
                }
                if (choice.good()) {
                    break;
                }
            }
            return best.map(PosterChoice::frame);
        }

        private Optional<Integer> only(List<String> command) throws InterruptedException {
            if (!made(command)) {
                return Optional.empty();
            }
            ScratchFiles.rename(workspace, PosterCommand.FRAMES, PosterCommand.CHOSEN);
            return Optional.of(0);
        }

        /** Whether the command left a frame: at the end of a damaged or very short video it may not, and that is no failure yet. */
        private boolean made(List<String> command) throws InterruptedException {
            ScratchFiles.remove(workspace, PosterCommand.FRAMES);
            ProcessResult result = processes.ffmpeg(command, List.of(workspace.source()), workspace.scratch(), _ -> {});
            if (!result.succeeded()) {
                failure = Optional.of(result);
            }
            return result.succeeded() && ScratchFiles.size(workspace, PosterCommand.FRAMES) >= size.frameBytes();
        }

        /** Whether it failed for what is not the video's fault: then no other place is worth trying. */
        private boolean isTrouble() {
            return failure.filter(result -> result.ending() != Ending.ERROR).isPresent();
        }

        /** An ffmpeg of one's own may lack WebP; the JPEG is what is promised. */
        private StepOutcome published(int frame) throws InterruptedException {
            workspace.progress(0.8, "Making the poster");
            ProcessResult jpeg = processes.ffmpeg(
                    PosterCommand.jpeg(size, frame, "poster.jpg"), List.of(), workspace.scratch(), _ -> {});
            if (!jpeg.succeeded()) {
                return MediaOutcomes.failure(jpeg, "making the poster");
            }
            List<Output> outputs = new ArrayList<>(
                    List.of(workspace.publish("poster.jpg", workspace.scratch().resolve("poster.jpg"), "image/jpeg")));
            ProcessResult webp = processes.ffmpeg(
                    PosterCommand.webp(size, frame, "poster.webp"), List.of(), workspace.scratch(), _ -> {});
            if (webp.succeeded()) {
                outputs.add(workspace.publish("poster.webp", workspace.scratch().resolve("poster.webp"), "image/webp"));
            }
            return key.succeeded(JsonMapper.shared().createObjectNode().put("webp", webp.succeeded()), outputs);
        }
    }
}
