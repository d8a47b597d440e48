package dev.claimcheck.media;

import java.nio.file.Path;
import java.util.Map;

/**
 * An ffmpeg that was seen to start.
 *
 * @param environment the only variables its processes get
 * @param version as it prints it, such as {@code 8.1.2}
 */
public record FfmpegTools(Path ffmpeg, Path ffprobe, Map<String, String> environment, String version, Origin origin) {
    /** Where it came from. */
    public enum Origin {
        BUNDLED,
        SYSTEM,
        CONFIGURED
    }
}
