package dev.claimcheck.playback;

import java.util.Locale;

/**
 * A track of the sound as it is offered.
 *
 * @param number among the job's tracks, from 1, which is the one that is heard unless somebody chooses another
 * @param language RFC 5646; {@code und} where unknown
 * @param name for people; no other track of the job has it. Without line breaks and double quotes
 * @param channels 1 or 2
 * @param autoSelect whether a player may choose it by itself, by its user's language
 */
public record AudioTrack(int number, String language, String name, int channels, Role role, boolean autoSelect) {
    private static final String UNKNOWN = "und";

    /** What it is for; named as in DASH (ISO/IEC 23009-1, 5.8.5.5). */
    public enum Role {
        MAIN,
        ALTERNATE,
        DUB,
        COMMENTARY,
        /** It says what is to be seen, for those who cannot see it. */
        DESCRIPTION;

        /** The role's value in the scheme {@code urn:mpeg:dash:role:2011}. */
        String value() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The name of the folder of its segments, and of its playlist. */
    public String folder() {
        return folder(number);
    }

    /** That of the track of this number. */
    public static String folder(int number) {
        return number == 1 ? "audio" : "audio-" + number;
    }

    boolean hasLanguage() {
        return !language.equals(UNKNOWN);
    }
}
