package dev.claimcheck.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** Sizes, speeds and durations as people say them. Pure. */
final class Words {
    private Words() {}

    static String size(long bytes) {
        if (bytes < 1_000) {
            return bytes + " B";
        }
        double value = bytes;
        for (String unit : new String[] {"kB", "MB", "GB", "TB"}) {
            value /= 1_000;
            if (value < 999.5 || unit.equals("TB")) {
                return String.format(Locale.ROOT, value < 10 ? "%.1f %s" : "%.0f %s", value, unit);
            }
        }
        throw new IllegalStateException("the last unit takes all");
    }

    static String duration(Duration duration) {
        long seconds = Math.max(0, Math.round(duration.toMillis() / 1000.0));
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3_600
                ? String.format(Locale.ROOT, "%d:%02d min", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d h", seconds / 3_600, seconds % 3_600 / 60);
    }

    /** Time left, as coarse as such a guess deserves, so that it does not flicker: seconds up to a minute, then steps of 5 s, then minutes. */
    static String roughly(Duration left) {
        long seconds = Math.max(1, Math.round(left.toMillis() / 1000.0));
        if (seconds <= 60) {
            return seconds + " s";
        }
        if (seconds < 600) {
            return duration(Duration.ofSeconds((seconds + 4) / 5 * 5));
        }
        long minutes = Math.ceilDiv(seconds, 60);
        if (minutes < 60) {
            return minutes + " min";
        }
        return minutes < 60 * 48 ? duration(Duration.ofMinutes(minutes)) : minutes / (60 * 24) + " days";
    }

    /** How long ago that was. */
    static String ago(Instant at, Instant now) {
        long seconds = Math.max(0, Duration.between(at, now).toSeconds());
        if (seconds < 60) {
            return seconds + " s ago";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min ago";
        }
        return seconds < 48 * 3_600 ? seconds / 3_600 + " h ago" : seconds / (24 * 3_600) + " days ago";
    }

    /** Time spent, with a tenth of a second. */
    static String precise(Duration duration) {
        return duration.toSeconds() >= 60
                ? duration(duration)
                : String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
    }
}
