package dev.claimcheck.job;

/** How attempts ended: the part that every statement which takes leases away has in common. */
final class AttemptLog {
    private AttemptLog() {}

    /**
     * A statement for a {@code WITH}. Binds {@code :outcome}, {@code :error} (JSON or null) and {@code :log} (or null).
     *
     * @param leases name of the query that gives the rows which were deleted
     */
    static String append(String leases) {
        return """
                INSERT INTO step_attempt (step_id, attempt, queue, worker, host, ready_at, started_at, outcome, progress, message, error, log)
                SELECT l.step_id, l.attempt, l.queue, l.worker, w.host, l.ready_at, l.started_at, :outcome,
                       CASE WHEN :outcome = 'succeeded' THEN 1 ELSE l.progress END, l.message, CAST(:error AS jsonb), CAST(:log AS text)
                FROM\s""" + leases + " l LEFT JOIN worker w ON w.worker = l.worker";
    }
}
