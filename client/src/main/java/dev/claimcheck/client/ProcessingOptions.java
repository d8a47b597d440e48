package dev.claimcheck.client;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the service is to make of a file. The service checks it and says what it offers; the same file with other wishes becomes another job.
 *
 * @param profile by name; empty for the service's default
 * @param clipStart seconds of the source where the result begins
 * @param clipEnd seconds of the source where it ends
 * @param thumbnailTime second of the result that the thumbnail shows
 * @param watermark the id of a picture that was uploaded before
 * @param watermarkPosition {@code top-left}, {@code top-right}, {@code bottom-left}, {@code bottom-right}, {@code center}
 * @param watermarkWidth percent of the picture's width
 * @param watermarkOpacity above 0, to 1
 */
public record ProcessingOptions(
        Optional<String> profile,
        Optional<BigDecimal> clipStart,
        Optional<BigDecimal> clipEnd,
        Optional<BigDecimal> thumbnailTime,
        Optional<String> watermark,
        Optional<String> watermarkPosition,
        OptionalInt watermarkWidth,
        Optional<BigDecimal> watermarkOpacity) {
    /** Nothing in particular. */
    public static final ProcessingOptions NONE = new ProcessingOptions(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());

    /** With that profile. */
    public ProcessingOptions withProfile(String name) {
        return new ProcessingOptions(
                Optional.of(name),
                clipStart,
                clipEnd,
                thumbnailTime,
                watermark,
                watermarkPosition,
                watermarkWidth,
                watermarkOpacity);
    }

    /** Only what is between these seconds of the source; empty for its beginning or its end. */
    public ProcessingOptions withClip(Optional<BigDecimal> start, Optional<BigDecimal> end) {
        return new ProcessingOptions(
                profile, start, end, thumbnailTime, watermark, watermarkPosition, watermarkWidth, watermarkOpacity);
    }

    /** With a thumbnail of that second of the result. */
    public ProcessingOptions withThumbnailTime(BigDecimal seconds) {
        return new ProcessingOptions(
                profile,
                clipStart,
                clipEnd,
                Optional.of(seconds),
                watermark,
                watermarkPosition,
                watermarkWidth,
                watermarkOpacity);
    }

    /** With that watermark, where and as large and opaque as the service usually has it unless that is said. */
    public ProcessingOptions withWatermark(
            String id, Optional<String> position, OptionalInt widthPercent, Optional<BigDecimal> opacity) {
        return new ProcessingOptions(
                profile, clipStart, clipEnd, thumbnailTime, Optional.of(id), position, widthPercent, opacity);
    }

    /** What is said, by the names of the HTTP interface, in a fixed order. */
    Map<String, String> members() {
        Map<String, String> members = new LinkedHashMap<>();
        profile.ifPresent(name -> members.put("profile", name));
        clipStart.ifPresent(time -> members.put("clip_start", time.toPlainString()));
        clipEnd.ifPresent(time -> members.put("clip_end", time.toPlainString()));
        thumbnailTime.ifPresent(time -> members.put("thumbnail_time", time.toPlainString()));
        watermark.ifPresent(id -> members.put("watermark", id));
        watermarkPosition.ifPresent(position -> members.put("watermark_position", position));
        watermarkWidth.ifPresent(width -> members.put("watermark_width", Integer.toString(width)));
        watermarkOpacity.ifPresent(opacity -> members.put("watermark_opacity", opacity.toPlainString()));
        return members;
    }
}
