package dev.claimcheck.upload;

import dev.claimcheck.job.Digest;
import dev.claimcheck.job.PlannedStep;
import java.util.Optional;

/** The step that a job starts with. */
public interface FirstSteps {
    /** For content whose SHA-256 is known. */
    PlannedStep known();

    /** For content that the step has to hash itself, and to compare where the uploader announced a digest. */
    PlannedStep unknown(Optional<Digest> announced);
}
