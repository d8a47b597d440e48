package dev.claimcheck.media;

import java.util.Comparator;
import java.util.List;

/**
 * What is made of a source: codecs, sizes and quality. Checks itself; a message says what is wrong with which part.
 *
 * @param name as jobs ask for it; lower case
 * @param shortSides of the renditions in pixels, largest first; empty for the usual ones up to the source's own size. Nothing is ever scaled up
 * @param crf constant rate factor of the encoder; lower looks better
 * @param preset speed of the encoder, in its own words
 * @param bitRatePercent the cap of the bit rate, in percent of what H.264 gets at that size
 * @param audioBitRate bits per second of stereo; mono gets 60 %
 */
public record Profile(
        String name,
        VideoCodec video,
        AudioCodec audio,
        List<Integer> shortSides,
        int crf,
        String preset,
        int bitRatePercent,
        int audioBitRate) {
    private static final int MOST_RENDITIONS = 10;

    public Profile {
        require(isName(name), "name", "is not 1 to 32 lower-case letters, digits and dashes, beginning with a letter");
        shortSides = shortSides.stream().sorted(Comparator.reverseOrder()).toList();
        require(
                shortSides.size() <= MOST_RENDITIONS
                        && shortSides.stream().distinct().count() == shortSides.size(),
                "renditions",
                "has more than " + MOST_RENDITIONS + " sizes, or one of them twice");
        require(
                shortSides.stream().allMatch(side -> side >= 64 && side <= 4320 && side % 2 == 0),
                "renditions",
                "is not a list of even numbers of pixels from 64 to 4320");
        require(video != VideoCodec.NONE || shortSides.isEmpty(), "renditions", "needs a video codec");
        require(
                crf >= 0 && crf <= video.mostCrf(),
                "crf",
                video == VideoCodec.NONE
                        ? "needs a video codec"
                        : "is not a whole number from 0 to " + video.mostCrf());
        require(video.hasPreset(preset), "preset", "must be " + video.presets());
        require(
                video == VideoCodec.NONE || (bitRatePercent >= 10 && bitRatePercent <= 400),
                "bit_rate_percent",
                "is not a whole number from 10 to 400");
        require(
                audioBitRate >= 24_000 && audioBitRate <= 512_000,
                "audio_bit_rate",
                "is not from 24000 to 512000 bits per second");
    }

    /** A part of a profile that cannot be. */
    public static final class Invalid extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String part;

        Invalid(String part, String fault) {
            super(fault);
            this.part = part;
        }

        /** The key of the part, as in the configuration. */
        public String part() {
            return part;
        }
    }

    /** The usual settings of a codec, under that name. */
    public static Profile usual(String name, VideoCodec video, AudioCodec audio) {
        return new Profile(
                name,
                video,
                audio,
                List.of(),
                video.usualCrf(),
                video.usualPreset(),
                video.usualBitRatePercent(),
                audio.usualBitRate());
    }

    /** The same at another rate factor. */
    public Profile withCrf(int other) {
        return new Profile(name, video, audio, shortSides, other, preset, bitRatePercent, audioBitRate);
    }

    /** Whether a profile may be called so. */
    public static boolean isName(String name) {
        return name.matches("[a-z][a-z0-9-]{0,31}");
    }

    /** Whether the result has a picture, where the source has one. */
    public boolean hasVideo() {
        return video != VideoCodec.NONE;
    }

    private static void require(boolean right, String part, String fault) {
        if (!right) {
            throw new Invalid(part, fault);
        }
    }
}
