package dev.claimcheck.media;

/** Which ffmpeg to use: {@code auto}, {@code bundled}, {@code system}, or the folder that holds ffmpeg and ffprobe. */
public record FfmpegSettings(String source) {
    /** The bundled one, else the system's. */
    public static FfmpegSettings defaults() {
        return new FfmpegSettings("auto");
    }
}
