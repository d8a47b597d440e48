package dev.claimcheck.job;

import java.util.Set;
import org.jdbi.v3.core.Handle;

/** How steps that ended move their job. The caller holds the job's lock. */
final class JobEnding {
    /** Where a job's video can be played from; the first of them that it offers makes it playable. */
    static final Set<String> PLAYABLE = Set.of("early/master.m3u8", "hls/master.m3u8");

    /** The claim of a step begins its job, unless the job was locked just then. */
    private static final String BEGUN = """
            WITH begun AS (
                UPDATE job SET status = 'IN_PROGRESS', started_at = coalesce(started_at, now()), updated_at = now()
                WHERE job_id = :job AND status = 'PENDING'
                RETURNING owner, job_id
            )
            INSERT INTO event (owner, job_id, type) SELECT owner, job_id, 'job.started' FROM begun
            """;

    private static final String PLAYABLE_NOW = """
            WITH playable AS (
                UPDATE job SET playable_at = now(), updated_at = now() WHERE job_id = :job AND playable_at IS NULL
                RETURNING owner, job_id
            )
            INSERT INTO event (owner, job_id, type) SELECT owner, job_id, 'job.playable' FROM playable
            """;

    private static final String COMPLETED = """
            WITH completed AS (
                UPDATE job SET status = 'COMPLETED', finished_at = now(), updated_at = now()
                WHERE job_id = :job AND status = 'IN_PROGRESS'
                  AND NOT EXISTS (SELECT FROM step WHERE job_id = :job AND state IN ('WAITING', 'READY'))
                RETURNING owner, job_id
            )
            INSERT INTO event (owner, job_id, type) SELECT owner, job_id, 'job.completed' FROM completed
            """;

    /** A job that ended with a warning keeps its source: the optional step that failed may be retried. */
    private static final String SOURCE_UNWANTED = """
            WITH released AS (
                UPDATE job SET source_key = NULL, released_source = source_key
                FROM (SELECT job_id, source_key AS old_key FROM job WHERE job_id = :job) before
                WHERE job.job_id = before.job_id AND job.status = 'COMPLETED' AND job.warnings = '[]' AND job.source_key IS NOT NULL
                  AND NOT EXISTS (SELECT FROM step WHERE job_id = :job AND state IN ('WAITING', 'READY'))
                RETURNING before.old_key
            )
            INSERT INTO garbage (prefix, due) SELECT old_key, now() + make_interval(secs => :delay) FROM released
            """;

    private static final String FAILED = """
            UPDATE job SET status = 'FAILED', error = CAST(:error AS jsonb), retry_allowed = :retry_allowed, finished_at = now(),
                started_at = coalesce(started_at, now()), updated_at = now()
            WHERE job_id = :job
            """;

    private static final String WARNED = """
            UPDATE job SET warnings = warnings || jsonb_build_array(CAST(:warning AS jsonb)), updated_at = now() WHERE job_id = :job
            """;

    private static final String WARNING_RESOLVED = """
            UPDATE job
            SET warnings = (SELECT coalesce(jsonb_agg(w), '[]') FROM jsonb_array_elements(warnings) w WHERE w ->> 'step' <> :step),
                updated_at = now()
            WHERE job_id = :job AND warnings <> '[]'
            """;

    private JobEnding() {}

    /** The job offers something to play; only the first time counts. */
    static void playable(Handle handle, JobId job) {
        handle.createUpdate(PLAYABLE_NOW).bind("job", job.value()).execute();
    }

    /** A step succeeded or an optional one failed: the job goes on, or is complete when nothing is open any more. Who ended the step has given notice of events. */
    static void advance(Handle handle, JobRow job, SourceRetention retention) {
        handle.createUpdate(BEGUN).bind("job", job.id().value()).execute();
        handle.createUpdate(COMPLETED).bind("job", job.id().value()).execute();
        retention
                .deleteAfter()
                .ifPresent(delay -> handle.createUpdate(SOURCE_UNWANTED)
                        .bind("job", job.id().value())
                        .bind("delay", delay.toMillis() / 1000.0)
                        .execute());
    }

    /** A required step failed: the job fails with it, everything else of it is called off. */
    static void failed(Handle handle, JobRow job, String error, boolean retryAllowed) {
        job.mustBecome(JobStatus.FAILED);
        handle.createUpdate(FAILED)
                .bind("job", job.id().value())
                .bind("error", error)
                .bind("retry_allowed", retryAllowed)
                .execute();
        StepBacklog.clear(handle, job.id());
        JobEvents.append(handle, job, "job.failed", error);
    }

    static void warned(Handle handle, JobId job, String warning) {
        handle.createUpdate(WARNED)
                .bind("job", job.value())
                .bind("warning", warning)
                .execute();
    }

    static void warningResolved(Handle handle, JobId job, String step) {
        handle.createUpdate(WARNING_RESOLVED)
                .bind("job", job.value())
                .bind("step", step)
                .execute();
    }
}
