package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.Product;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.ProcessResult.Ending;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.EarlyPlayback;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the tracks of sound besides the default one, each as a whole, while the source is read once. Where one of them cannot be decoded each is tried alone, so that the others are heard
 * nevertheless; the package step says which is missing.
 */
public final class OtherAudioStep implements StepHandler {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String DOING = "transcoding the other tracks of the sound";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public OtherAudioStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        TranscodeTask task = TaskSpec.read(workspace);
        List<Integer> numbers = AudioTracks.of(task.source()).stream()
                .map(AudioTrack::number)
                .filter(number -> number > 1)
                .toList();
        Map<Integer, ProductKey> named = new TreeMap<>();
        numbers.forEach(number -> named.put(number, keys.otherSound(task, number)));
        Map<Digest, Product> known =
                workspace.known(named.values().stream().map(ProductKey::digest).toList());
        List<Integer> missing = numbers.stream()
                .filter(number -> !known.containsKey(key(named, number).digest()))
                .toList();
        return missing.isEmpty()
                ? publish(workspace, named, known, missing)
                : make(workspace, task, named, known, missing);
    }

    private StepOutcome make(
            StepWorkspace workspace,
            TranscodeTask task,
            Map<Integer, ProductKey> named,
            Map<Digest, Product> known,
            List<Integer> numbers)
            throws InterruptedException {
        ProcessResult result = transcode(workspace, task, numbers, 0, 0.97);
        List<Integer> made = new ArrayList<>(result.succeeded() ? numbers : List.of());
        if (result.ending() == Ending.ERROR && numbers.size() > 1) {
            double share = 0.97 / numbers.size();
            for (int index = 0; index < numbers.size(); index++) {
                int number = numbers.get(index);
                ProcessResult alone = transcode(workspace, task, List.of(number), share * index, share);
                if (alone.succeeded()) {
                    made.add(number);
                } else if (alone.ending() != Ending.ERROR) {
                    return MediaOutcomes.failure(alone, DOING);
                }
            }
        }
        return made.isEmpty() && known.isEmpty()
                ? MediaOutcomes.failure(result, DOING)
                : publish(workspace, named, known, made);
    }

    private ProcessResult transcode(
            StepWorkspace workspace, TranscodeTask task, List<Integer> numbers, double from, double share)
            throws InterruptedException {
        double seconds = task.source().durationSeconds();
        String message = "Transcoding the other tracks of the sound";
        workspace.progress(Math.max(from, 0.001), message);
        return processes.ffmpeg(
                AudioCommand.arguments(task, numbers, workspace.source()),
                List.of(workspace.source()),
                workspace.scratch(),
                progress -> workspace.progress(
                        from + share * Math.min(1, progress.outTime().toMillis() / 1000.0 / seconds), message));
    }

    private static StepOutcome publish(
            StepWorkspace workspace, Map<Integer, ProductKey> named, Map<Digest, Product> known, List<Integer> made)
            throws InterruptedException {
        ObjectNode sounds = JSON.createObjectNode();
        List<Product> products = new ArrayList<>();
        for (int number : named.keySet()) {
            ProductKey key = key(named, number);
            Product product = known.get(key.digest());
            if (product == null && made.contains(number)) {
                product = stored(workspace, key, number);
            }
            if (product != null) {
                products.add(product);
                sounds.set(Integer.toString(number), product.result());
            }
        }
        ObjectNode result = JSON.createObjectNode();
        result.set(EarlyPlayback.SOUNDS, sounds);
        return new StepOutcome.Succeeded(result, List.of(), products);
    }

    /** One that holds nothing that can be heard has no segments; the package step says so. */
    private static Product stored(StepWorkspace workspace, ProductKey key, int number) throws InterruptedException {
        String folder = AudioTrack.folder(number);
        MadeSound made = MadeSound.take(workspace, AudioCommand.file(number), folder, true);
        SegmentPublisher publisher = new SegmentPublisher(workspace);
        if (!made.sound().pieces().isEmpty()) {
            publisher.add(folder, made);
        }
        return key.made(JSON.valueToTree(made.sound()), publisher.publish());
    }

    private static ProductKey key(Map<Integer, ProductKey> named, int number) {
        return Optional.ofNullable(named.get(number)).orElseThrow();
    }
}
