package dev.claimcheck.media;

import java.util.List;

/**
 * ffmpeg's arguments that encode the sound so that its first timestamp is 0 without an edit list. Encoders put a little silence before the first sample: AAC's is a whole packet, which is dropped; Opus'
 * is part of its first packet, so the sound gives way to it by 6.5 ms. Pure.
 */
public final class AudioEncoder {
    /** Samples at 48 kHz that libopus puts before the first one. */
    private static final int OPUS_PRE_SKIP = 312;

    private AudioEncoder() {}

    /** The filters that sound at 48 kHz, beginning at 0, must end with; empty for none. */
    public static String lastFilter(Profile profile) {
        return switch (profile.audio()) {
            case AAC -> "";
            case OPUS -> "atrim=start_pts=" + OPUS_PRE_SKIP;
        };
    }

    /** The arguments from {@code -ac} on, without muxer and file. */
    public static List<String> arguments(Profile profile, int sourceChannels) {
        boolean mono = sourceChannels == 1;
        int bitRate = mono ? profile.audioBitRate() * 6 / 10 : profile.audioBitRate();
        List<String> encoder =
                List.of("-ac", mono ? "1" : "2", "-c:a", profile.audio().encoder(), "-b:a", Integer.toString(bitRate));
        return switch (profile.audio()) {
            case AAC ->
                java.util.stream.Stream.concat(encoder.stream(), List.of("-bsf:a", "noise=drop=lt(pts\\,0)").stream())
                        .toList();
            case OPUS -> encoder;
        };
    }
}
