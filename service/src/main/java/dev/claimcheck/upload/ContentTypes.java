package dev.claimcheck.upload;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The media types (RFC 9110, 8.3) that an upload may be declared to be: a first fence against forms that send the wrong file. What a file really is, the job's first
 * step finds out. Every way in asks here before the first byte is stored.
 *
 * @param patterns such as {@code video/mp4}, {@code video/*} and {@code *}{@code /*}, in lower case
 */
public record ContentTypes(List<String> patterns) {
    /** What an upload counts as that declares no type. */
    public static final String UNDECLARED = "application/octet-stream";

    private static final String TOKEN = "[!#$&^_.+0-9a-z-]+";
    private static final Pattern TYPE =
            Pattern.compile("\\s*(" + TOKEN + ")/(" + TOKEN + ")\\s*(?:;[\\x20-\\x7e\\t]*)?");
    private static final Pattern PATTERN = Pattern.compile("\\*/\\*|" + TOKEN + "/(\\*|" + TOKEN + ")");
    private static final int MOST_CHARACTERS = 255;

    public ContentTypes {
        patterns = List.copyOf(patterns);
        for (String pattern : patterns) {
            if (!PATTERN.matcher(pattern).matches()) {
                throw new IllegalArgumentException("not a pattern of media types: " + pattern);
            }
        }
    }

    /**
     * Refuses what is none of these.
     *
     * @param declared as the client wrote it, with parameters or without; null or empty counts as {@link #UNDECLARED}
     * @throws UploadRefused WRONG_TYPE, with the list of what is taken
     */
    public void require(@Nullable String declared) {
        String text = declared == null || declared.isBlank() ? UNDECLARED : declared.toLowerCase(Locale.ROOT);
        Matcher type = TYPE.matcher(text);
        boolean wellFormed = text.length() <= MOST_CHARACTERS && type.matches();
        if (!wellFormed || patterns.stream().noneMatch(pattern -> fits(pattern, type.group(1), type.group(2)))) {
            throw new UploadRefused(
                    UploadRefused.Reason.WRONG_TYPE,
                    (wellFormed ? "Files of the type " + type.group(1) + "/" + type.group(2) : "This type of file")
                            + " are not taken here. Send one of " + String.join(", ", patterns)
                            + " and declare it, or leave the type out.");
        }
    }

    private static boolean fits(String pattern, String type, String subtype) {
        return pattern.equals("*/*") || pattern.equals(type + "/*") || pattern.equals(type + "/" + subtype);
    }
}
