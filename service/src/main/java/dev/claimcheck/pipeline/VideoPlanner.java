package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Ladder;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Profiles;
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
public final class VideoPlanner {
    /** Sources up to that long are read whole at once: about 0.2 s of work. */
    private static final double READ_AT_ONCE = 120;

    /** In the result: frames that must come out. */
    static final String FRAMES = "frames";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final TimelineScan scan;
    private final Profiles profiles;

    public VideoPlanner(TimelineScan scan, Profiles profiles) {
        this.scan = scan;
        this.profiles = profiles;
    }

    /**
     * What to do.
     *
     * @param result of the planning step
     */
    record Plan(List<PlannedStep> steps, JsonNode result) {}

    /** Plans all of the job, or its beginning and the step that plans the rest. */
    Plan plan(SourceInfo source, StepWorkspace workspace) throws InterruptedException {
        Profile profile = profile(workspace);
        if (source.video().isEmpty() || !profile.hasVideo()) {
            return new Plan(PipelinePlanner.inOneGo(source, profile), JSON.createObjectNode());
        }
        boolean isShort = source.durationSeconds() <= READ_AT_ONCE;
        Optional<ChunkPlan.Whole> reason = ChunkPlan.reasonForOneGo(source);
        if (reason.isPresent() && !isShort) {
            return inOneGo(source, profile, reason.get(), Optional.empty());
        }
        Timeline timeline = capped(
                source,
                isShort
                        ? scan.whole(source, workspace.source(), workspace.scratch())
                        : scan.beginning(source, workspace.source(), workspace.scratch(), ChunkPlan.INTRO_SECONDS + 4));
        reason = reason.or(() -> ChunkPlan.reasonForOneGo(timeline));
        List<Chunk> chunks = timeline.flaw().isEmpty() ? ChunkPlan.chunks(timeline) : List.of();
        if (reason.isPresent() || chunks.size() <= ChunkPlan.INTRO_CHUNKS) {
            return inOneGo(
                    source,
                    profile,
                    reason.orElse(ChunkPlan.Whole.SHORT),
                    isShort ? Optional.of(timeline) : Optional.empty());
        }
        return isShort
                ? new Plan(
                        new ChunkedSteps(source, profile, timeline).all(chunks),
                        result(source, profile, pieces(chunks), Optional.of(timeline), "chunks"))
                : new Plan(
                        new ChunkedSteps(source, profile, timeline).beginningWithIndex(chunks),
                        result(source, profile, 0, Optional.empty(), "index"));
    }

    /** Plans what {@link #plan} left open. */
    Plan planRest(SourceInfo source, StepWorkspace workspace) throws InterruptedException {
        Profile profile = profile(workspace);
        Timeline timeline = capped(source, scan.whole(source, workspace.source(), workspace.scratch()));
        Optional<ChunkPlan.Whole> reason = ChunkPlan.reasonForOneGo(timeline);
        if (reason.isPresent()) {
            return new Plan(
                    new ChunkedSteps(source, profile, timeline).restInOneGo(),
                    result(
                            source,
                            profile,
                            0,
                            Optional.of(timeline),
                            reason.get().name().toLowerCase(Locale.ROOT)));
        }
        List<Chunk> chunks = ChunkPlan.chunks(timeline);
        return new Plan(
                new ChunkedSteps(source, profile, timeline).rest(chunks),
                result(source, profile, pieces(chunks), Optional.of(timeline), "chunks"));
    }

    private static Plan inOneGo(
            SourceInfo source, Profile profile, ChunkPlan.Whole reason, Optional<Timeline> timeline) {
        return new Plan(
                PipelinePlanner.inOneGo(source, profile),
                result(source, profile, 0, timeline, reason.name().toLowerCase(Locale.ROOT)));
    }

    /** @param cut {@code chunks}, {@code index} where that will say, or why the source is made in one go */
    private static JsonNode result(
            SourceInfo source, Profile profile, int pieces, Optional<Timeline> timeline, String cut) {
        List<String> ladder = Ladder.of(source.video().orElseThrow(), profile).stream()
                .map(Rendition::name)
                .toList();
        ObjectNode result = JSON.createObjectNode().put("cut", cut);
        result.set("outline", JSON.valueToTree(new Outline(ladder, pieces, false)));
        timeline.filter(known -> known.flaw().isEmpty()).ifPresent(known -> result.put(FRAMES, known.frames()));
        return result;
    }

    private static Timeline capped(SourceInfo source, Timeline timeline) {
        return VideoFilters.isThinnedOut(source.video().orElseThrow())
                ? timeline.capped(VideoFilters.MOST_FRAMES_PER_SECOND)
                : timeline;
    }

    private static int pieces(List<Chunk> chunks) {
        return chunks.stream().mapToInt(chunk -> chunk.segments().size()).sum();
    }

    /** Whether the profile that the job asks for is still configured. */
    boolean knowsProfile(StepWorkspace workspace) {
        return profiles.find(workspace.step().profile()).isPresent();
    }

    private Profile profile(StepWorkspace workspace) {
        return profiles.find(workspace.step().profile()).orElseThrow();
    }
}
