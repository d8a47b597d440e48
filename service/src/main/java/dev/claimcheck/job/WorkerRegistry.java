package dev.claimcheck.job;

import dev.claimcheck.database.Database;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The workers of this installation, each alive as long as it keeps saying so. Thread-safe. */
public final class WorkerRegistry {
    private static final String BEAT = """
            INSERT INTO worker (worker, host, queues, alive_until)
            VALUES (:worker, :host, CAST(:queues AS jsonb), clock_timestamp() + make_interval(secs => :duration))
            ON CONFLICT (worker) DO UPDATE
            SET host = excluded.host, queues = excluded.queues, alive_until = excluded.alive_until, seen_at = clock_timestamp(), left_at = NULL
            """;

    /** A life that begins on the same folder is another one. */
    private static final String FORGET = """
            DELETE FROM worker WHERE worker = :worker
            """;

    /** It stays known for a while: it still ends what it has, and the timeline asks where that ran. */
    private static final String LEAVE = """
            UPDATE worker SET alive_until = least(alive_until, clock_timestamp()), left_at = clock_timestamp() WHERE worker = :worker
            """;

    private static final String FORGET_GONE = """
            DELETE FROM worker WHERE alive_until < clock_timestamp() - interval '1 hour'
            """;

    private final Database database;
    private final Duration duration;

    /** A worker that says nothing for {@code duration} is taken to be gone. */
    public WorkerRegistry(Database database, Duration duration) {
        this.database = database;
        this.duration = duration;
    }

    /** The worker begins to take steps. */
    public void enter(String worker, String host, Map<QueueName, Integer> queues) {
        database.withHandle(
                handle -> handle.createUpdate(FORGET).bind("worker", worker).execute());
        beat(worker, host, queues);
    }

    /** A sign of life. Workers that have been gone for an hour are removed by it. */
    public void beat(String worker, String host, Map<QueueName, Integer> queues) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        queues.forEach((queue, slots) -> json.put(queue.wireName(), slots));
        database.withHandle(handle -> {
            handle.createUpdate(FORGET_GONE).execute();
            return handle.createUpdate(BEAT)
                    .bind("worker", worker)
                    .bind("host", host)
                    .bind("queues", json.toString())
                    .bind("duration", duration.toMillis() / 1000.0)
                    .execute();
        });
    }

    /** The worker takes no more steps. */
    public void leave(String worker) {
        database.withHandle(
                handle -> handle.createUpdate(LEAVE).bind("worker", worker).execute());
    }
}
