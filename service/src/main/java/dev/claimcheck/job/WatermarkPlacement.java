package dev.claimcheck.job;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * A watermark and where it goes.
 *
 * @param watermark the id of an uploaded picture
 * @param widthPercent of the picture's width, 1 to 100
 * @param opacity above 0, to 1
 */
public record WatermarkPlacement(UUID watermark, Position position, int widthPercent, BigDecimal opacity) {
    /** Where it goes when nothing is said. */
    public static final Position USUAL_POSITION = Position.BOTTOM_RIGHT;

    /** How wide it is when nothing is said. */
    public static final int USUAL_WIDTH_PERCENT = 12;

    /** How opaque it is when nothing is said. */
    public static final BigDecimal USUAL_OPACITY = BigDecimal.ONE;

    public WatermarkPlacement {
        if (widthPercent < 1 || widthPercent > 100) {
            throw new InvalidOptionException(
                    "\"watermark_width\" is in percent of the picture's width: a whole number from 1 to 100.");
        }
        opacity = opacity.stripTrailingZeros();
        if (opacity.signum() <= 0 || opacity.compareTo(BigDecimal.ONE) > 0 || opacity.scale() > 2) {
            throw new InvalidOptionException(
                    "\"watermark_opacity\" is a number above 0 and at most 1, with at most two decimals, such as 0.7.");
        }
    }

    /** Where the object store has a watermark. */
    public static String objectKey(UUID watermark) {
        return "watermarks/" + watermark;
    }

    /** A place in the picture. */
    public enum Position {
        TOP_LEFT,
        TOP_RIGHT,
        BOTTOM_LEFT,
        BOTTOM_RIGHT,
        CENTER;

        /** As clients write it: {@code top-left}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** The position that clients write so. */
        public static Position ofWireName(String text) {
            return Arrays.stream(values())
                    .filter(position -> position.wireName().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new InvalidOptionException("\"watermark_position\" is one of "
                            + Arrays.stream(values()).map(Position::wireName).collect(Collectors.joining(", ")) + "."));
        }
    }
}
