package dev.claimcheck.media;

import dev.claimcheck.media.SourceInfo.VideoStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Which renditions a source gets: the usual sizes up to its own, counted by the short side of the picture as it is shown, so that a portrait video
 * is treated as its landscape twin. Nothing is ever scaled up. Pure.
 */
public final class Ladder {
    private static final int[] RUNGS = {2160, 1440, 1080, 720, 480, 360, 240};
    /** Below this the smallest rung is worth making; above it nobody would ever switch down to it. */
    private static final int SMALL = 480;
    /** A source this much larger than the highest rung below it also gets a rendition of its own size. */
    private static final double WORTH_ITS_OWN = 1.2;

    /** In bits per second; less looks bad at any size. */
    private static final long LEAST_BIT_RATE = 100_000;

    private Ladder() {}

    /** The renditions, largest first; at least one. */
    public static List<Rendition> of(VideoStream video) {
        int shortSide = Math.min(video.displayWidth(), video.displayHeight());
        List<Integer> sides = new ArrayList<>();
        for (int rung : RUNGS) {
            if (rung <= shortSide && (rung > 240 || shortSide < SMALL)) {
                sides.add(rung);
            }
        }
        if (sides.isEmpty() || (shortSide < RUNGS[0] && shortSide > sides.getFirst() * WORTH_ITS_OWN)) {
            sides.addFirst(shortSide);
        }
        return sides.stream().map(side -> rendition(video, side)).toList();
    }

    /** The renditions that a profile asks for, largest first; none where it wants no picture, else at least one. */
    public static List<Rendition> of(VideoStream video, Profile profile) {
        if (!profile.hasVideo()) {
            return List.of();
        }
        int shortSide = Math.min(video.displayWidth(), video.displayHeight());
        List<Rendition> renditions = profile.shortSides().stream()
                .filter(side -> side <= shortSide)
                .map(side -> rendition(video, side))
                .toList();
        if (renditions.isEmpty()) {
            renditions = profile.shortSides().isEmpty() ? of(video) : List.of(rendition(video, shortSide));
        }
        return renditions.stream()
                .map(rendition -> rendition.withMaxBitRate(
                        Math.max(LEAST_BIT_RATE, rendition.maxBitRate() * profile.bitRatePercent() / 100)))
                .toList();
    }

    private static Rendition rendition(VideoStream video, int side) {
        // Rounded once: the long side follows from the exact shape and the short side as it will be.
        int shorter = even(side);
        double aspect = video.aspect();
        int width = aspect < 1 ? shorter : even(shorter * aspect);
        int height = aspect < 1 ? even(shorter / aspect) : shorter;
        return new Rendition(Math.min(width, height) + "p", width, height, bitRate((long) width * height));
    }

    /** Bits per second that look good in H.264 at this size: 5 Mbit/s at 1080p, less per pixel the larger the picture. */
    private static long bitRate(long pixels) {
        double relative = pixels / (1920.0 * 1080.0);
        return Math.max(200_000, Math.round(5_000_000 * Math.pow(relative, 0.75) / 10_000) * 10_000);
    }

    private static int even(double length) {
        return Math.max(2, (int) Math.round(length / 2) * 2);
    }
}
