package dev.claimcheck.operations;

import dev.claimcheck.database.Database;
import dev.claimcheck.job.QueueName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Looks at queues and workers. Thread-safe. */
public final class Overviews {
    /** Each of the narrow tables is read once. */
    private static final String QUEUES = """
            WITH waiting AS (
                SELECT queue, count(*) AS steps, min(since) AS oldest FROM ready GROUP BY queue
            ), postponed AS (
                SELECT queue, count(*) AS steps FROM delayed GROUP BY queue
            ), running AS (
                SELECT queue, count(*) AS steps, count(*) FILTER (WHERE started_at > now() - interval '1 minute') AS started,
                       sum(extract(epoch FROM started_at - ready_at)) FILTER (WHERE started_at > now() - interval '1 minute') AS waited
                FROM lease GROUP BY queue
            ), ended AS (
                SELECT queue, count(*) FILTER (WHERE outcome = 'succeeded') AS succeeded,
                       count(*) FILTER (WHERE started_at > now() - interval '1 minute') AS started,
                       sum(extract(epoch FROM started_at - ready_at)) FILTER (WHERE started_at > now() - interval '1 minute') AS waited
                FROM step_attempt WHERE finished_at > now() - interval '1 minute' GROUP BY queue
            ), slots AS (
                SELECT each.key AS queue, sum(each.value::int) AS steps
                FROM worker, jsonb_each_text(queues) AS each WHERE alive_until > clock_timestamp() GROUP BY each.key
            )
            SELECT q.queue, coalesce(w.steps, 0) AS waiting, coalesce(p.steps, 0) AS delayed, coalesce(r.steps, 0) AS running,
                   coalesce(s.steps, 0) AS capacity, coalesce(greatest(extract(epoch FROM clock_timestamp() - w.oldest), 0), 0) AS oldest,
                   coalesce(r.started, 0) + coalesce(e.started, 0) AS started, coalesce(e.succeeded, 0) AS succeeded,
                   (coalesce(r.waited, 0) + coalesce(e.waited, 0)) / nullif(coalesce(r.started, 0) + coalesce(e.started, 0), 0) AS lag
            FROM unnest(CAST(:queues AS text[])) WITH ORDINALITY AS q (queue, place)
            LEFT JOIN waiting w USING (queue) LEFT JOIN postponed p USING (queue) LEFT JOIN running r USING (queue)
            LEFT JOIN ended e USING (queue) LEFT JOIN slots s USING (queue)
            ORDER BY q.place
            """;

    private static final String WORKERS = """
            SELECT w.worker, w.host, w.queues, w.started_at, w.seen_at,
                   CASE WHEN w.left_at IS NOT NULL THEN 'LEAVING' WHEN w.alive_until > clock_timestamp() THEN 'ALIVE' ELSE 'SILENT' END AS life,
                   doing.list AS doing
            FROM worker w
            LEFT JOIN LATERAL (
                SELECT json_agg(json_build_object(
                        'job', s.job_id, 'filename', j.filename, 'owner', s.owner, 'step', s.name, 'queue', l.queue, 'attempt', l.attempt,
                        'started_at', l.started_at, 'progress', l.progress, 'message', l.message) ORDER BY l.started_at, l.step_id) AS list
                FROM lease l JOIN step s USING (step_id) JOIN job j USING (job_id) WHERE l.worker = w.worker) doing ON true
            WHERE doing.list IS NOT NULL OR (w.left_at IS NULL AND w.alive_until > clock_timestamp() - interval '1 minute')
            ORDER BY w.host, w.worker
            """;

    private static final String ENDED = """
            SELECT count(*) FILTER (WHERE status = 'COMPLETED') AS done, count(*) FILTER (WHERE status = 'FAILED') AS failed
            FROM job WHERE finished_at > now() - interval '1 hour'
            """;

    private final Database database;

    public Overviews(Database database) {
        this.database = database;
    }

    /** How things stand now; one consistent picture. */
    public Overview take() {
        return database.inTransaction(handle -> {
            handle.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
            List<WorkerFigures> workers =
                    handle.createQuery(WORKERS).map((row, _) -> worker(row)).list();
            return handle.createQuery(ENDED)
                    .map((row, _) -> new Overview(
                            Instant.now(), queues(handle), workers, row.getInt("done"), row.getInt("failed")))
                    .one();
        });
    }

    private static List<QueueFigures> queues(Handle handle) {
        return handle.createQuery(QUEUES)
                .bindArray(
                        "queues",
                        String.class,
                        Arrays.stream(QueueName.values())
                                .map(QueueName::wireName)
                                .toArray())
                .map((row, _) -> queue(row))
                .list();
    }

    private static QueueFigures queue(ResultSet row) throws SQLException {
        double oldest = row.getDouble("oldest");
        double lag = row.getDouble("lag");
        return new QueueFigures(
                QueueName.ofWireName(row.getString("queue")),
                row.getInt("waiting"),
                row.getInt("delayed"),
                row.getInt("running"),
                row.getInt("capacity"),
                oldest,
                row.getInt("started"),
                row.getInt("succeeded"),
                row.getInt("started") == 0 ? oldest : lag);
    }

    private static WorkerFigures worker(ResultSet row) throws SQLException {
        Map<String, Integer> queues = new LinkedHashMap<>();
        JsonMapper.shared()
                .readTree(row.getString("queues"))
                .properties()
                .forEach(queue -> queues.put(queue.getKey(), queue.getValue().asInt()));
        String doing = row.getString("doing");
        return new WorkerFigures(
                row.getString("worker"),
                row.getString("host"),
                queues,
                WorkerFigures.Life.valueOf(row.getString("life")),
                row.getTimestamp("started_at").toInstant(),
                row.getTimestamp("seen_at").toInstant(),
                doing == null
                        ? List.of()
                        : JsonMapper.shared()
                                .readTree(doing)
                                .valueStream()
                                .map(Overviews::doing)
                                .toList());
    }

    private static WorkerFigures.Doing doing(JsonNode attempt) {
        return new WorkerFigures.Doing(
                attempt.path("job").asString(),
                attempt.path("filename").asString(),
                attempt.path("owner").asString(),
                attempt.path("step").asString(),
                attempt.path("queue").asString(),
                attempt.path("attempt").asInt(),
                OffsetDateTime.parse(attempt.path("started_at").asString()).toInstant(),
                attempt.path("progress").asDouble(),
                attempt.path("message").isString()
                        ? Optional.of(attempt.path("message").asString())
                        : Optional.empty());
    }
}
