package dev.claimcheck.job;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a job asks for beyond its profile. Equal wishes are equal values, whatever way they were written; what is usual is left out. Times are seconds with up to three decimals.
 *
 * @param clipStart where of the source the result begins; empty for its beginning
 * @param clipEnd where it ends; empty for its end
 * @param thumbnailTime the moment of the result (after clipping) that its thumbnail shows; empty for one that is chosen
 */
public record JobOptions(
        Optional<BigDecimal> clipStart,
        Optional<BigDecimal> clipEnd,
        Optional<BigDecimal> thumbnailTime,
        Optional<WatermarkPlacement> watermark) {
    /** Nothing in particular. */
    public static final JobOptions NONE =
            new JobOptions(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final String CLIP_START = "clip_start";
    private static final String CLIP_END = "clip_end";
    private static final String THUMBNAIL_TIME = "thumbnail_time";
    private static final String WATERMARK = "watermark";
    private static final String POSITION = "watermark_position";
    private static final String WIDTH = "watermark_width";
    private static final String OPACITY = "watermark_opacity";

    /** The names of all options, as clients write them. */
    public static final Set<String> NAMES =
            Set.of(CLIP_START, CLIP_END, THUMBNAIL_TIME, WATERMARK, POSITION, WIDTH, OPACITY);

    /** No source is longer, in seconds: a week. */
    private static final BigDecimal LONGEST = BigDecimal.valueOf(7 * 24 * 3600L);

    public JobOptions {
        clipStart = clipStart.map(time -> time(CLIP_START, time)).filter(time -> time.signum() > 0);
        clipEnd = clipEnd.map(time -> time(CLIP_END, time));
        thumbnailTime = thumbnailTime.map(time -> time(THUMBNAIL_TIME, time));
        BigDecimal start = clipStart.orElse(BigDecimal.ZERO);
        if (clipEnd.isPresent() && clipEnd.get().compareTo(start) <= 0) {
            throw new InvalidOptionException(
                    "\"clip_end\" must be later than " + (start.signum() > 0 ? "\"clip_start\"" : "0") + ".");
        }
        if (clipEnd.isPresent()
                && thumbnailTime.isPresent()
                && thumbnailTime.get().compareTo(clipEnd.get().subtract(start)) >= 0) {
            throw new InvalidOptionException(
                    "\"thumbnail_time\" counts from the clip's beginning and must be before its end.");
        }
    }

    /**
     * Reads the options by their names.
     *
     * @throws InvalidOptionException for what cannot be
     */
    public static JobOptions read(Function<String, Optional<String>> texts) {
        Optional<UUID> watermark = texts.apply(WATERMARK).map(JobOptions::id);
        Optional<String> position = texts.apply(POSITION);
        Optional<String> width = texts.apply(WIDTH);
        Optional<String> opacity = texts.apply(OPACITY);
        if (watermark.isEmpty() && (position.isPresent() || width.isPresent() || opacity.isPresent())) {
            throw new InvalidOptionException(
                    "There is no \"watermark\" to place. Say its id, or leave out what begins with \"watermark_\".");
        }
        return new JobOptions(
                texts.apply(CLIP_START).map(text -> number(CLIP_START, text)),
                texts.apply(CLIP_END).map(text -> number(CLIP_END, text)),
                texts.apply(THUMBNAIL_TIME).map(text -> number(THUMBNAIL_TIME, text)),
                watermark.map(id -> new WatermarkPlacement(
                        id,
                        position.map(WatermarkPlacement.Position::ofWireName).orElse(WatermarkPlacement.USUAL_POSITION),
                        width.map(JobOptions::percent).orElse(WatermarkPlacement.USUAL_WIDTH_PERCENT),
                        opacity.map(text -> number(OPACITY, text)).orElse(WatermarkPlacement.USUAL_OPACITY))));
    }

    /** What {@link #toJson} gave. */
    public static JobOptions fromJson(JsonNode json) {
        return read(name -> Optional.of(json.path(name))
                .filter(JsonNode::isValueNode)
                .filter(value -> !value.isNull())
                .map(JsonNode::asString));
    }

    /** The options by their names, without what is usual. */
    public ObjectNode toJson() {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        clipStart.ifPresent(time -> json.put(CLIP_START, time));
        clipEnd.ifPresent(time -> json.put(CLIP_END, time));
        thumbnailTime.ifPresent(time -> json.put(THUMBNAIL_TIME, time));
        watermark.ifPresent(placed -> {
            json.put(WATERMARK, placed.watermark().toString());
            if (placed.position() != WatermarkPlacement.USUAL_POSITION) {
                json.put(POSITION, placed.position().wireName());
            }
            if (placed.widthPercent() != WatermarkPlacement.USUAL_WIDTH_PERCENT) {
                json.put(WIDTH, placed.widthPercent());
            }
            if (placed.opacity().compareTo(WatermarkPlacement.USUAL_OPACITY) != 0) {
                json.put(OPACITY, placed.opacity());
            }
        });
        return json;
    }

    private static BigDecimal time(String name, BigDecimal seconds) {
        BigDecimal plain = seconds.signum() == 0 ? BigDecimal.ZERO : seconds.stripTrailingZeros();
        if (plain.signum() < 0 || plain.compareTo(LONGEST) > 0 || plain.scale() > 3) {
            throw notSeconds(name);
        }
        return plain.scale() < 0 ? plain.setScale(0) : plain;
    }

    private static BigDecimal number(String name, String text) {
        if (!text.matches("\\d{1,9}(\\.\\d{1,9})?")) {
            throw name.equals(OPACITY)
                    ? new InvalidOptionException(
                            "\"watermark_opacity\" is a number above 0 and at most 1, such as 0.7.")
                    : notSeconds(name);
        }
        return new BigDecimal(text);
    }

    private static int percent(String text) {
        return text.matches("\\d{1,3}") ? Integer.parseInt(text) : 0; // 0 is refused as what it is
    }

    private static UUID id(String text) {
        if (!text.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")) {
            throw new InvalidOptionException(
                    "\"watermark\" is the \"watermark_id\" that POST /watermarks answered with.");
        }
        return UUID.fromString(text);
    }

    private static InvalidOptionException notSeconds(String name) {
        return new InvalidOptionException(
                "\"" + name + "\" is a time in seconds from 0 to 604800, with at most three decimals, such as 12.5.");
    }
}
