package dev.claimcheck.media;

import java.util.Locale;

/** A way to encode the sound. */
public enum AudioCodec {
    AAC("aac", "mp4a.40.2", 160_000),
    OPUS("libopus", "opus", 128_000);

    private final String encoder;
    private final String codec;
    private final int bitRate;

    AudioCodec(String encoder, String codec, int bitRate) {
        this.encoder = encoder;
        this.codec = codec;
        this.bitRate = bitRate;
    }

    /** The codec of that name, in any case: {@code aac}; throws {@link IllegalArgumentException} whose message lists them. */
    public static AudioCodec ofName(String name) {
        try {
            return valueOf(name.strip().toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException _) {
            throw new IllegalArgumentException("is none of aac, opus");
        }
    }

    /** ffmpeg's name of the encoder. */
    public String encoder() {
        return encoder;
    }

    /** For HLS's CODECS (RFC 6381; Opus in ISOBMFF). */
    public String codec() {
        return codec;
    }

    /** Bits per second of stereo where a profile says nothing else. */
    public int usualBitRate() {
        return bitRate;
    }
}
