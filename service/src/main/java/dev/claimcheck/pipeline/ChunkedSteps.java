package dev.claimcheck.pipeline;

import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.AudioCommand;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.ChunkPlan;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.Timeline;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * Plans the steps of one source that is cut. Pure.
 *
 * <pre>
 *  metadata ─┬▶ transcode/000 (first seconds, lowest size, their sound: playable) ─▶ index (long sources only) ─┐ plans
 *            ├▶ transcode/001 (a few more of them)                                                              │
 *            ├▶ audio/beginning (minutes of long sources), audio (all of it)                                    │
 *            └▶ transcode/002 …  ◀──────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 *
 * Steps are taken in this order, so that what makes the video playable is begun first; but no worker stands idle until it is done. What makes the other sizes of the first seconds comes late, but before the chunks that get shorter towards the end.
 */
final class ChunkedSteps {
    /** The index of a source of as many seconds is about a second of work: it is made beside the first seconds. That of a longer one would hold them up. */
    private static final double QUICK_INDEX = 600;

    private final Wish wish;
    private final PictureSteps pictures;
    private final TranscodeTask whole;
    private final List<Rendition> ladder;

    ChunkedSteps(Wish wish, PictureSteps pictures, Timeline timeline) {
        this.wish = wish;
        this.pictures = pictures;
        this.whole = wish.task().from(timeline.originSeconds());
        this.ladder = whole.renditions();
    }

    /** A source all of whose chunks are known. */
    List<PlannedStep> all(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>(beginning(chunks));
        List<String> made = madeByBeginning();
        addChunks(steps, chunks, PipelinePlanner.METADATA, made);
        PipelinePlanner.otherAudio(whole, PipelinePlanner.METADATA).ifPresent(steps::add);
        PipelinePlanner.addEnding(steps, wish, pictures, made, sheets(chunks), List.of());
        return steps;
    }

    /** A long source, of which only the first chunks are known: the index, once it is there, plans the rest. */
    List<PlannedStep> beginningWithIndex(List<Chunk> intro) {
        List<PlannedStep> steps = new ArrayList<>(beginning(intro));
        double seconds = wish.source().durationSeconds();
        ObjectNode spec = (ObjectNode) wish.spec();
        spec.put(PipelinePlanner.PLANS_COST, StepCost.ofTranscode(whole, seconds));
        steps.add(new PlannedStep(
                PipelinePlanner.INDEX,
                PipelinePlanner.INDEX,
                QueueName.METADATA,
                true,
                List.of(seconds <= QUICK_INDEX ? PipelinePlanner.METADATA : PipelinePlanner.transcode(0)),
                StepCost.LIGHT + seconds * 0.002,
                spec));
        return steps;
    }

    /** What the index adds. */
    List<PlannedStep> rest(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>();
        List<String> made = madeByBeginning();
        addChunks(steps, chunks, PipelinePlanner.INDEX, made);
        PipelinePlanner.otherAudio(whole, PipelinePlanner.INDEX).ifPresent(steps::add);
        PipelinePlanner.addEnding(steps, wish, pictures, made, sheets(chunks), fromSource());
        return steps;
    }

    /** What the index adds where it finds that the source had better not be cut: the picture once more, all of it. */
    List<PlannedStep> restInOneGo() {
        TranscodeTask task = whole.of(Optional.empty(), ladder, TranscodeTask.Sound.NONE);
        String name = PipelinePlanner.transcode(ChunkPlan.INTRO_CHUNKS);
        List<String> made = madeByBeginning();
        made.add(name);
        List<PlannedStep> steps = new ArrayList<>();
        steps.add(PipelinePlanner.transcode(
                name, PipelinePlanner.TRANSCODE, PipelinePlanner.INDEX, task, TaskSpec.write(task)));
        PipelinePlanner.otherAudio(whole, PipelinePlanner.INDEX).ifPresent(steps::add);
        PipelinePlanner.addEnding(steps, wish, pictures, made, List.of(), fromSource());
        return steps;
    }

