package dev.claimcheck.http;

import dev.claimcheck.job.InvalidOptionException;
import dev.claimcheck.job.JobOptions;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Processing;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiPredicate;
import java.util.function.Function;

/** Reads what a client wants to have made of its file, the same on every way in, and refuses at once what is not there. */
final class ProcessingReader {
    private static final String DEFAULT_PROFILE = "web";

    private final Set<String> profiles;
    private final BiPredicate<OwnerId, UUID> hasWatermark;

    /**
     * @param profiles the names of those that there are
     * @param hasWatermark whether that owner has uploaded that watermark
     */
    ProcessingReader(Set<String> profiles, BiPredicate<OwnerId, UUID> hasWatermark) {
        this.profiles = profiles;
        this.hasWatermark = hasWatermark;
    }

    /**
     * Reads profile and options by their names; what is empty counts as not said.
     *
     * @throws ApiException for a profile that there is not
     * @throws InvalidOptionException for an option that cannot be
     */
    Processing read(OwnerId owner, Function<String, Optional<String>> members) {
        Function<String, Optional<String>> texts =
                name -> members.apply(name).map(String::strip).filter(text -> !text.isEmpty());
        String profile = texts.apply("profile").orElse(DEFAULT_PROFILE);
        if (!profiles.contains(profile)) {
            throw new ApiException(
                    ErrorCode.UNKNOWN_PROFILE,
                    "There is no such profile. Say one of " + String.join(", ", profiles)
                            + ", or leave \"profile\" out for " + DEFAULT_PROFILE + ".");
        }
        JobOptions options = JobOptions.read(texts);
        options.watermark()
                .filter(placed -> !hasWatermark.test(owner, placed.watermark()))
                .ifPresent(_ -> {
                    throw new InvalidOptionException(
                            "You have no watermark of this id. Upload the picture with POST /watermarks and say the \"watermark_id\" of the answer.");
                });
        return new Processing(profile, options);
    }
}
