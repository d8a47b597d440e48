package dev.claimcheck.pipeline;

import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.ProcessResult.Ending;
import dev.claimcheck.media.TranscodeTask;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.Sound;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    public OtherAudioStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        TranscodeTask task = TaskSpec.read(workspace);
        List<Integer> numbers = AudioTracks.of(task.source()).stream()
                .map(AudioTrack::number)
                .filter(number -> number > 1)
                .toList();
        ProcessResult result = transcode(workspace, task, numbers, 0, 0.97);
        List<Integer> made = new ArrayList<>(result.succeeded() ? numbers : List.of());
        if (result.ending() == Ending.ERROR && numbers.size() > 1) {
            double share = 0.97 / numbers.size();
            for (int number : numbers) {
                ProcessResult alone = transcode(workspace, task, List.of(number), share * (number - 2), share);
                if (alone.succeeded()) {
                    made.add(number);
                } else if (alone.ending() != Ending.ERROR) {
                    return MediaOutcomes.failure(alone, DOING);
                }
            }
        }
        return made.isEmpty() ? MediaOutcomes.failure(result, DOING) : publish(workspace, made);
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

    private static StepOutcome publish(StepWorkspace workspace, List<Integer> numbers) throws InterruptedException {
        SegmentPublisher publisher = new SegmentPublisher(workspace);
        ObjectNode sounds = JSON.createObjectNode();
        for (int number : numbers) {
            String folder = AudioTrack.folder(number);
            MadeSound made = MadeSound.take(workspace, AudioCommand.file(number), folder, true);
            Sound sound = made.sound();
            if (!sound.pieces().isEmpty()) {
                publisher.add(folder, made);
                sounds.set(Integer.toString(number), JSON.valueToTree(sound));
            }
        }
        ObjectNode result = JSON.createObjectNode();
        result.set(EarlyPlayback.SOUNDS, sounds);
        return new StepOutcome.Succeeded(result, publisher.publish(), List.of(), Optional.empty());
    }
}