    /** The intro at the lowest size, the sound and the poster. */
    private List<PlannedStep> beginning(List<Chunk> chunks) {
        List<PlannedStep> steps = new ArrayList<>();
        boolean sound = wish.source().audio().isPresent();
        for (int number = 0; number < ChunkPlan.INTRO_CHUNKS; number++) {
            TranscodeTask task = whole.of(
                    Optional.of(chunks.get(number)),
                    List.of(ladder.getLast()),
                    number == 0 && sound ? TranscodeTask.Sound.INTRO : TranscodeTask.Sound.NONE);
            steps.add(PipelinePlanner.transcode(
                    PipelinePlanner.transcode(number),
                    PipelinePlanner.TRANSCODE,
                    PipelinePlanner.METADATA,
                    task,
                    TaskSpec.write(task, ladder)));
        }
        if (hasLongSound()) {
            steps.add(sound(PipelinePlanner.AUDIO_BEGINNING, TranscodeTask.Sound.BEGINNING));
        }
        if (sound) {
            steps.add(sound(PipelinePlanner.AUDIO, TranscodeTask.Sound.WHOLE));
        }
        steps.addAll(fromSource());
        return steps;
    }

    private PlannedStep sound(String name, TranscodeTask.Sound howMuch) {
        TranscodeTask task = whole.of(Optional.empty(), List.of(), howMuch);
        return PipelinePlanner.transcode(
                name, PipelinePlanner.AUDIO, PipelinePlanner.METADATA, task, TaskSpec.write(task));
    }

    private boolean hasLongSound() {
        return wish.source().audio().isPresent()
                && AudioCommand.hasBeginning(wish.source().durationSeconds());
    }

    /** The chunks behind the intro, in order. Among them, late, what the intro lacks: nobody waits for that, but as the very last it would keep one worker busy when the others have nothing left. */
    private void addChunks(List<PlannedStep> steps, List<Chunk> chunks, String need, List<String> made) {
        int tail = ChunkPlan.tail(chunks);
        for (int number = ChunkPlan.INTRO_CHUNKS; number < chunks.size(); number++) {
            if (number == tail) {
                addRestOfIntro(steps, chunks, need, made);
            }
            addChunk(steps, chunks.get(number), ladder, number, need, made);
        }
        if (tail == chunks.size()) {
            addRestOfIntro(steps, chunks, need, made);
        }
    }

    private void addRestOfIntro(List<PlannedStep> steps, List<Chunk> chunks, String need, List<String> made) {
        if (ladder.size() == 1) {
            return;
        }
        List<Rendition> others = ladder.subList(0, ladder.size() - 1);
        int number = chunks.size();
        for (Chunk intro : chunks.subList(0, ChunkPlan.INTRO_CHUNKS).reversed()) {
            addChunk(steps, intro, others, number++, need, made);
        }
    }

    private void addChunk(
            List<PlannedStep> steps,
            Chunk chunk,
            List<Rendition> renditions,
            int number,
            String need,
            List<String> made) {
        TranscodeTask task = whole.of(Optional.of(chunk), renditions, TranscodeTask.Sound.NONE);
        String name = PipelinePlanner.transcode(number);
        steps.add(PipelinePlanner.transcode(name, PipelinePlanner.TRANSCODE, need, task, TaskSpec.write(task)));
        made.add(name);
    }

    /** The lowest size of chunk N is made by step N: also of the intro. */
    private List<PlannedStep> sheets(List<Chunk> chunks) {
        Map<String, Chunk> made = new LinkedHashMap<>();
        for (int number = 0; number < chunks.size(); number++) {
            made.put(PipelinePlanner.transcode(number), chunks.get(number));
        }
        return pictures.sheets(wish.source(), wish.spec(), made);
    }

    private List<PlannedStep> fromSource() {
        return pictures.fromSource(wish.source(), wish.spec(), PipelinePlanner.METADATA);
    }

    private List<String> madeByBeginning() {
        List<String> made = new ArrayList<>();
        for (int number = 0; number < ChunkPlan.INTRO_CHUNKS; number++) {
            made.add(PipelinePlanner.transcode(number));
        }
        if (hasLongSound()) {
            made.add(PipelinePlanner.AUDIO_BEGINNING);
        }
        if (wish.source().audio().isPresent()) {
            made.add(PipelinePlanner.AUDIO);
        }
        return made;
    }
}
