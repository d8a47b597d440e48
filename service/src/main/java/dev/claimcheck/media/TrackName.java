package dev.claimcheck.media;

/** Titles that stand in media files, made fit to be shown and to be written into playlists: a file may hold anything as a title. Pure. */
public final class TrackName {
    private static final int LONGEST = 80;

    /** What ends a line, what XML 1.0 or UTF-8 cannot hold, and what turns the direction of the text around it. */
    private static final String UNFIT = "[\\p{Cc}\\p{Cs}\\p{Cn}\\p{Zl}\\p{Zp}\u202A-\u202E\u2066-\u2069]+";

    private TrackName() {}

    /** The title in one line of at most 80 characters and without double quotes, which HLS cannot escape (RFC 8216, 4.2); empty where nothing is left of it. */
    public static String of(String title) {
        String name = title.replaceAll(UNFIT, " ").replace('"', '\'').strip();
        return name.codePointCount(0, name.length()) > LONGEST
                ? name.substring(0, name.offsetByCodePoints(0, LONGEST)).strip()
                : name;
    }
}
