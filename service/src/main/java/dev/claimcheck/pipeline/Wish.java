package dev.claimcheck.pipeline;

import dev.claimcheck.job.JobOptions;
import dev.claimcheck.media.Profile;
import dev.claimcheck.media.SourceInfo;
import dev.claimcheck.media.TranscodeTask;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to become of a source: its profile and what its job asks for besides. Pure.
 *
 * @param source as long as the clip that is wanted of it
 * @param clipStart seconds into the source
 */
record Wish(SourceInfo source, Profile profile, double clipStart, boolean isClip, JobOptions options) {
    /** In a step's specification: seconds into the source at which the clip begins. */
    static final String CLIP_START = "clip_start";

    /** Empty where the clip would begin behind the source's end. */
    static Optional<Wish> of(SourceInfo whole, Profile profile, JobOptions options) {
        double start = options.clipStart().map(BigDecimal::doubleValue).orElse(0.0);
        double end = Math.min(
                options.clipEnd().map(BigDecimal::doubleValue).orElse(Double.MAX_VALUE), whole.durationSeconds());
        boolean isClip = start > 0 || end < whole.durationSeconds();
        return end - start <= 0
                ? Optional.empty()
                : Optional.of(
                        new Wish(isClip ? whole.withDuration(end - start) : whole, profile, start, isClip, options));
    }

    /** All of it in one go. */
    TranscodeTask task() {
        TranscodeTask whole = TranscodeTask.inOneGo(source, profile);
        return new TranscodeTask(
                source,
                profile,
                whole.chunk(),
                whole.renditions(),
                whole.sound(),
                whole.originSeconds() + clipStart,
                isClip ? OptionalDouble.of(source.durationSeconds()) : OptionalDouble.empty(),
                options.watermark());
    }

    /** What steps that make no segments need to know. */
    JsonNode spec() {
        ObjectNode spec = (ObjectNode) SourceSpec.write(source);
        options.thumbnailTime().ifPresent(time -> spec.put(PictureSteps.THUMBNAIL_TIME, time));
        return clipStart > 0 ? spec.put(CLIP_START, clipStart) : spec;
    }
}
