package dev.claimcheck.media;

import java.util.List;
import java.util.Locale;

/** A way to encode the picture, with what it takes where a profile says nothing else. */
public enum VideoCodec {
    /** x264. */
    H264("libx264", "avc1", "veryfast", 22, 51, 100, 2),
    /** x265. */
    HEVC("libx265", "hvc1", "veryfast", 25, 51, 70, 32),
    /** SVT-AV1. */
    AV1("libsvtav1", "av01", "8", 46, 63, 60, 32),
    /** No picture: sound alone. */
    NONE("", "", "", 0, 0, 0, 0);

    private static final List<String> X26_PRESETS = List.of(
            "ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow", "placebo");

    private final String encoder;
    private final String sampleEntry;
    private final String preset;
    private final int crf;
    private final int mostCrf;
    private final int bitRatePercent;
    private final int smallestSide;

    VideoCodec(
            String encoder,
            String sampleEntry,
            String preset,
            int crf,
            int mostCrf,
            int bitRatePercent,
            int smallestSide) {
        this.encoder = encoder;
        this.sampleEntry = sampleEntry;
        this.preset = preset;
        this.crf = crf;
        this.mostCrf = mostCrf;
        this.bitRatePercent = bitRatePercent;
        this.smallestSide = smallestSide;
    }

    /** The codec of that name, in any case: {@code h264}; throws {@link IllegalArgumentException} whose message lists them. */
    public static VideoCodec ofName(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("is none of h264, hevc, av1, none");
        }
    }

    /** ffmpeg's name of the encoder. */
    public String encoder() {
        return encoder;
    }

    /**
     * How many frames in front of a chunk the encoder has to be shown to go on in the chunk as if it had begun at the beginning. x264 and x265 forget what is longer ago; without them a picture that stands still begins worse than it was, and under
     * the cap the full buffer is spent anew at every chunk (docs/media.md). Twelve were hardly better, five worse. SVT-AV1 begins as it goes on.
     */
    int warmUpFrames() {
        return switch (this) {
            case H264, HEVC -> 8;
            case AV1, NONE -> 0;
        };
    }

    /**
     * Whether the encoder of a chunk keeps to the cap by itself. SVT-AV1 does so by what it learnt from all that came before, so that a fractal zoom came out 1.4 dB lower around a seam than in one go: of its chunks the
     * pipeline sees to the cap.
     */
    public boolean keepsCapInChunks() {
        return this != AV1;
    }

    /** How it is called in an MP4, also by ffmpeg's {@code -tag:v}. */
    public String sampleEntry() {
        return sampleEntry;
    }

    /** The speed where a profile says none. */
    public String usualPreset() {
        return preset;
    }

    /** The quality where a profile says none. */
    public int usualCrf() {
        return crf;
    }

    /** The worst quality that there is. */
    public int mostCrf() {
        return mostCrf;
    }

    /** What it needs for the same look, in percent of H.264's bit rate. */
    public int usualBitRatePercent() {
        return bitRatePercent;
    }

    /** Pictures whose shorter side has fewer pixels are not for the encoder: x265 and SVT-AV1 refuse them, or crash (34×20). */
    public int smallestSide() {
        return smallestSide;
    }

    /** The presets of the encoder, fastest first or in numbers. */
    boolean hasPreset(String name) {
        return switch (this) {
            case H264, HEVC -> X26_PRESETS.contains(name);
            case AV1 -> name.matches("[0-9]|1[0-3]");
            case NONE -> name.isEmpty();
        };
    }

    /** What a preset looks like, for messages. */
    String presets() {
        return switch (this) {
            case H264, HEVC -> "one of " + String.join(", ", X26_PRESETS);
            case AV1 -> "a whole number from 0 (slow) to 13 (fast)";
            case NONE -> "left out where there is no picture";
        };
    }
}
