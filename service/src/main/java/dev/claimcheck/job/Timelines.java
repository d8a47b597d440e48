package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads what happened to jobs. Thread-safe. */
public final class Timelines {
    /** The attempts that have ended are rows of their own; the one that runs is the lease. */
    private static final String STEPS = """
            SELECT s.name, s.queue, s.required, CASE WHEN s.state = 'READY' AND l.step_id IS NOT NULL THEN 'RUNNING' ELSE s.state END AS state,
                   coalesce(r.since, l.ready_at, CASE WHEN s.state <> 'WAITING' THEN
                       (SELECT a.ready_at FROM step_attempt a WHERE a.step_id = s.step_id ORDER BY a.attempt DESC LIMIT 1) END) AS ready_at,
                   (SELECT json_agg(p.name ORDER BY p.step_id)
                    FROM step_need n JOIN step p ON p.step_id = n.needs_step_id WHERE n.step_id = s.step_id) AS needs,
                   (SELECT json_agg(json_build_object(
                        'attempt', a.attempt, 'worker', a.worker, 'host', a.host, 'ready_at', a.ready_at, 'started_at', a.started_at,
                        'finished_at', a.finished_at, 'outcome', a.outcome, 'progress', a.progress, 'message', a.message, 'error', a.error,
                        'log', a.log) ORDER BY a.attempt)
                    FROM step_attempt a WHERE a.step_id = s.step_id) AS attempts,
                   l.attempt AS running, l.worker, w.host, l.ready_at AS running_ready_at, l.started_at, l.progress, l.message,
                   (SELECT json_agg(json_build_object('path', o.path, 'key', o.object_key, 'type', o.content_type, 'size', o.size_bytes))
                    FROM (SELECT * FROM output WHERE step_id = s.step_id ORDER BY path LIMIT <outputs>) o) AS outputs,
                   coalesce(made.number, 0) AS output_count, coalesce(made.bytes, 0) AS output_bytes
            FROM step s
            LEFT JOIN ready r ON r.step_id = s.step_id
            LEFT JOIN lease l ON l.step_id = s.step_id
            LEFT JOIN worker w ON w.worker = l.worker
            LEFT JOIN (SELECT step_id, count(*) AS number, sum(size_bytes)::bigint AS bytes
                       FROM output JOIN step USING (step_id) WHERE step.job_id = :job GROUP BY step_id) made ON made.step_id = s.step_id
            WHERE s.job_id = :job
            ORDER BY s.step_id
            """;

    /** A step of a long video makes hundreds of segments; nobody reads that list. */
    private static final int OUTPUTS_SHOWN = 10;

    private final Database database;

    public Timelines(Database database) {
        this.database = database;
    }

    /** The timeline of the job of that very id; empty where there is none. */
    public Optional<JobTimeline> find(JobId id) {
        return database.inTransaction(handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"); // One picture of all of it.
            Optional<Instant> created = handle.createQuery("SELECT created_at FROM job WHERE job_id = :job")
                    .bind("job", id.value())
                    .map((row, _) -> row.getTimestamp("created_at").toInstant())
                    .findOne();
            return created.map(at -> new JobTimeline(
                    id,
                    at,
                    handle.createQuery(STEPS)
                            .define("outputs", OUTPUTS_SHOWN)
                            .bind("job", id.value())
                            .map((row, _) -> step(row))
                            .list()));
        });
    }

    private static JobTimeline.Step step(ResultSet row) throws SQLException {
        return new JobTimeline.Step(
                row.getString("name"),
                row.getString("queue"),
                StepState.valueOf(row.getString("state")),
                row.getBoolean("required"),
                array(row.getString("needs")).map(JsonNode::asString).toList(),
                instant(row.getTimestamp("ready_at")),
                Stream.concat(array(row.getString("attempts")).map(Timelines::ended), running(row).stream())
                        .toList(),
                array(row.getString("outputs")).map(JobViewMapper::output).toList(),
                row.getInt("output_count"),
                row.getLong("output_bytes"));
    }

    private static StepAttempt ended(JsonNode attempt) {
        return new StepAttempt(
                attempt.path("attempt").asInt(),
                attempt.path("worker").asString(),
                text(attempt, "host"),
                OffsetDateTime.parse(attempt.path("ready_at").asString()).toInstant(),
                OffsetDateTime.parse(attempt.path("started_at").asString()).toInstant(),
                Optional.of(OffsetDateTime.parse(attempt.path("finished_at").asString())
                        .toInstant()),
                text(attempt, "outcome"),
                attempt.path("progress").asDouble(),
                text(attempt, "message"),
                JobViewMapper.error(attempt.path("error")),
                text(attempt, "log"));
    }

    private static Optional<StepAttempt> running(ResultSet row) throws SQLException {
        int attempt = row.getInt("running");
        return attempt == 0
                ? Optional.empty()
                : Optional.of(new StepAttempt(
                        attempt,
                        row.getString("worker"),
                        Optional.ofNullable(row.getString("host")),
                        row.getTimestamp("running_ready_at").toInstant(),
                        row.getTimestamp("started_at").toInstant(),
                        Optional.empty(),
                        Optional.empty(),
                        row.getDouble("progress"),
                        Optional.ofNullable(row.getString("message")),
                        Optional.empty(),
                        Optional.empty()));
    }

    private static Optional<String> text(JsonNode attempt, String member) {
        return attempt.path(member).isString()
                ? Optional.of(attempt.path(member).asString())
                : Optional.empty();
    }

    private static Optional<Instant> instant(@Nullable Timestamp timestamp) {
        return Optional.ofNullable(timestamp).map(Timestamp::toInstant);
    }

    private static Stream<JsonNode> array(@Nullable String json) {
        return json == null
                ? Stream.empty()
                : JsonMapper.shared().readTree(json).valueStream();
    }
}
