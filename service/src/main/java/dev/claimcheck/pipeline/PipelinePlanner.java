package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans the steps of a job: a small DAG, made after the probe. Pure. */
public final class PipelinePlanner {
    /** In the first step's specification: whether the content's SHA-256 is still to be computed, and what that must be. Also the step that does so for a large source. */
    static final String FINGERPRINT = "fingerprint";

    static final String EXPECTED_SHA256 = "expected_sha256";

    static final String METADATA = "metadata";
    static final String INDEX = "index";
    static final String TRANSCODE = "transcode";
    static final String AUDIO = "audio";
    static final String AUDIO_BEGINNING = "audio/beginning";
    static final String OTHER_AUDIO = "other_audio";
    static final String THUMBNAIL = "thumbnail";
    static final String PACKAGE = "package";
    static final String FINISH = "finish";

    /** In a step's specification: predicted compute-seconds of what it will plan itself. */
    static final String PLANS_COST = "plans_cost";

    private PipelinePlanner() {}

    /** The step that every job starts with: it looks at the source and plans the rest. */
    public static PlannedStep first() {
        return first(JsonMapper.shared().createObjectNode());
    }

    /**
     * The first step of a job whose bytes came in a way that left no time to hash them: that is done too.
     *
     * @param expected the SHA-256 that the uploader announced
     */
    public static PlannedStep firstWithFingerprint(Optional<Digest> expected) {
        ObjectNode spec = JsonMapper.shared().createObjectNode().put(FINGERPRINT, true);
        expected.ifPresent(digest -> spec.put(EXPECTED_SHA256, digest.hex()));
        return first(spec);
    }

    private static PlannedStep first(ObjectNode spec) {
        return new PlannedStep(METADATA, METADATA, QueueName.METADATA, true, List.of(), StepCost.LIGHT, spec);
    }

    /**
     * All of a source in one step.
     *
     * @param chunk the same as a chunk, where that is known: it is cut exactly by that
     */
    static List<PlannedStep> inOneGo(Wish wish, PictureSteps pictures, Optional<Chunk> chunk, double origin) {
        TranscodeTask whole = wish.task().from(origin);
        TranscodeTask task = whole.of(chunk, whole.renditions(), whole.sound());
        boolean picture = !task.renditions().isEmpty();
        String name = picture ? transcode(0) : AUDIO;
        List<PlannedStep> steps = new ArrayList<>();
        steps.add(transcode(name, picture ? TRANSCODE : AUDIO, METADATA, task, TaskSpec.write(task)));
        steps.addAll(pictures.fromSource(wish.source(), wish.spec(), METADATA));
        otherAudio(whole, METADATA).ifPresent(steps::add);
        addEnding(steps, wish, pictures, List.of(name), List.of(), List.of());
        return steps;
    }

    /**
     * What comes when everything has been made. Packaging only copies: it waits in the light queue, never behind transcodes.
     *
     * @param sheets of the storyboard, which have steps of their own where the picture is made in chunks
     * @param plannedBefore optional steps of an earlier plan, which the end waits for too
     */
    static void addEnding(
            List<PlannedStep> steps,
            Wish wish,
            PictureSteps pictures,
            List<String> made,
            List<PlannedStep> sheets,
            List<PlannedStep> plannedBefore) {
        double seconds = wish.source().durationSeconds();
        boolean picture = !wish.task().renditions().isEmpty();
        steps.addAll(pictures.fromSegments(wish.source(), picture, wish.spec(), made, sheets));
        List<String> results = new ArrayList<>(List.of(PACKAGE));
        Stream.concat(plannedBefore.stream(), steps.stream())
                .filter(step -> !step.required())
                .forEach(step -> results.add(step.name()));
        steps.add(new PlannedStep(
                PACKAGE,
                PACKAGE,
                QueueName.METADATA,
                true,
                packaged(made, results),
                StepCost.LIGHT + seconds * 0.002,
                wish.spec()));
        steps.add(new PlannedStep(FINISH, FINISH, QueueName.METADATA, true, results, StepCost.LIGHT / 4, wish.spec()));
    }

    /** The master playlist names the subtitles and every track of the sound, so it waits for them. */
    private static List<String> packaged(List<String> made, List<String> optional) {
        return Stream.concat(
                        made.stream(),
                        Stream.of(PictureSteps.SUBTITLES, OTHER_AUDIO).filter(optional::contains))
                .toList();
    }

    /**
     * The step that makes the tracks of the sound besides the default one, where there are any. To be planned behind the picture: they are wanted last. Optional: a video whose other tracks
     * cannot be decoded is a video nevertheless.
     */
    static Optional<PlannedStep> otherAudio(TranscodeTask whole, String need) {
        int others = AudioTracks.of(whole.source()).size() - 1;
        if (others < 1) {
            return Optional.empty();
        }
        TranscodeTask task = whole.of(Optional.empty(), List.of(), TranscodeTask.Sound.WHOLE);
        return Optional.of(new PlannedStep(
                OTHER_AUDIO,
                OTHER_AUDIO,
                QueueName.VIDEO_PROCESSING,
                false,
                List.of(need),
                StepCost.ofTranscode(task, whole.source().durationSeconds() * others),
                TaskSpec.write(task)));
    }

    static PlannedStep transcode(String name, String kind, String need, TranscodeTask task, JsonNode spec) {
        double seconds = task.chunk().map(Chunk::seconds).orElse(task.source().durationSeconds());
        return new PlannedStep(
                name,
                kind,
                QueueName.VIDEO_PROCESSING,
                true,
                List.of(need),
                StepCost.ofTranscode(task, seconds),
                spec,
                work(task));
    }

    /** How quick a transcode is depends on what is decoded, how large it is, and what encodes it. */
    private static String work(TranscodeTask task) {
        return task.source()
                .video()
                .filter(_ -> !task.renditions().isEmpty())
                .map(video -> video.codec() + "/" + Math.min(video.codedWidth(), video.codedHeight()) + "/"
                        + task.profile().video().encoder())
                .orElseGet(
                        () -> task.source().audio().map(audio -> audio.codec()).orElse(""));
    }

    static String transcode(int number) {
        return String.format(Locale.ROOT, "%s/%03d", TRANSCODE, number);
    }
}
