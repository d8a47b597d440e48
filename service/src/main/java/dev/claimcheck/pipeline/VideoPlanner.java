package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Timeline;
import dev.claimcheck.media.TimelineScan;
import dev.claimcheck.media.VideoFilters;
import dev.claimcheck.playback.Outline;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Decides whether a source is cut into chunks, and where. Of a long source only the beginning is looked at first, so that it is playable as soon as a short one; a later step
 * reads the rest. Thread-safe.
 */
final class VideoPlanner {
    /** Sources up to that long are read whole at once: about 0.2 s of work. */
    private static final double READ_AT_ONCE = 120;

    /** In the result: frames that must come out. */
    static final String FRAMES = "frames";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final TimelineScan scan;
    private final PictureSteps pictures;

    VideoPlanner(TimelineScan scan, PictureSteps pictures) {
        this.scan = scan;
        this.pictures = pictures;
    }

    /**
     * What to do.
     *
     * @param result of the planning step
     * @param opening the step that everything else which is heavy waits for
     */
    record Plan(List<PlannedStep> steps, JsonNode result, String opening) {}

    /** Plans all of the job, or its beginning and the step that plans the rest. */
    Plan plan(Wish wish, StepWorkspace workspace) throws InterruptedException {
        SourceInfo source = wish.source();
        double usualOrigin = wish.task().originSeconds();
        if (wish.task().renditions().isEmpty()) {
            return new Plan(
                    PipelinePlanner.inOneGo(wish, pictures, Optional.empty(), usualOrigin),
                    JSON.createObjectNode(),
                    PipelinePlanner.METADATA);
        }
        Optional<ChunkPlan.Whole> reason = ChunkPlan.reasonForOneGo(source);
        // Where a clip begins is only found by reading up to there.
        boolean isReadAtOnce = source.durationSeconds() <= READ_AT_ONCE || wish.isClip();
        if (reason.isPresent() && !isReadAtOnce) {
            return inOneGo(wish, reason.get(), Optional.empty(), usualOrigin);
        }
        Timeline timeline = isReadAtOnce
                ? timeline(wish, workspace)
                : capped(
                        source,
                        scan.beginning(source, workspace.source(), workspace.scratch(), ChunkPlan.INTRO_SECONDS + 4));
        if (timeline.flaw().isPresent()) {
            return inOneGo(wish, ChunkPlan.Whole.TIMES, Optional.empty(), usualOrigin);
        }
        reason = reason.or(() -> ChunkPlan.reasonForOneGo(timeline));
        List<Chunk> chunks = ChunkPlan.chunks(timeline, wish.profile().video());
        if (reason.isPresent() || chunks.size() <= ChunkPlan.INTRO_CHUNKS) {
            return inOneGo(
                    wish,
                    reason.orElse(ChunkPlan.Whole.SHORT),
                    Optional.of(timeline).filter(_ -> isReadAtOnce),
                    usualOrigin);
        }
        ChunkedSteps steps = new ChunkedSteps(wish, pictures, timeline);
        return isReadAtOnce
                ? new Plan(
                        steps.all(chunks),
                        result(wish, chunks, Optional.of(timeline), "chunks"),
                        PipelinePlanner.transcode(0))
                : new Plan(
                        steps.beginningWithIndex(chunks),
                        result(wish, List.of(), Optional.empty(), "index"),
                        PipelinePlanner.transcode(0));
    }

    /** Plans what {@link #plan} left open. */
    Plan planRest(Wish wish, StepWorkspace workspace) throws InterruptedException {
        Timeline timeline = timeline(wish, workspace);
        ChunkedSteps steps = new ChunkedSteps(wish, pictures, timeline);
        Optional<ChunkPlan.Whole> reason = ChunkPlan.reasonForOneGo(timeline);
        if (reason.isPresent()) {
            return new Plan(
                    steps.restInOneGo(),
                    result(wish, List.of(), Optional.of(timeline), text(reason.get())),
                    PipelinePlanner.INDEX);
        }
        List<Chunk> chunks = ChunkPlan.chunks(timeline, wish.profile().video());
        return new Plan(
                steps.rest(chunks), result(wish, chunks, Optional.of(timeline), "chunks"), PipelinePlanner.INDEX);
    }

    /** A clip is cut by its frames also where it is made in one go. */
    private Plan inOneGo(Wish wish, ChunkPlan.Whole reason, Optional<Timeline> timeline, double usualOrigin) {
        Optional<Timeline> exact = timeline.filter(_ -> wish.isClip());
        return new Plan(
                PipelinePlanner.inOneGo(
                        wish,
                        pictures,
                        exact.map(ChunkPlan::single),
                        exact.map(Timeline::originSeconds).orElse(usualOrigin)),
                result(wish, List.of(), timeline, text(reason)),
                PipelinePlanner.METADATA);
    }

    private Timeline timeline(Wish wish, StepWorkspace workspace) throws InterruptedException {
        Timeline whole = scan.whole(wish.source(), workspace.source(), workspace.scratch());
        Timeline wanted = wish.isClip()
                ? whole.clipped(
                        wish.clipStart(), wish.clipStart() + wish.source().durationSeconds())
                : whole;
        return capped(wish.source(), wanted);
    }

    private static Timeline capped(SourceInfo source, Timeline timeline) {
        return VideoFilters.isThinnedOut(source.video().orElseThrow())
                ? timeline.capped(VideoFilters.MOST_FRAMES_PER_SECOND)
                : timeline;
    }

    /**
     * @param chunks all of them; none where they are not known yet, or there is none
     * @param cut {@code chunks}, {@code index} where that will say, or why the source is made in one go
     */
    private static JsonNode result(Wish wish, List<Chunk> chunks, Optional<Timeline> timeline, String cut) {
        List<String> ladder =
                wish.task().renditions().stream().map(Rendition::name).toList();
        ObjectNode result = JSON.createObjectNode().put("cut", cut);
        List<Chunk.Segment> pieces =
                chunks.stream().flatMap(chunk -> chunk.segments().stream()).toList();
        double longest =
                pieces.stream().mapToDouble(Chunk.Segment::seconds).max().orElse(0);
        result.set("outline", JSON.valueToTree(new Outline(ladder, pieces.size(), longest, false)));
        timeline.filter(known -> known.flaw().isEmpty()).ifPresent(known -> result.put(FRAMES, known.frames()));
        return result;
    }

    private static String text(ChunkPlan.Whole reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }
}
