package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Chunk;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans the steps of a job: a small DAG, made after the probe. Pure. */
public final class PipelinePlanner {
    /** In the first step's specification: whether it computes the content's SHA-256, and what that must be. */
    static final String FINGERPRINT = "fingerprint";

    static final String EXPECTED_SHA256 = "expected_sha256";

    static final String METADATA = "metadata";
    static final String INDEX = "index";
    static final String TRANSCODE = "transcode";
    static final String AUDIO = "audio";
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
     * The first step of a job whose bytes came in a way that left no time to hash them: it does so too.
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

    /** The whole of a source in one step. */
    static List<PlannedStep> inOneGo(SourceInfo source, Profile profile) {
        TranscodeTask task = TranscodeTask.inOneGo(source, profile);
        List<PlannedStep> steps = new ArrayList<>();
        boolean picture = !task.renditions().isEmpty();
        String name = picture ? transcode(0) : AUDIO;
        steps.add(transcode(name, picture ? TRANSCODE : AUDIO, METADATA, task, TaskSpec.write(task)));
        addThumbnail(steps, source);
        addEnding(steps, source, List.of(name), List.of());
        return steps;
    }

    static void addThumbnail(List<PlannedStep> steps, SourceInfo source) {
        if (source.video().isPresent()) {
            steps.add(new PlannedStep(
                    THUMBNAIL,
                    THUMBNAIL,
                    QueueName.THUMBNAILS,
                    false,
                    List.of(METADATA),
                    StepCost.LIGHT,
                    SourceSpec.write(source)));
        }
    }

    /** Packaging only copies: it waits in the light queue, never behind transcodes. */
    static void addEnding(List<PlannedStep> steps, SourceInfo source, List<String> made, List<String> plannedBefore) {
        JsonNode spec = SourceSpec.write(source);
        steps.add(new PlannedStep(
                PACKAGE,
                PACKAGE,
                QueueName.METADATA,
                true,
                made,
                StepCost.LIGHT + source.durationSeconds() * 0.002,
                spec));
        List<String> results = new ArrayList<>(List.of(PACKAGE));
        results.addAll(plannedBefore);
        steps.stream().map(PlannedStep::name).filter(THUMBNAIL::equals).forEach(results::add);
        steps.add(new PlannedStep(FINISH, FINISH, QueueName.METADATA, true, results, StepCost.LIGHT / 4, spec));
    }

    static PlannedStep transcode(String name, String kind, String need, TranscodeTask task, JsonNode spec) {
        double seconds = task.chunk().map(Chunk::seconds).orElse(task.source().durationSeconds());
        return new PlannedStep(
                name, kind, QueueName.VIDEO_PROCESSING, true, List.of(need), StepCost.ofTranscode(task, seconds), spec);
    }

    static String transcode(int number) {
        return String.format(Locale.ROOT, "%s/%03d", TRANSCODE, number);
    }
}
