package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.CmafTrack;
import dev.claimcheck.media.HlsPlaylists;
import dev.claimcheck.media.Ladder;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeCommand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes every rendition and the sound from one decode, and publishes them as HLS. */
public final class TranscodeStep implements StepHandler {
    private final MediaProcesses processes;

    public TranscodeStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        SourceInfo source = SourceSpec.read(workspace);
        List<Rendition> renditions = source.video().map(Ladder::of).orElseGet(List::of);
        String message = message(renditions);
        workspace.progress(0.001, message);
        ProcessResult result = processes.ffmpeg(
                TranscodeCommand.arguments(source, workspace.source(), renditions),
                List.of(workspace.source()),
                workspace.scratch(),
                progress -> workspace.progress(
                        0.97 * progress.outTime().toMillis() / 1000.0 / source.durationSeconds(), message));
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "transcoding");
        }
        workspace.progress(0.98, "Storing the results");
        return publish(workspace, source, renditions);
    }

    private static StepOutcome publish(StepWorkspace workspace, SourceInfo source, List<Rendition> renditions)
            throws InterruptedException {
        HlsPublisher publisher = new HlsPublisher(workspace);
        ObjectNode result = JsonMapper.shared().createObjectNode();
        Optional<CmafTrack> audio = source.audio()
                .map(_ -> split(workspace, TranscodeCommand.audioFile(), "audio", source.durationSeconds()));
        long audioPeak =
                audio.map(track -> HlsPlaylists.peakBitRate(track.segments())).orElse(0L);
        long audioAverage = audio.map(track -> HlsPlaylists.averageBitRate(track.segments()))
                .orElse(0L);
        audio.ifPresent(track -> publisher.add("hls/audio", track));
        audio.ifPresent(track -> result.put("audio_segments", track.segments().size()));
        List<HlsPlaylists.Variant> variants = new ArrayList<>();
        for (Rendition rendition : renditions) {
            CmafTrack track =
                    split(workspace, TranscodeCommand.videoFile(rendition), rendition.name(), source.durationSeconds());
            if (track.segments().isEmpty()) {
                return new StepOutcome.FailedForGood(new StepError(
                        "no_frames",
                        "The video holds no picture that can be shown: it is damaged. Check that it plays on your computer and upload it again.",
                        null));
            }
            publisher.add("hls/" + rendition.name(), track);
            variants.add(new HlsPlaylists.Variant(
                    rendition.name() + "/playlist.m3u8",
                    rendition,
                    track.codec(),
                    source.video().map(video -> Math.min(video.frameRate(), 60)).orElse(0.0),
                    HlsPlaylists.peakBitRate(track.segments()) + audioPeak,
                    HlsPlaylists.averageBitRate(track.segments()) + audioAverage));
            result.withArray("renditions")
                    .addObject()
                    .put("name", rendition.name())
                    .put("segments", track.segments().size());
        }
        publisher.addText(
                "hls/master.m3u8",
                variants.isEmpty()
                        ? HlsPlaylists.audioOnlyMaster(
                                audio.map(CmafTrack::codec).orElseThrow(), audioPeak, audioAverage)
                        : HlsPlaylists.master(variants, audio.map(CmafTrack::codec)));
        List<Output> outputs = publisher.publish();
        return new StepOutcome.Succeeded(result, outputs, List.of(), Optional.empty());
    }

    private static CmafTrack split(StepWorkspace workspace, String file, String folder, double endSeconds) {
        return CmafTrack.split(
                workspace.scratch().resolve(file),
                workspace.scratch().resolve("hls").resolve(folder),
                endSeconds);
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
