package dev.claimcheck.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A number of bytes, written with a unit: {@code 200MB} (10⁶) or {@code 5GiB} (2³⁰). */
public record ByteSize(long bytes) {
    private static final Pattern FORM =
            Pattern.compile("(\\d{1,18}(?:\\.\\d{1,3})?)\\s*(B|KB|MB|GB|TB|KIB|MIB|GIB|TIB)?");

    public ByteSize {
        if (bytes < 0) {
            throw new IllegalArgumentException("a size is not negative");
        }
    }

    /** Reads a size; throws {@link IllegalArgumentException} whose message says what is wrong. */
    public static ByteSize parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toUpperCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("is not a size such as 200MB or 5GiB");
        }
        String unit = matcher.group(2) == null ? "B" : matcher.group(2);
        BigDecimal bytes = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(factor(unit)));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("is larger than any disk");
        }
        return new ByteSize(bytes.longValue());
    }

    private static long factor(String unit) {
        long base = unit.contains("I") ? 1024 : 1000;
        return switch (unit.charAt(0)) {
            case 'K' -> base;
            case 'M' -> base * base;
            case 'G' -> base * base * base;
            case 'T' -> base * base * base * base;
            default -> 1;
        };
    }
}
