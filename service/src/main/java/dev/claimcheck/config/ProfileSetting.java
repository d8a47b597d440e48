package dev.claimcheck.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** What can be set of a profile: {@code profiles.NAME.KEY}. */
public enum ProfileSetting {
    VIDEO("video", "h264", "`h264`, `hevc`, `av1`, or `none` for sound alone."),
    AUDIO("audio", "aac", "`aac` or `opus`."),
    RENDITIONS(
            "renditions",
            "1080, 720, 480",
            "`auto` (the usual sizes up to the source's own), or the shorter sides in pixels; none is scaled up."),
    CRF(
            "crf",
            "22",
            "Constant rate factor: 0 to 51 (`h264`, `hevc`) or 63 (`av1`); lower looks better and takes more bytes."),
    PRESET("preset", "fast", "The encoder's speed: `ultrafast` to `placebo` (`h264`, `hevc`), 13 to 0 (`av1`)."),
    BIT_RATE_PERCENT(
            "bit_rate_percent",
            "100",
            "The cap of the bit rate, in percent of H.264's at that size (5 Mbit/s at 1080p); 10 to 400."),
    AUDIO_BIT_RATE("audio_bit_rate", "160000", "Bits per second of stereo, 24000 to 512000; mono gets 60 %.");

    /** What the key of every setting of a profile begins with. */
    static final String PREFIX = "profiles.";

    private static final String VARIABLE_PREFIX = "CLAIMCHECK_PROFILES_";

    private final String key;
    private final String example;
    private final String description;

    ProfileSetting(String key, String example, String description) {
        this.key = key;
        this.example = example;
        this.description = description;
    }

    /** The last part of its key. */
    public String key() {
        return key;
    }

    /** A right value. */
    public String example() {
        return example;
    }

    /** What it does, one sentence. */
    public String description() {
        return description;
    }

    /** The setting of that key. */
    static Optional<ProfileSetting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    /** The whole key that an environment variable stands for, if it is one of a profile: {@code CLAIMCHECK_PROFILES_WEB_HEVC_CRF} is {@code profiles.web-hevc.crf}. */
    static Optional<String> keyOfVariable(String variable) {
        if (!variable.startsWith(VARIABLE_PREFIX)) {
            return Optional.empty();
        }
        String rest = variable.substring(VARIABLE_PREFIX.length()).toLowerCase(Locale.ROOT);
        return Optional.of(Arrays.stream(values())
                .filter(setting -> rest.endsWith("_" + setting.key))
                .max(Comparator.comparingInt(setting -> setting.key.length()))
                .map(setting -> PREFIX
                        + rest.substring(0, rest.length() - setting.key.length() - 1)
                                .replace('_', '-') + "."
                        + setting.key)
                .orElse(PREFIX + rest));
    }
}
