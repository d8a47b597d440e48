package dev.claimcheck.client;

import java.util.List;
import java.util.Optional;

/**
 * Which jobs to list.
 *
 * @param statuses any of these, such as {@code FAILED}; all where none is named
 * @param text a part of the name, or the id, or its last 8 digits
 * @param owner another owner, for the admin's key
 * @param limit at most so many on a page, 1 to 200
 * @param cursor the {@code next_cursor} of the page before
 */
public record JobQuery(
        List<String> statuses, Optional<String> text, Optional<String> owner, int limit, Optional<String> cursor) {
    /** All jobs, fifty to a page. */
    public static final JobQuery ALL =
            new JobQuery(List.of(), Optional.empty(), Optional.empty(), 50, Optional.empty());

    public JobQuery {
        statuses = List.copyOf(statuses);
    }

    /** The same with jobs of these statuses alone. */
    public JobQuery withStatuses(List<String> wanted) {
        return new JobQuery(wanted, text, owner, limit, cursor);
    }

    /** The same with jobs alone whose name contains that, or whose id is or ends with it. */
    public JobQuery withText(String wanted) {
        return new JobQuery(statuses, Optional.of(wanted), owner, limit, cursor);
    }

    /** The same of another owner's jobs, for the admin's key. */
    public JobQuery ofOwner(String name) {
        return new JobQuery(statuses, text, Optional.of(name), limit, cursor);
    }

    /** The same, so many to a page. */
    public JobQuery withLimit(int most) {
        return new JobQuery(statuses, text, owner, most, cursor);
    }

    /** The page behind that one. */
    public JobQuery from(String nextCursor) {
        return new JobQuery(statuses, text, owner, limit, Optional.of(nextCursor));
    }

    String path(String route) {
        return new JsonCalls.Path(route)
                .with("status", String.join(",", statuses))
                .with("q", text)
                .with("owner", owner)
                .toString();
    }

    String pagePath(String route) {
        return new JsonCalls.Path(route)
                .with("limit", Integer.toString(limit))
                .with("status", String.join(",", statuses))
                .with("q", text)
                .with("owner", owner)
                .with("cursor", cursor)
                .toString();
    }
}
