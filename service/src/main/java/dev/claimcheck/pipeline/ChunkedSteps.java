package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Ladder;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.Timeline;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans the steps of one source that is cut. Pure.
 *
 * <pre>
 *  metadata ─▶ transcode/000 (first seconds, lowest size, their sound: playable) ─┬▶ transcode/001 (a few more of them)
 *                                                                                 ├▶ audio (all of it)
 *                                                                                 ├▶ index (long sources only) ─┐ plans
 *                                                                                 └▶ transcode/002 …  ◀─────────┘
 * </pre>
 *
 * The last transcode makes the other sizes of the first seconds. What makes the video playable has the machine for itself.
 */
final class ChunkedSteps {
    private final SourceInfo source;
    private final Profile profile;
    private final double origin;
    private final List<Rendition> ladder;

    ChunkedSteps(SourceInfo source, Profile profile, Timeline timeline) {
        this.source = source;
        this.profile = profile;
        this.origin = timeline.originSeconds();
        this.ladder = Ladder.of(source.video().orElseThrow(), profile);
    }

    /** A source all of whose chunks are known. */
    List<PlannedStep> all(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>(beginning(chunks));
        List<String> made = madeByBeginning();
        addChunks(steps, chunks, PipelinePlanner.transcode(0), made);
        PipelinePlanner.addEnding(steps, source, made, List.of());
        return steps;
    }

    /** A long source, of which only the first chunks are known: the index, once it is there, plans the rest. */
    List<PlannedStep> beginningWithIndex(List<Chunk> intro) {
        List<PlannedStep> steps = new ArrayList<>(beginning(intro));
        ObjectNode spec = JsonMapper.shared().createObjectNode();
        spec.setAll((ObjectNode) SourceSpec.write(source));
        spec.put(
                PipelinePlanner.PLANS_COST,
                StepCost.ofTranscode(TranscodeTask.inOneGo(source, profile), source.durationSeconds()));
        steps.add(new PlannedStep(
                PipelinePlanner.INDEX,
                PipelinePlanner.INDEX,
                QueueName.METADATA,
                true,
                List.of(PipelinePlanner.transcode(0)),
                StepCost.LIGHT + source.durationSeconds() * 0.002,
                spec));
        return steps;
    }

    /** What the index adds. */
    List<PlannedStep> rest(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>();
        List<String> made = madeByBeginning();
        addChunks(steps, chunks, PipelinePlanner.INDEX, made);
        PipelinePlanner.addEnding(steps, source, made, List.of(PipelinePlanner.THUMBNAIL));
        return steps;
    }

    /** What the index adds where it finds that the source had better not be cut: the picture once more, all of it. */
    List<PlannedStep> restInOneGo() {
        TranscodeTask task =
                new TranscodeTask(source, profile, Optional.empty(), ladder, TranscodeTask.Sound.NONE, origin);
        String name = PipelinePlanner.transcode(ChunkPlan.INTRO_CHUNKS);
        List<String> made = madeByBeginning();
        made.add(name);
        List<PlannedStep> steps = new ArrayList<>();
        steps.add(PipelinePlanner.transcode(
                name, PipelinePlanner.TRANSCODE, PipelinePlanner.INDEX, task, TaskSpec.write(task)));
        PipelinePlanner.addEnding(steps, source, made, List.of(PipelinePlanner.THUMBNAIL));
        return steps;
    }

    /** The intro at the lowest size, the sound and the poster. */
    private List<PlannedStep> beginning(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>();
        boolean sound = source.audio().isPresent();
        for (int number = 0; number < ChunkPlan.INTRO_CHUNKS; number++) {
            TranscodeTask task = new TranscodeTask(
                    source,
                    profile,
                    Optional.of(chunks.get(number)),
                    List.of(ladder.getLast()),
                    number == 0 && sound ? TranscodeTask.Sound.INTRO : TranscodeTask.Sound.NONE,
                    origin);
            steps.add(PipelinePlanner.transcode(
                    PipelinePlanner.transcode(number),
                    PipelinePlanner.TRANSCODE,
                    number == 0 ? PipelinePlanner.METADATA : PipelinePlanner.transcode(0),
                    task,
                    TaskSpec.write(task, ladder)));
        }
        if (sound) {
            TranscodeTask task =
                    new TranscodeTask(source, profile, Optional.empty(), List.of(), TranscodeTask.Sound.WHOLE, origin);
            steps.add(PipelinePlanner.transcode(
                    PipelinePlanner.AUDIO,
                    PipelinePlanner.AUDIO,
                    PipelinePlanner.transcode(0),
                    task,
                    TaskSpec.write(task)));
        }
        PipelinePlanner.addThumbnail(steps, source);
        return steps;
    }

    /** The chunks behind the intro, in order; then what the intro lacks: nobody waits for that. */
    private void addChunks(List<PlannedStep> steps, List<Chunk> chunks, String need, List<String> made) {
        int number = ChunkPlan.INTRO_CHUNKS;
        for (Chunk chunk : chunks.subList(ChunkPlan.INTRO_CHUNKS, chunks.size())) {
            addChunk(steps, chunk, ladder, number++, need, made);
        }
        if (ladder.size() > 1) {
            Chunk opening = ChunkPlan.opening(chunks.subList(0, ChunkPlan.INTRO_CHUNKS));
            addChunk(steps, opening, ladder.subList(0, ladder.size() - 1), number, need, made);
        }
    }

    private void addChunk(
            List<PlannedStep> steps,
            Chunk chunk,
            List<Rendition> renditions,
            int number,
            String need,
            List<String> made) {
        TranscodeTask task =
                new TranscodeTask(source, profile, Optional.of(chunk), renditions, TranscodeTask.Sound.NONE, origin);
        String name = PipelinePlanner.transcode(number);
        steps.add(PipelinePlanner.transcode(name, PipelinePlanner.TRANSCODE, need, task, TaskSpec.write(task)));
        made.add(name);
    }

    private List<String> madeByBeginning() {
        List<String> made = new ArrayList<>();
        for (int number = 0; number < ChunkPlan.INTRO_CHUNKS; number++) {
            made.add(PipelinePlanner.transcode(number));
        }
        if (source.audio().isPresent()) {
            made.add(PipelinePlanner.AUDIO);
        }
        return made;
    }
}
