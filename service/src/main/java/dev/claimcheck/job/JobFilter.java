package dev.claimcheck.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which of an owner's jobs are meant.
 *
 * @param statuses any of these; all where none is named
 * @param text what the name contains, whatever the case, or what the id is or ends with (its last 8 digits); empty for any
 */
public record JobFilter(OwnerId owner, Set<JobStatus> statuses, String text) {
    private static final Pattern END_OF_ID = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern SPECIAL = Pattern.compile("[\\\\%_]");

    public JobFilter {
        statuses = statuses.isEmpty() ? EnumSet.allOf(JobStatus.class) : EnumSet.copyOf(statuses);
        text = text.strip().toLowerCase(Locale.ROOT);
    }

    /** All jobs of the owner. */
    public static JobFilter of(OwnerId owner) {
        return new JobFilter(owner, Set.of(), "");
    }

    /** A pattern for LIKE: the text anywhere, itself without a special meaning. */
    String namePattern() {
        return "%" + SPECIAL.matcher(text).replaceAll("\\\\$0") + "%";
    }

    /** The whole id that the text may be. */
    Optional<JobId> id() {
        return JobId.parse(text);
    }

    /** The end of an id that the text may be. */
    Optional<String> idEnd() {
        return END_OF_ID.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }
}
