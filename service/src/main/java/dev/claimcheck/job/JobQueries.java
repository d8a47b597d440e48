package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Reads jobs. Thread-safe. */
public final class JobQueries {
    /** One statement, so one snapshot: the job, its steps and its outputs always fit together. */
    private static final String SELECT = """
            SELECT j.job_id, j.owner, j.status, j.filename, j.content_type, j.profile, j.options, j.priority, j.size_bytes, j.attempt,
                   j.created_at, j.updated_at, j.started_at, j.finished_at, j.metadata, j.error, j.retry_allowed, j.warnings,
                   (SELECT json_agg(json_build_object(
                        'id', s.step_id, 'name', s.name, 'kind', s.kind, 'work', s.work, 'queue', s.queue,
                        'state', CASE WHEN s.state = 'READY' AND l.step_id IS NOT NULL THEN 'RUNNING' ELSE s.state END,
                        'required', s.required, 'retries', s.retries, 'cost', s.cost, 'plans_cost', s.spec -> 'plans_cost', 'error', s.error,
                        'made', s.products_made, 'reused', s.products_reused,
                        'attempt', greatest(s.attempt, l.attempt), 'fraction', greatest(s.reached, l.progress), 'message', l.message,
                        'tag', coalesce(l.vstart, r.vstart),
                        'needs', CASE WHEN s.state = 'WAITING' THEN (
                            SELECT json_agg(p.step_id) FROM step_need n JOIN step p ON p.step_id = n.needs_step_id
                            WHERE n.step_id = s.step_id AND p.state IN ('WAITING', 'READY')) END,
                        'started_at', coalesce(l.started_at, s.started_at), 'finished_at', s.finished_at, 'retry_at', d.due)
                        ORDER BY s.step_id)
                    FROM step s
                    LEFT JOIN lease l ON l.step_id = s.step_id
                    LEFT JOIN ready r ON r.step_id = s.step_id
                    LEFT JOIN delayed d ON d.step_id = s.step_id
                    WHERE s.job_id = j.job_id) AS steps,
                   (SELECT json_agg(json_build_object('path', o.path, 'key', o.object_key, 'type', o.content_type, 'size', o.size_bytes))
                    FROM output o
                    WHERE o.job_id = j.job_id
                       AND (o.path NOT LIKE '%/%' OR o.path LIKE 'subtitles/%'
                            OR o.path IN ('hls/master.m3u8', 'early/master.m3u8', 'dash/manifest.mpd', 'storyboard/storyboard.vtt'))) AS outputs,
                   (SELECT s.result -> 'tracks' FROM step s
                    WHERE s.job_id = j.job_id AND s.name = 'subtitles' AND s.state = 'SUCCEEDED') AS subtitles,
                   (SELECT s.result -> 'verification' FROM step s
                    WHERE s.job_id = j.job_id AND s.name = 'package' AND s.state = 'SUCCEEDED') AS verification
            FROM job j
            """;

    private static final String OUTPUT = """
            SELECT path, object_key, content_type, size_bytes FROM output WHERE job_id = :job
            """;

    private final Database database;

    public JobQueries(Database database) {
        this.database = database;
    }

    /** The owner's job of that id; empty also when it is somebody else's. */
    public Optional<JobView> find(OwnerId owner, JobId id) {
        return find(id).or(() -> find(canonical(id))).filter(job -> job.owner().equals(owner));
    }

    /** The job that an id leads to: itself, or the one it turned out to be a duplicate of. */
    public JobId canonical(JobId id) {
        return database.withHandle(handle -> UploadIntake.resolve(handle, id));
    }

    /** The job of that very id, whoever owns it. */
    public Optional<JobView> find(JobId id) {
        return database.withHandle(handle -> handle.createQuery(SELECT + "WHERE j.job_id = :job")
                .bind("job", id.value())
                .map(new JobViewMapper())
                .findOne());
    }

    /** Who owns the job that the id leads to; empty where there is none. */
    public Optional<OwnerId> ownerOf(JobId id) {
        return database.withHandle(handle -> handle.createQuery("SELECT owner FROM job WHERE job_id = :job")
                .bind("job", UploadIntake.resolve(handle, id).value())
                .map((row, _) -> new OwnerId(row.getString("owner")))
                .findOne());
    }

    /** The jobs of these very ids, newest first; without those that are gone. */
    List<JobView> find(Collection<UUID> ids) {
        return database.withHandle(
                handle -> handle.createQuery(SELECT + "WHERE j.job_id = ANY (:jobs) ORDER BY j.job_id DESC")
                        .bindArray("jobs", UUID.class, ids.toArray())
                        .map(new JobViewMapper())
                        .list());
    }

    /** What the job offers under that path. */
    public Optional<Output> output(JobId id, String path) {
        return database.withHandle(handle -> output(handle, id, path));
    }

    static Optional<Output> output(Handle handle, JobId id, String path) {
        return handle.createQuery(OUTPUT + "AND path = :path")
                .bind("job", id.value())
                .bind("path", path)
                .map((row, _) -> output(row))
                .findOne();
    }

    /** What the job offers below that path, such as {@code hls/}. */
    public List<Output> outputs(JobId id, String prefix) {
        return database.withHandle(handle -> handle.createQuery(OUTPUT + "AND starts_with(path, :prefix)")
                .bind("job", id.value())
                .bind("prefix", prefix)
                .map((row, _) -> output(row))
                .list());
    }

    /** Those of these products that can be taken over, by key: from what the owner's jobs of the same content have made. */
    public Map<Digest, Product> products(JobId id, Collection<Digest> keys) {
        return database.withHandle(handle -> ProductQuery.find(handle, id, keys));
    }

    private static Output output(ResultSet row) throws SQLException {
        return new Output(
                row.getString("path"),
                row.getString("object_key"),
                row.getString("content_type"),
                row.getLong("size_bytes"));
    }

    /** The results of all steps of the job that have succeeded, oldest step first; one consistent read. */
    public List<StepResult> stepResults(JobId id) {
        return database.withHandle(handle -> handle.createQuery(
                        "SELECT name, kind, result FROM step WHERE job_id = :job AND state = 'SUCCEEDED' AND result IS NOT NULL ORDER BY step_id")
                .bind("job", id.value())
                .map((row, _) -> new StepResult(row.getString("name"), row.getString("kind"), row.getString("result")))
                .list());
    }
}
