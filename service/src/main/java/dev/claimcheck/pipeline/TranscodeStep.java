package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
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
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes segments: of a chunk or of all of the picture, in every size from one decode, and of the sound. Their outputs are what players fetch. */
public final class TranscodeStep implements StepHandler {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final MediaProcesses processes;

    public TranscodeStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        TranscodeTask task = TaskSpec.read(workspace);
        String message = message(task.renditions());
        workspace.progress(0.001, message);
        ProcessResult result = transcode(workspace, task, message);
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "transcoding");
        }
        MadeSegments made = MadeSegments.take(workspace, task, false);
        if (!made.isAsPlanned()
                && task.chunk().filter(chunk -> chunk.seekSeconds() >= 0).isPresent()) {
            // Seeking may be at fault: what is read from the start is right, or as right as the source is.
            TranscodeTask slowly = task.readFromStart();
            result = transcode(workspace, slowly, message);
            if (!result.succeeded()) {
                return MediaOutcomes.failure(result, "transcoding");
            }
            made = MadeSegments.take(workspace, slowly, true);
        }
        workspace.progress(0.98, "Storing the results");
        return publish(workspace, task, made);
    }

    private ProcessResult transcode(StepWorkspace workspace, TranscodeTask task, String message)
            throws InterruptedException {
        double start =
                task.chunk().map(chunk -> chunk.segments().getFirst().start()).orElse(0.0);
        double seconds = task.chunk().map(Chunk::seconds).orElse(task.source().durationSeconds());
        return processes.ffmpeg(
                TranscodeCommand.arguments(task, workspace.source(), workspace.watermark()),
                Stream.concat(Stream.of(workspace.source()), workspace.watermark().stream())
                        .toList(),
                workspace.scratch(),
                progress -> workspace.progress(0.97 * (outSeconds(progress) - start) / seconds, message));
    }

    private static double outSeconds(FfmpegProgress progress) {
        return progress.outTime().toMillis() / 1000.0;
    }

    private static StepOutcome publish(StepWorkspace workspace, TranscodeTask task, MadeSegments made)
            throws InterruptedException {
        SegmentPublisher publisher = new SegmentPublisher(workspace);
        ObjectNode result = JSON.createObjectNode();
        if (!task.renditions().isEmpty()) {
            Picture picture = made.picture();
            for (int index = 0; index < task.renditions().size(); index++) {
                publisher.add(
                        task.renditions().get(index).name(),
                        made.tracks().get(index),
                        picture.pieces(),
                        made.files(index));
            }
            result.set("picture", JSON.valueToTree(picture));
        }
        made.sound().ifPresent(sound -> {
            publisher.add(AudioTrack.folder(1), sound);
            result.set("sound", JSON.valueToTree(sound.sound()));
        });
        if (made.isIntro() && task.chunk().orElseThrow().opens()) {
            publisher.addText(
                    EarlyPlayback.MASTER,
                    EarlyMaster.of(
                            task, TaskSpec.ladder(workspace), made.sound().map(MadeSound::sound)));
        }
        List<Output> outputs = publisher.publish();
        return new StepOutcome.Succeeded(result, outputs, List.of(), Optional.empty());
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
}
