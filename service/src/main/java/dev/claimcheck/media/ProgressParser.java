package dev.claimcheck.media;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Reads the key=value lines of {@code -progress pipe:1}. Not thread-safe. */
final class ProgressParser {
    private Duration outTime = Duration.ZERO;
    private long frames;

    /** The report that this line completes, if it does. */
    Optional<FfmpegProgress> line(String line) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            return Optional.empty();
        }
        String value = line.substring(equals + 1).strip();
        switch (line.substring(0, equals)) {
            case "out_time_us" -> {
                if (value.matches("\\d{1,18}")) { // "N/A" and negative times before the first frame say nothing
                    outTime = Duration.of(Long.parseLong(value), ChronoUnit.MICROS);
                }
            }
            case "frame" -> {
                if (value.matches("\\d{1,18}")) {
                    frames = Long.parseLong(value);
                }
            }
            case "progress" -> {
                return Optional.of(new FfmpegProgress(outTime, frames));
            }
            default -> {
                // Speed, bit rate and the like.
            }
        }
        return Optional.empty();
    }
}
