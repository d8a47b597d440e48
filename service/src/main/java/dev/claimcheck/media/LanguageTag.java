package dev.claimcheck.media;

import java.util.Arrays;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.MissingResourceException;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes RFC 5646 language tags of what media files say: mostly ISO 639-2, in either of its two forms. Pure. */
public final class LanguageTag {
    /** Where nothing is known. */
    public static final String UNKNOWN = "und";

    /** The bibliographic codes, where they differ from the terminological ones. */
    private static final Map<String, String> BIBLIOGRAPHIC = Map.ofEntries(
            Map.entry("alb", "sq"),
            Map.entry("arm", "hy"),
            Map.entry("baq", "eu"),
            Map.entry("bur", "my"),
            Map.entry("chi", "zh"),
            Map.entry("cze", "cs"),
            Map.entry("dut", "nl"),
            Map.entry("fre", "fr"),
            Map.entry("geo", "ka"),
            Map.entry("ger", "de"),
            Map.entry("gre", "el"),
            Map.entry("ice", "is"),
            Map.entry("mac", "mk"),
            Map.entry("mao", "mi"),
            Map.entry("may", "ms"),
            Map.entry("per", "fa"),
            Map.entry("rum", "ro"),
            Map.entry("slo", "sk"),
            Map.entry("tib", "bo"),
            Map.entry("wel", "cy"));

    /** RFC 5646 wants the shortest code that there is. */
    private static final Map<String, String> SHORTEST = Arrays.stream(Locale.getISOLanguages())
            .collect(Collectors.toMap(
                    code -> Locale.of(code).getISO3Language(), Function.identity(), (first, _) -> first));

    private static final Set<String> SAY_NOTHING = Set.of(UNKNOWN, "mis", "mul", "zxx");

    private LanguageTag() {}

    /** The tag for what a file says; {@code und} where that names no one language. */
    public static String of(String said) {
        String[] parts = said.strip().replace('_', '-').split("-", 2);
        String primary = parts[0].toLowerCase(Locale.ROOT);
        if (!primary.matches("[a-z]{2,3}") || SAY_NOTHING.contains(primary)) {
            return UNKNOWN;
        }
        String code = SHORTEST.getOrDefault(primary, BIBLIOGRAPHIC.getOrDefault(primary, primary));
        try {
            String tag = new Locale.Builder()
                    .setLanguageTag(code + (parts.length > 1 ? "-" + parts[1] : ""))
                    .build()
                    .toLanguageTag();
            return tag.length() <= 35 ? tag : code;
        } catch (IllformedLocaleException _) {
            return code;
        }
    }

    /** The three letters (ISO 639-2/T) that MP4 has room for, of a tag made here. */
    static String threeLetters(String tag) {
        try {
            String code = Locale.forLanguageTag(tag).getISO3Language();
            return code.isEmpty() ? UNKNOWN : code;
        } catch (MissingResourceException _) {
            return UNKNOWN;
        }
    }
}
