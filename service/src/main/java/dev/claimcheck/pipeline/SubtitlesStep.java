package dev.claimcheck.pipeline;

import dev.claimcheck.job.Output;
import dev.claimcheck.job.StepOutcome;
import dev.claimcheck.media.HlsSubtitles;
import dev.claimcheck.media.MediaProcesses;
import dev.claimcheck.media.ProcessResult;
import dev.claimcheck.media.ProcessResult.Ending;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.SourceInfo.SubtitleStream;
import dev.claimcheck.media.SourceInfo.VideoStream;
import dev.claimcheck.media.SubtitleCommand;
import dev.claimcheck.media.SubtitleReader;
import dev.claimcheck.media.SubtitleTrack;
import dev.claimcheck.media.WebVtt;
import dev.claimcheck.media.WebVtt.Cue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Offers embedded text subtitles as WebVTT: each as one file, and as an HLS rendition. Subtitles that are pictures are only named in the result. */
public final class SubtitlesStep implements StepHandler {
    private static final String PLAYLIST = "application/vnd.apple.mpegurl";

    private final MediaProcesses processes;
    private final ProductKeys keys;

    public SubtitlesStep(MediaProcesses processes) {
        this.processes = processes;
        this.keys = new ProductKeys(processes.tool());
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        workspace.progress(0.1, "Reading the subtitles");
        SourceInfo source = SourceSpec.read(workspace);
        double origin = source.video().map(VideoStream::startSeconds).orElse(0.0)
                + workspace.step().spec().path(Wish.CLIP_START).asDouble(0);
        ProductKey key = keys.subtitles(source, origin);
        Optional<StepOutcome> reused = key.reused(workspace);
        if (reused.isPresent()) {
            return reused.get();
        }
        List<SubtitleTrack.Source> tracks = SubtitleTrack.of(source.subtitles());
        Optional<ProcessResult> failure = extracted(workspace, source, tracks);
        if (failure.isPresent()) {
            return MediaOutcomes.failure(failure.get(), "reading the subtitles");
        }
        workspace.progress(0.7, "Storing the subtitles");
        ObjectNode result = JsonMapper.shared().createObjectNode();
        result.putArray("tracks");
        result.putArray("left_out");
        List<Callable<Output>> uploads = new ArrayList<>();
        for (SubtitleTrack.Source one : tracks) {
            String file = SubtitleCommand.file(one.stream());
            List<Cue> cues = ScratchFiles.size(workspace, file) == 0
                    ? List.of()
                    : SubtitleReader.read(
                            workspace.scratch().resolve(file),
                            one.stream().isStyled(),
                            origin,
                            source.durationSeconds());
            if (cues.isEmpty()) {
                leaveOut(result, one.stream(), "empty");
            } else {
                uploads.addAll(files(workspace, one.track(), cues, source.durationSeconds()));
                describe(result, one.track(), cues.size());
            }
        }
        source.subtitles().stream()
                .filter(stream -> tracks.stream().noneMatch(one -> one.stream().equals(stream)))
                .forEach(stream -> leaveOut(result, stream, stream.isText() ? "too_many" : "pictures"));
        return key.succeeded(result, SideBySide.run(uploads, "the subtitles cannot be stored"));
    }

    /** The tracks that a result of this step lists, for the master playlist. */
    static List<SubtitleTrack> tracks(JsonNode result) {
        return result.path("tracks")
                .valueStream()
                .map(track -> new SubtitleTrack(
                        track.path("id").asString(),
                        track.path("language").asString(),
                        track.path("name").asString(),
                        track.path("default").asBoolean(),
                        track.path("forced").asBoolean(),
                        track.path("hearing_impaired").asBoolean()))
                .toList();
    }

    /** All in one reading; where that fails for one of them, one by one, so that the others are kept. Gives what went wrong where nothing came. */
    private Optional<ProcessResult> extracted(
            StepWorkspace workspace, SourceInfo source, List<SubtitleTrack.Source> tracks) throws InterruptedException {
        List<SubtitleStream> streams =
                tracks.stream().map(SubtitleTrack.Source::stream).toList();
        ProcessResult together = extract(workspace, source, streams);
        if (together.succeeded() || together.ending() != Ending.ERROR || streams.size() == 1) {
            return Optional.of(together).filter(result -> !result.succeeded());
        }
        boolean any = false;
        for (SubtitleStream stream : streams) {
            ProcessResult alone = extract(workspace, source, List.of(stream));
            if (!alone.succeeded()) {
                ScratchFiles.remove(workspace, SubtitleCommand.file(stream));
            }
            any |= alone.succeeded();
        }
        return any ? Optional.empty() : Optional.of(together);
    }

    private ProcessResult extract(StepWorkspace workspace, SourceInfo source, List<SubtitleStream> streams)
            throws InterruptedException {
        return processes.ffmpeg(
                SubtitleCommand.arguments(source, workspace.source(), streams),
                List.of(workspace.source()),
                workspace.scratch(),
                _ -> {});
    }

    private static List<Callable<Output>> files(
            StepWorkspace workspace, SubtitleTrack track, List<Cue> cues, double seconds) {
        List<Callable<Output>> uploads = new ArrayList<>();
        List<HlsSubtitles.Segment> segments = HlsSubtitles.segments(seconds);
        add(uploads, workspace, track.path(), WebVtt.document(cues), WebVtt.CONTENT_TYPE);
        for (HlsSubtitles.Segment segment : segments) {
            add(
                    uploads,
                    workspace,
                    track.folder() + "/" + segment.name(),
                    WebVtt.segment(cues, segment.start(), segment.end()),
                    WebVtt.CONTENT_TYPE);
        }
        add(uploads, workspace, track.playlist(), HlsSubtitles.media(segments), PLAYLIST);
        return uploads;
    }

    private static void add(
            List<Callable<Output>> uploads, StepWorkspace workspace, String path, String text, String contentType) {
        Path file = ScratchFiles.write(workspace, path.replace('/', '_'), text);
        uploads.add(() -> workspace.publish(path, file, contentType));
    }

    private static void describe(ObjectNode result, SubtitleTrack track, int cues) {
        result.withArray("tracks")
                .addObject()
                .put("id", track.id())
                .put("language", track.language())
                .put("name", track.name())
                .put("default", track.byDefault())
                .put("forced", track.forced())
                .put("hearing_impaired", track.hearingImpaired())
                .put("path", track.path())
                .put("playlist", track.playlist())
                .put("cues", cues);
    }

    private static void leaveOut(ObjectNode result, SubtitleStream stream, String why) {
        result.withArray("left_out")
                .addObject()
                .put("stream", stream.index())
                .put("codec", stream.codec())
                .put("reason", why);
    }
}
