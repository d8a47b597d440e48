package dev.claimcheck.pipeline;

import dev.claimcheck.job.Fingerprint;
import dev.claimcheck.job.PlannedStep;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepError;
import dev.claimcheck.job.StepOutcome;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads all of a large source that came in a way that left no time to hash it, while its video is being made: nobody who waits for the picture waits for that. Only then
 * a duplicate is noticed; what was made of it until then is dropped.
 */
public final class FingerprintStep implements StepHandler {
    /** Sources up to so many bytes are read before they are planned, so that a duplicate costs nothing: about 0.1 s. */
    static final long MOST_AT_ONCE = 64L << 20;

    /** SHA-256 and the page cache give about 600 MB a second. */
    private static final double BYTES_PER_SECOND = 600e6;

    FingerprintStep() {}

    /**
     * Plans it.
     *
     * @param first the job's first step's specification
     * @param need the step that makes the source playable, which has the machine for itself
     */
    static PlannedStep plan(JsonNode first, long size, String need) {
        return new PlannedStep(
                PipelinePlanner.FINGERPRINT,
                PipelinePlanner.FINGERPRINT,
                QueueName.METADATA,
                true,
                List.of(need),
                StepCost.LIGHT + size / BYTES_PER_SECOND,
                first);
    }

    @Override
    public StepOutcome run(StepWorkspace workspace) throws InterruptedException {
        SourceFingerprint source = new SourceFingerprint(workspace);
        Fingerprint found =
                source.compute(workspace.step().filename(), read -> workspace.progress(read, "Checking the upload"));
        Optional<StepOutcome> different = different(workspace, found);
        return different.isPresent()
                ? different.get()
                : new StepOutcome.Succeeded(
                        JsonMapper.shared().createObjectNode(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        Optional.of(found),
                        source.proofs());
    }

    /** Whether the uploader said what the SHA-256 must be. */
    static boolean isAnnounced(StepWorkspace workspace) {
        return !announced(workspace).isEmpty();
    }

    /** The failure, where the content is not what was announced. */
    static Optional<StepOutcome> different(StepWorkspace workspace, Fingerprint found) {
        String announced = announced(workspace);
        String arrived = found.sha256().hex();
        return announced.isEmpty() || announced.equals(arrived)
                ? Optional.empty()
                : Optional.of(new StepOutcome.FailedForGood(new StepError(
                        "checksum_mismatch",
                        "The file that arrived is not the one that was announced: its SHA-256 differs. Upload it again.",
                        "announced " + announced + ", arrived " + arrived)));
    }

    private static String announced(StepWorkspace workspace) {
        return workspace.step().spec().path(PipelinePlanner.EXPECTED_SHA256).asString("");
    }
}
