package dev.claimcheck.webhook;

import dev.claimcheck.events.EventTypes;
import java.util.List;
import java.util.TreeSet;

/**
 * Which events an endpoint gets.
 *
 * @param patterns exact types such as {@code job.completed}, all of a kind such as {@code job.*}, or {@code *} for all; in order, without repetition
 */
public record EventFilter(List<String> patterns) {
    /** All that happens to jobs as wholes, without their hundreds of steps. */
    public static final EventFilter USUAL = new EventFilter(List.of("job.*"));

    private static final String EVERYTHING = "*";
    private static final String ALL_OF_A_KIND = ".*";
    private static final int MOST = 100;

    /** @throws InvalidWebhookException when one of them can match nothing, or there are none or too many */
    public EventFilter {
        if (patterns.isEmpty() || patterns.size() > MOST) {
            throw new InvalidWebhookException("\"events\" lists 1 to " + MOST
                    + " types, such as [\"job.completed\", \"job.failed\"]; [\"*\"] is all.");
        }
        TreeSet<String> sorted = new TreeSet<>();
        for (String pattern : patterns) {
            if (EventTypes.ALL.stream().noneMatch(type -> matches(pattern, type))) {
                throw new InvalidWebhookException("There is no event that \"" + shortened(pattern)
                        + "\" could match. \"*\" is all, \"job.*\" all of a kind; the types are: "
                        + String.join(", ", EventTypes.ALL) + ".");
            }
            sorted.add(pattern);
        }
        patterns = List.copyOf(sorted);
    }

    /** Whether an event of that type passes. */
    public boolean matches(String type) {
        return patterns.stream().anyMatch(pattern -> matches(pattern, type));
    }

    private static boolean matches(String pattern, String type) {
        return pattern.equals(EVERYTHING)
                || pattern.equals(type)
                || (pattern.endsWith(ALL_OF_A_KIND)
                        && pattern.length() > ALL_OF_A_KIND.length()
                        && type.startsWith(pattern.substring(0, pattern.length() - 1)));
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "…";
    }
}
