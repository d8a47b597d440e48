package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.FfmpegProgress;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.TranscodeCommand;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Sound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes segments: of a chunk or of all of the picture, in every size from one decode, and of the sound. Their outputs are what players fetch. Sizes that are known from an earlier job of the same source are
 * taken over; where nothing else is wanted, nothing runs.
 */
public final class TranscodeStep implements StepHandler {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public TranscodeStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        TranscodeTask task = TaskSpec.read(workspace);
        Attempt attempt = new Attempt(workspace, task, new TranscodeProducts(task, keys));
        Map<Digest, Product> known = workspace.known(attempt.products.keys());
        Optional<StepOutcome> outcome = attempt.run(known);
        // Of a damaged source another set of sizes may have other segments: then all of them are made together.
        return outcome.isPresent() ? outcome.get() : attempt.run(Map.of()).orElseThrow();
    }

    private static double outSeconds(FfmpegProgress progress) {
        return progress.outTime().toMillis() / 1000.0;
    }

    private static String message(List<Rendition> renditions) {
        if (renditions.isEmpty()) {
            return "Transcoding the sound";
        }
        List<String> names = renditions.stream().map(Rendition::name).toList();
        return names.size() == 1
                ? "Transcoding " + names.getFirst()
                : "Transcoding " + names.subList(0, names.size() - 1).stream().collect(Collectors.joining(", "))
                        + " and " + names.getLast();
    }

    /** One run: what it works on. */
    private final class Attempt {
        private final StepWorkspace workspace;
        private final TranscodeTask task;
        private final TranscodeProducts products;

        Attempt(StepWorkspace workspace, TranscodeTask task, TranscodeProducts products) {
            this.workspace = workspace;
            this.task = task;
            this.products = products;
        }

        /** Makes what is not known. Empty where the two do not fit together, which what is made at once always does. */
        Optional<StepOutcome> run(Map<Digest, Product> known) throws InterruptedException {
            Optional<TranscodeTask> missing = products.missing(known);
            if (missing.isEmpty()) {
                return published(known, Optional.empty());
            }
            String message = message(missing.get().renditions());
            workspace.progress(0.001, message);
            ProcessResult result = transcode(missing.get(), message);
            if (!result.succeeded()) {
                return Optional.of(MediaOutcomes.failure(result, "transcoding"));
            }
            TranscodeTask part = missing.get();
            MadeSegments made = MadeSegments.take(workspace, part, false);
            if (!made.isAsPlanned()
                    && task.chunk().filter(chunk -> chunk.seekSeconds() >= 0).isPresent()) {
                // Seeking may be at fault: what is read from the start is right, or as right as the source is.
                part = part.readFromStart();
                result = transcode(part, message);
                if (!result.succeeded()) {
                    return Optional.of(MediaOutcomes.failure(result, "transcoding"));
                }
                made = MadeSegments.take(workspace, part, true);
            }
            BitRateCap cap = new BitRateCap(part);
            for (Optional<TranscodeTask> again = cap.next(made); again.isPresent(); again = cap.next(made)) {
                result = transcode(again.get(), message);
                if (!result.succeeded()) {
                    return Optional.of(MediaOutcomes.failure(result, "transcoding"));
                }
                made = MadeSegments.take(workspace, part, made.isRedone());
            }
            return published(known, Optional.of(made));
        }

        private ProcessResult transcode(TranscodeTask part, String message) throws InterruptedException {
            double start = part.chunk()
                    .map(chunk -> chunk.segments().getFirst().start())
                    .orElse(0.0);
            double seconds =
                    part.chunk().map(Chunk::seconds).orElse(part.source().durationSeconds());
            return processes.ffmpeg(
                    TranscodeCommand.arguments(part, workspace.source(), workspace.watermark()),
                    Stream.concat(Stream.of(workspace.source()), workspace.watermark().stream())
                            .toList(),
                    workspace.scratch(),
                    progress -> workspace.progress(0.97 * (outSeconds(progress) - start) / seconds, message));
        }

        private Optional<StepOutcome> published(Map<Digest, Product> known, Optional<MadeSegments> made)
                throws InterruptedException {
            Map<String, Picture> fresh = made.map(MadeSegments::pictures).orElseGet(Map::of);
            List<Picture> sizes = new ArrayList<>();
            for (Rendition rendition : task.renditions()) {
                sizes.add(products.known(rendition, known)
                        .map(product -> JSON.treeToValue(product.result(), Picture.class))
                        .or(() -> Optional.ofNullable(fresh.get(rendition.name())))
                        .orElseThrow());
            }
            if (sizes.stream().map(Picture::pieces).distinct().count() > 1) {
                return Optional.empty();
            }
            workspace.progress(0.98, "Storing the results");
            Optional<Product> knownSound = products.knownSound(known);
            Optional<Sound> sound = knownSound
                    .map(product -> JSON.treeToValue(product.result(), Sound.class))
                    .or(() -> made.flatMap(MadeSegments::sound).map(MadeSound::sound));
            List<Output> outputs = new ArrayList<>(stored(made, sound));
            List<Product> handedIn = new ArrayList<>();
            for (int index = 0; index < sizes.size(); index++) {
                Rendition rendition = task.renditions().get(index);
                Picture size = sizes.get(index);
                String folder = "hls/" + rendition.name() + "/";
                handedIn.add(products.known(rendition, known)
                        .orElseGet(() -> products.key(rendition)
                                .made(JSON.valueToTree(size), taken(outputs, folder), folder + "init.mp4")));
            }
            knownSound
                    .or(() -> products.wholeSound()
                            .map(key -> key.made(
                                    JSON.valueToTree(sound.orElseThrow()),
                                    taken(outputs, "hls/" + AudioTrack.folder(1) + "/"))))
                    .ifPresent(handedIn::add);
            return Optional.of(new StepOutcome.Succeeded(result(sizes, sound), outputs, handedIn));
        }

        /** What was made, and the playlist that only this job has. */
        private List<Output> stored(Optional<MadeSegments> made, Optional<Sound> sound) throws InterruptedException {
            SegmentPublisher publisher = new SegmentPublisher(workspace);
            made.ifPresent(segments -> segments.addTo(publisher));
            List<Rendition> ladder = TaskSpec.ladder(workspace);
            if (!ladder.isEmpty() && task.chunk().orElseThrow().opens()) {
                publisher.addText(EarlyPlayback.MASTER, EarlyMaster.of(task, ladder, sound));
            }
            return publisher.publish();
        }

        /** Takes a product's outputs out of what was stored. */
        private static List<Output> taken(List<Output> outputs, String folder) {
            List<Output> its = outputs.stream()
                    .filter(output -> output.path().startsWith(folder))
                    .toList();
            outputs.removeAll(its);
            return its;
        }

        private ObjectNode result(List<Picture> sizes, Optional<Sound> sound) {
            ObjectNode result = JSON.createObjectNode();
            if (!sizes.isEmpty()) {
                result.set(
                        "picture",
                        JSON.valueToTree(new Picture(
                                sizes.getFirst().pieces(),
                                sizes.stream()
                                        .flatMap(size -> size.renditions().stream())
                                        .toList(),
                                !TaskSpec.ladder(workspace).isEmpty(),
                                sizes.stream().anyMatch(Picture::redone))));
            }
            sound.ifPresent(found -> result.set("sound", JSON.valueToTree(found)));
            return result;
        }
    }
}
