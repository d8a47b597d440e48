package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/**
 * Lists, counts and searches jobs. Both questions are answered from one index that holds status, id and name; the wide rows are read of the page alone. A name is searched by looking at all names of the owner, newest
 * first: some tenths of a second for hundreds of thousands. Thread-safe.
 */
public final class JobListing {
    /** Of each status as many as fit the page, which the index has in order; together they are as many as statuses times the page. */
    private static final String PAGE = """
            SELECT found.job_id FROM unnest(CAST(:statuses AS text[])) AS wanted (status)
            CROSS JOIN LATERAL (
                SELECT job_id FROM job WHERE owner = :owner AND status = wanted.status <further>
                ORDER BY job_id DESC LIMIT :limit) found
            ORDER BY found.job_id DESC LIMIT :limit
            """;

    private static final String COUNTS = """
            SELECT status, count(*) AS jobs FROM job WHERE owner = :owner AND status = ANY (CAST(:statuses AS text[])) <further> GROUP BY status
            """;

    private final Database database;
    private final JobQueries jobs;

    public JobListing(Database database, JobQueries jobs) {
        this.database = database;
        this.jobs = jobs;
    }

    /**
     * The jobs that are meant, newest first.
     *
     * @param before only jobs older than this one; the previous page's {@code next}
     * @param limit at most so many, above 0
     */
    public JobPage page(JobFilter filter, Optional<JobId> before, int limit) {
        List<UUID> ids = database.withHandle(handle -> {
            Query query = query(handle, PAGE, filter, before.isPresent() ? " AND job_id < :before" : "")
                    .bind("limit", limit + 1);
            before.ifPresent(id -> query.bind("before", id.value()));
            return new ArrayList<>(query.mapTo(UUID.class).list());
        });
        boolean more = ids.size() > limit;
        List<UUID> shown = more ? ids.subList(0, limit) : ids;
        return new JobPage(jobs.find(shown), more ? Optional.of(new JobId(shown.getLast())) : Optional.empty());
    }

    /** How many jobs of each status are meant; every status that is meant is there. */
    public Map<JobStatus, Long> counts(JobFilter filter) {
        Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
        filter.statuses().forEach(status -> counts.put(status, 0L));
        database.withHandle(handle -> query(handle, COUNTS, filter, "")
                        .map((row, _) -> Map.entry(JobStatus.valueOf(row.getString("status")), row.getLong("jobs")))
                        .list())
                .forEach(found -> counts.put(found.getKey(), found.getValue()));
        return counts;
    }

    private static Query query(Handle handle, String statement, JobFilter filter, String further) {
        Query query = handle.createQuery(statement)
                .define("further", further + matching(filter))
                .bind("owner", filter.owner().value())
                .bindArray(
                        "statuses",
                        String.class,
                        filter.statuses().stream().map(JobStatus::name).toList());
        if (!filter.text().isEmpty()) {
            query.bind("name", filter.namePattern());
            filter.id().ifPresent(id -> query.bind("id", id.value()));
            filter.idEnd().ifPresent(end -> query.bind("id_end", end));
        }
        return query;
    }

    private static String matching(JobFilter filter) {
        if (filter.text().isEmpty()) {
            return "";
        }
        return " AND (filename ILIKE :name"
                + (filter.id().isPresent() ? " OR job_id = :id" : "")
                + (filter.idEnd().isPresent() ? " OR right(CAST(job_id AS text), 8) = :id_end" : "")
                + ")";
    }
}
