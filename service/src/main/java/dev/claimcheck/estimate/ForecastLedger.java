package dev.claimcheck.estimate;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.JobId;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps what was predicted when a job's plan was known, and holds it against the job's real end: each prediction counts once, whoever looks. Thread-safe.
 */
public final class ForecastLedger {
    /** Upper bounds of the error's classes; the last one is open. */
    private static final List<Double> BOUNDS = List.of(0.05, 0.1, 0.2, 0.35, 0.5, 1.0, 2.0, Double.POSITIVE_INFINITY);

    private static final String KEEP = """
            INSERT INTO forecast (job_id, made_at, p50, p90)
            SELECT job_id, :made_at, :p50, :p90 FROM job WHERE job_id = :job AND status IN ('PENDING', 'IN_PROGRESS')
            ON CONFLICT DO NOTHING
            """;

    /**
     * Takes forecasts of jobs that have ended out, and counts those of completed ones. A job that failed or was called off proves nothing. An actual time of nothing
     * counts as a tenth of a second.
     */
    private static final String JUDGE = """
            WITH ended AS (
                DELETE FROM forecast f USING job j
                WHERE j.job_id = f.job_id AND j.status IN ('COMPLETED', 'FAILED', 'CANCELLED', 'EXPIRED')
                  AND (CAST(:jobs AS uuid[]) IS NULL OR f.job_id = ANY (CAST(:jobs AS uuid[])))
                RETURNING j.status, j.finished_at, f.made_at, f.p50, f.p90
            ), judged AS (
                SELECT abs(extract(epoch FROM finished_at - p50)) / greatest(extract(epoch FROM finished_at - made_at), 0.1) AS error,
                       finished_at <= p90 AS within_p90
                FROM ended WHERE status = 'COMPLETED'
            ), counted AS (
                SELECT (SELECT min(bound) FROM unnest(CAST(:bounds AS float8[])) AS bound WHERE error <= bound) AS bound,
                       count(*) AS jobs, count(*) FILTER (WHERE within_p90) AS within_p90, sum(error) AS error_sum
                FROM judged GROUP BY 1
            )
            INSERT INTO forecast_error AS e (bound, jobs, within_p90, error_sum)
            SELECT bound, jobs, within_p90, error_sum FROM counted ORDER BY bound
            ON CONFLICT (bound) DO UPDATE
            SET jobs = e.jobs + excluded.jobs, within_p90 = e.within_p90 + excluded.within_p90, error_sum = e.error_sum + excluded.error_sum
            """;

    private static final String ACCURACY = """
            SELECT b.bound, coalesce(e.jobs, 0) AS jobs, coalesce(e.within_p90, 0) AS within_p90, coalesce(e.error_sum, 0) AS error_sum
            FROM unnest(CAST(:bounds AS float8[])) AS b (bound) LEFT JOIN forecast_error e USING (bound) ORDER BY b.bound
            """;

    private final Database database;

    public ForecastLedger(Database database) {
        this.database = database;
    }

    /**
     * Completed jobs by how far off their forecast was.
     *
     * @param bound the greatest |predicted - actual| / actual here, above that of the class before; infinite in the last
     * @param withinP90 of them, jobs that ended no later than their p90
     * @param errorSum of their errors
     */
    public record ErrorClass(double bound, long jobs, long withinP90, double errorSum) {}

    /** All classes, also empty ones, the smallest error first. */
    public List<ErrorClass> accuracy() {
        return database.withHandle(handle -> handle.createQuery(ACCURACY)
                .bindArray("bounds", Double.class, BOUNDS.toArray())
                .map((row, _) -> new ErrorClass(
                        row.getDouble("bound"),
                        row.getLong("jobs"),
                        row.getLong("within_p90"),
                        row.getDouble("error_sum")))
                .list());
    }

    /** Keeps the first forecast of an open job; later ones change nothing. Whether it was the first. */
    boolean keep(JobId job, Instant madeAt, Forecast forecast) {
        return database.withHandle(handle -> handle.createUpdate(KEEP)
                        .bind("job", job.value())
                        .bind("made_at", madeAt.atOffset(ZoneOffset.UTC))
                        .bind("p50", forecast.p50().atOffset(ZoneOffset.UTC))
                        .bind("p90", forecast.p90().atOffset(ZoneOffset.UTC))
                        .execute())
                == 1;
    }

    /** Judges those of these jobs that have ended. */
    void judge(Collection<JobId> jobs) {
        judge(jobs.stream().map(JobId::value).toArray(UUID[]::new));
    }

    /** Judges every job that has ended: also those that a worker did not live to judge. */
    void judgeAll() {
        judge((UUID[]) null);
    }

    private void judge(UUID @Nullable [] jobs) {
        database.useTransaction(handle -> {
            var judging = handle.createUpdate(JUDGE).bindArray("bounds", Double.class, BOUNDS.toArray());
            if (jobs == null) {
                judging.bindByType("jobs", null, UUID[].class);
            } else {
                judging.bindArray("jobs", UUID.class, (Object[]) jobs);
            }
            judging.execute();
        });
    }
}
