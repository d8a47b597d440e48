package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.PackageCommand;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SubtitleTrack;
import dev.claimcheck.playback.AudioTrack;
import dev.claimcheck.playback.EarlyPlayback;
import dev.claimcheck.playback.Outline;
import dev.claimcheck.playback.Picture;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.playback.Verification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Puts the segments together, without encoding anything again: checks the seams, writes playlists and manifest, makes the fast-start MP4. */
public final class PackageStep implements StepHandler {
    private static final JsonMapper JSON = JsonMapper.shared();

    private final MediaProcesses processes;

    public PackageStep(MediaProcesses processes) {
        this.processes = processes;
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.05, "Packaging the download");
        List<JsonNode> results = workspace.results();
        Presentation presentation = EarlyPlayback.read(results.stream());
        SourceInfo source = SourceSpec.read(workspace);
        if (presentation.pieces().isEmpty()
                && TranscodedTracks.sounds(presentation, source).isEmpty()) {
            return nothing(source);
        }
        Optional<Picture.Track> best = presentation.renditions().stream().findFirst();
        if (best.isPresent() && presentation.pieces().isEmpty()) {
            return nothing(source);
        }
        List<String> unusable = StoredSegments.unusable(workspace, presentation);
        if (!unusable.isEmpty()) {
            return new StepOutcome.MadeBadly(
                    unusable,
                    new StepError(
                            "output_damaged",
                            "Parts of the finished video were lost or damaged in the storage. They are made again.",
                            unusable.size() + ", first " + unusable.getFirst()));
        }
        if (best.isPresent()) {
            TranscodedTracks.picture(presentation, best.get().name()).join(workspace, "v.mp4");
        }
        List<PackageCommand.Sound> sounds = new ArrayList<>();
        for (AudioTrack track : TranscodedTracks.sounds(presentation, source)) {
            String file = AudioCommand.file(track.number());
            TranscodedTracks.sound(presentation, track).join(workspace, file);
            sounds.add(new PackageCommand.Sound(file, track.language(), track.name()));
        }
        workspace.progress(0.5, "Packaging the download");
        ProcessResult result = processes.ffmpeg(
                PackageCommand.arguments(best.map(_ -> "v.mp4"), sounds, "download.mp4"),
                List.of(),
                workspace.scratch(),
                _ -> {});
        if (!result.succeeded()) {
            return MediaOutcomes.failure(result, "packaging the download");
        }
        SegmentPublisher publisher = new SegmentPublisher(workspace);
        Path file = workspace.scratch().resolve("download.mp4");
        publisher.addFile(
                best.isPresent() ? "download.mp4" : "download.m4a", file, best.isPresent() ? "video/mp4" : "audio/mp4");
        List<SubtitleTrack> subtitles = results.stream()
                .flatMap(one -> SubtitlesStep.tracks(one).stream())
                .toList();
        FinalPlaylists.add(publisher, presentation, source, subtitles);
        List<Output> outputs = publisher.publish();
        return new StepOutcome.Succeeded(result(presentation, source, results), outputs, List.of(), Optional.empty());
    }

    private static ObjectNode result(Presentation presentation, SourceInfo source, List<JsonNode> results) {
        OptionalInt expected = results.stream()
                .filter(result -> result.has(VideoPlanner.FRAMES))
                .mapToInt(result -> result.path(VideoPlanner.FRAMES).asInt())
                .reduce((_, later) -> later);
        ObjectNode result = JSON.createObjectNode();
        result.set("verification", new Verification(presentation, AudioTracks.of(source), expected).json());
        result.set(
                "outline",
                JSON.valueToTree(new Outline(
                        presentation.renditions().stream()
                                .map(Picture.Track::name)
                                .toList(),
                        presentation.pieces().size(),
                        true)));
        return result;
    }

    private static StepOutcome nothing(SourceInfo source) {
        return new StepOutcome.FailedForGood(new StepError(
                "no_frames",
                (source.video().isPresent()
                                ? "The video holds no picture that can be shown"
                                : "The file holds no sound that can be heard")
                        + ": it is damaged. Check that it plays on your computer and upload it again.",
                null));
    }
}
