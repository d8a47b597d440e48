package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.Product;
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
import dev.claimcheck.playback.Piece;
import dev.claimcheck.playback.Presentation;
import dev.claimcheck.playback.Verification;
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
    private static final String JOINED = "joined.mp4";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public PackageStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
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
        List<List<Output>> tracks = new ArrayList<>();
        best.ifPresent(picture -> tracks.add(
                TranscodedTracks.picture(presentation, picture.name()).objects(workspace)));
        List<PackageCommand.Sound> sounds = new ArrayList<>();
        for (AudioTrack track : TranscodedTracks.sounds(presentation, source)) {
            tracks.add(TranscodedTracks.sound(presentation, track).objects(workspace));
            sounds.add(new PackageCommand.Sound(AudioCommand.file(track.number()), track.language(), track.name()));
        }
        PackageCommand.Tracks named = new PackageCommand.Tracks(best.map(_ -> "v.mp4"), sounds);
        String target = best.isPresent() ? "download.mp4" : "download.m4a";
        ProductKey key = keys.download(target, named, tracks);
        Optional<Product> known =
                Optional.ofNullable(workspace.known(List.of(key.digest())).get(key.digest()));
        SegmentPublisher publisher = new SegmentPublisher(workspace);
        if (known.isEmpty()) {
            ProcessResult result = joined(workspace, tracks, named);
            if (!result.succeeded()) {
                return MediaOutcomes.failure(result, "packaging the download");
            }
            publisher.addFile(
                    target, workspace.scratch().resolve(JOINED), best.isPresent() ? "video/mp4" : "audio/mp4");
        }
        List<SubtitleTrack> subtitles = results.stream()
                .flatMap(one -> SubtitlesStep.tracks(one).stream())
                .toList();
        FinalPlaylists.add(publisher, presentation, source, subtitles);
        List<Output> outputs = new ArrayList<>(publisher.publish());
        List<Output> file =
                outputs.stream().filter(output -> output.path().equals(target)).toList();
        outputs.removeAll(file);
        Product download = known.orElseGet(() -> key.made(JSON.createObjectNode(), file));
        return new StepOutcome.Succeeded(result(presentation, source, results), outputs, List.of(download));
    }

    private ProcessResult joined(StepWorkspace workspace, List<List<Output>> tracks, PackageCommand.Tracks named)
            throws InterruptedException {
        List<String> files = named.files();
        for (int index = 0; index < tracks.size(); index++) {
            TrackFile.join(workspace, tracks.get(index), files.get(index));
        }
        workspace.progress(0.5, "Packaging the download");
        return processes.ffmpeg(named.arguments(JOINED), List.of(), workspace.scratch(), _ -> {});
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
                        presentation.pieces().stream()
                                .mapToDouble(Piece::seconds)
                                .max()
                                .orElse(0),
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
