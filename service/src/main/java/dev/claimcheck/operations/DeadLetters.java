package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.ControlResult;
import dev.claimcheck.job.JobControl;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.QueueName;
import dev.claimcheck.job.StepError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Steps that have failed for good, of all owners: those that took their job with them, and optional ones. Thread-safe. */
public final class DeadLetters {
    /** Jobs with a failure come from a small index of their own, in the order of their ends. */
    private static final String FIND = """
            SELECT j.job_id, j.owner, j.filename, j.finished_at, s.name, s.queue, s.attempt, coalesce(s.finished_at, j.finished_at) AS failed_at,
                   s.error ->> 'code' AS code, s.error ->> 'message' AS message, s.error ->> 'detail' AS detail,
                   j.source_key IS NOT NULL AND (NOT s.required OR j.retry_allowed) AS retry_allowed
            FROM (SELECT * FROM job
                  WHERE finished_at IS NOT NULL AND (status = 'FAILED' OR warnings <> '[]') <further>
                  ORDER BY finished_at DESC, job_id DESC LIMIT :jobs) j
            JOIN step s ON s.job_id = j.job_id AND s.state = 'FAILED'
            ORDER BY j.finished_at DESC, j.job_id DESC, s.step_id
            """;

    private static final String MATCHING = """
            SELECT j.job_id, j.owner, s.name
            FROM job j JOIN step s ON s.job_id = j.job_id AND s.state = 'FAILED'
            WHERE j.finished_at IS NOT NULL AND (j.status = 'FAILED' OR j.warnings <> '[]') <further>
            ORDER BY j.finished_at, j.job_id, s.step_id LIMIT :most
            """;

    private static final Pattern CURSOR = Pattern.compile("(\\d{1,18})_([0-9a-f-]{36})");
    /** One request must end in time; what is left is there for the next. */
    private static final int MOST_AT_ONCE = 1_000;

    private final Database database;
    private final JobControl control;

    public DeadLetters(Database database, JobControl control) {
        this.database = database;
        this.control = control;
    }

    /**
     * A step that has failed for good.
     *
     * @param queue where it was worked on
     * @param attempts how often it was tried
     * @param retryAllowed whether another try may help
     */
    public record DeadLetter(
            JobId job,
            OwnerId owner,
            String filename,
            String step,
            QueueName queue,
            int attempts,
            Instant failedAt,
            StepError error,
            boolean retryAllowed) {}

    /** Some of them, newest first, and where the next page starts; empty on the last. */
    public record Page(List<DeadLetter> letters, Optional<String> next) {
        public Page {
            letters = List.copyOf(letters);
        }
    }

    /**
     * Which are meant; what is empty says nothing.
     *
     * @param code of the error
     */
    public record Choice(Optional<QueueName> queue, Optional<String> code, Set<JobId> jobs) {
        public Choice {
            jobs = Set.copyOf(jobs);
        }

        /** Whoever names errors or jobs means them; else only those are meant that another try may help. */
        private boolean isExplicit() {
            return code.isPresent() || !jobs.isEmpty();
        }
    }

    /**
     * What came of a retry.
     *
     * @param retried steps that are done again
     * @param more whether there are more that are meant than one call takes
     */
    public record Retried(int retried, boolean more) {}

    private record Row(DeadLetter letter, String cursor) {}

    private record Found(JobId job, OwnerId owner, String step) {}

    /**
     * The failed steps of the jobs that ended last.
     *
     * @param cursor the {@code next} of the page before
     * @param limit of so many jobs, above 0
     * @throws IllegalArgumentException where the cursor is not one
     */
    public Page page(Optional<String> cursor, int limit) {
        List<Row> rows = database.withHandle(handle -> {
            var query = handle.createQuery(FIND)
                    .define(
                            "further",
                            cursor.isPresent()
                                    ? "AND (finished_at, job_id) < (to_timestamp(CAST(:micros AS numeric) / 1000000), :before)"
                                    : "")
                    .bind("jobs", limit + 1);
            cursor.ifPresent(text -> {
                Matcher matcher = CURSOR.matcher(text);
                if (!matcher.matches()) {
                    throw new IllegalArgumentException("not a cursor");
                }
                query.bind("micros", matcher.group(1)).bind("before", UUID.fromString(matcher.group(2)));
            });
            return query.map((row, _) -> row(row)).list();
        });
        List<String> jobs = rows.stream().map(Row::cursor).distinct().toList();
        boolean more = jobs.size() > limit;
        return new Page(
                rows.stream()
                        .filter(row -> !more || !row.cursor().equals(jobs.getLast()))
                        .map(Row::letter)
                        .toList(),
                more ? Optional.of(jobs.get(limit - 1)) : Optional.empty());
    }

    /** Does again what is meant, oldest first, at most a thousand steps. Of a job that failed, everything that failed is open again. */
    public Retried retry(Choice choice) {
        List<Found> found = matching(choice);
        int retried = 0;
        for (Found letter : found.subList(0, Math.min(MOST_AT_ONCE, found.size()))) {
            if (control.retryStep(letter.owner(), letter.job(), letter.step()) instanceof ControlResult.Done) {
                retried++;
            }
        }
        return new Retried(retried, found.size() > MOST_AT_ONCE);
    }

    private List<Found> matching(Choice choice) {
        String further = (choice.queue().isPresent() ? " AND s.queue = :queue" : "")
                + (choice.code().isPresent() ? " AND s.error ->> 'code' = :code" : "")
                + (choice.jobs().isEmpty() ? "" : " AND j.job_id = ANY (:jobs)")
                + (choice.isExplicit() ? "" : " AND j.source_key IS NOT NULL AND (NOT s.required OR j.retry_allowed)");
        return database.withHandle(handle -> {
            var query = handle.createQuery(MATCHING).define("further", further).bind("most", MOST_AT_ONCE + 1);
            choice.queue().ifPresent(queue -> query.bind("queue", queue.wireName()));
            choice.code().ifPresent(code -> query.bind("code", code));
            if (!choice.jobs().isEmpty()) {
                query.bindArray(
                        "jobs",
                        UUID.class,
                        choice.jobs().stream().map(JobId::value).toArray());
            }
            return query.map((row, _) -> new Found(
                            new JobId(row.getObject("job_id", UUID.class)),
                            new OwnerId(row.getString("owner")),
                            row.getString("name")))
                    .list();
        });
    }

    private static Row row(ResultSet row) throws SQLException {
        JobId job = new JobId(row.getObject("job_id", UUID.class));
        Instant ended = row.getTimestamp("finished_at").toInstant();
        return new Row(
                new DeadLetter(
                        job,
                        new OwnerId(row.getString("owner")),
                        row.getString("filename"),
                        row.getString("name"),
                        QueueName.ofWireName(row.getString("queue")),
                        row.getInt("attempt"),
                        row.getTimestamp("failed_at").toInstant(),
                        new StepError(
                                Optional.ofNullable(row.getString("code")).orElse(""),
                                Optional.ofNullable(row.getString("message")).orElse(""),
                                row.getString("detail")),
                        row.getBoolean("retry_allowed")),
                ended.getEpochSecond() * 1_000_000 + ended.getNano() / 1_000 + "_" + job);
    }
}
