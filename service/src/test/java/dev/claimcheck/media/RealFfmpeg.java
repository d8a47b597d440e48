package dev.claimcheck.media;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** The bundled ffmpeg as the service runs it, in the sandbox where there is one, without its patience. */
public final class RealFfmpeg {
    static final ProcessLimits LIMITS = new ProcessLimits(
            OptionalInt.of(0),
            Duration.ofSeconds(60),
            Duration.ofMinutes(2),
            Duration.ofMinutes(2),
            4L << 30,
            1L << 30,
            1_000,
            64 << 20);

    private RealFfmpeg() {}

    /** Unpacked under that folder. */
    public static MediaProcesses in(Path folder) {
        FfmpegTools tools = FfmpegInstallation.locate(FfmpegSettings.defaults(), folder.resolve("programs"));
        return new MediaProcesses(tools, Isolation.examine(tools, folder), LIMITS);
    }
}
