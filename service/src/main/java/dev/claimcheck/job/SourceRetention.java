package dev.claimcheck.job;

import java.time.Duration;
import java.util.Optional;

/** What becomes of the uploaded file after success: deleted after a delay (zero is at once), or kept where empty. */
public record SourceRetention(Optional<Duration> deleteAfter) {}
