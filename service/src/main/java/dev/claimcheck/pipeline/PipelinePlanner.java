package dev.claimcheck.pipeline;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.media.Ladder;
import dev.claimcheck.media.Rendition;
import dev.claimcheck.media.SourceInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Plans the steps of a job: a small DAG, made after the probe. Costs are compute-seconds as measured on two cores. Pure. */
public final class PipelinePlanner {
    /** In the first step's specification: whether it computes the content's SHA-256, and what that must be. */
    static final String FINGERPRINT = "fingerprint";

    static final String EXPECTED_SHA256 = "expected_sha256";

    static final String METADATA = "metadata";
    static final String TRANSCODE = "transcode";
    static final String TRANSCODE_NAME = "transcode/000";
    static final String PACKAGE = "package";
    static final String FINISH = "finish";

    /** CPU-seconds per million pixels decoded, and encoded with x264's veryfast. */
    private static final double DECODE = 0.0083;

    private static final double ENCODE = 0.0375;
    private static final double AUDIO_PER_SECOND = 0.01;
    private static final double LIGHT = 0.2;

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
        return new PlannedStep(METADATA, METADATA, QueueName.METADATA, true, List.of(), LIGHT, spec);
    }

    /** What to do with that source. */
    static List<PlannedStep> plan(SourceInfo source, PictureSteps pictures) {
        JsonNode spec = SourceSpec.write(source);
        List<PlannedStep> steps = new ArrayList<>();
        List<String> results = new ArrayList<>(List.of(TRANSCODE_NAME, PACKAGE));
        steps.add(new PlannedStep(
                TRANSCODE_NAME,
                TRANSCODE,
                QueueName.VIDEO_PROCESSING,
                true,
                List.of(METADATA),
                transcodeCost(source),
                spec));
        List<PlannedStep> optional = pictures.plan(source, spec, METADATA, List.of(TRANSCODE_NAME));
        steps.addAll(optional);
        optional.forEach(step -> results.add(step.name()));
        // Packaging only copies: it waits in the light queue, never behind transcodes.
        steps.add(new PlannedStep(
                PACKAGE,
                PACKAGE,
                QueueName.METADATA,
                true,
                List.of(TRANSCODE_NAME),
                LIGHT + source.durationSeconds() * 0.002,
                spec));
        steps.add(new PlannedStep(FINISH, FINISH, QueueName.METADATA, true, results, LIGHT / 4, spec));
        return steps;
    }

    private static double transcodeCost(SourceInfo source) {
        double picture = source.video()
                .map(video -> {
                    double frames = source.durationSeconds()
                            * Math.clamp(video.frameRate() <= 0 ? 30 : video.frameRate(), 1, 60);
                    double decoded = (double) video.codedWidth() * video.codedHeight() / 1e6;
                    double encoded = Ladder.of(video).stream()
                            .mapToDouble(PipelinePlanner::megapixels)
                            .sum();
                    return frames * (decoded * DECODE + encoded * ENCODE);
                })
                .orElse(0.0);
        double sound = source.audio().isPresent() ? source.durationSeconds() * AUDIO_PER_SECOND : 0;
        return Math.max(LIGHT, picture + sound);
    }

    private static double megapixels(Rendition rendition) {
        return (double) rendition.width() * rendition.height() / 1e6;
    }
}
