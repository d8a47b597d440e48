package dev.claimcheck.http;

import dev.claimcheck.database.Database;
import java.util.Map;

/** {@code GET /metrics}: Prometheus text format 0.0.4, for the admin key. */
final class MetricsRoute {
    private static final String DEPTHS = """
            SELECT q.name, (SELECT count(*) FROM ready r WHERE r.queue = q.name) AS waiting, (SELECT count(*) FROM lease l WHERE l.queue = q.name) AS running
            FROM (VALUES ('metadata'), ('thumbnails'), ('video_processing')) AS q (name)
            """;

    private final Database database;

    MetricsRoute(Database database) {
        this.database = database;
    }

    Answer answer(Exchange exchange) {
        exchange.admin();
        StringBuilder waiting = new StringBuilder(
                "# HELP claimcheck_steps_waiting Steps ready to run.\n# TYPE claimcheck_steps_waiting gauge\n");
        StringBuilder running = new StringBuilder(
                "# HELP claimcheck_steps_running Steps under a lease.\n# TYPE claimcheck_steps_running gauge\n");
        database.withHandle(handle -> handle.createQuery(DEPTHS)
                .map((row, _) -> {
                    String label = "{queue=\"" + row.getString("name") + "\"} ";
                    waiting.append("claimcheck_steps_waiting")
                            .append(label)
                            .append(row.getLong("waiting"))
                            .append('\n');
                    running.append("claimcheck_steps_running")
                            .append(label)
                            .append(row.getLong("running"))
                            .append('\n');
                    return label;
                })
                .list());
        return new Answer.InMemory(
                200,
                Map.of("Content-Type", "text/plain; version=0.0.4; charset=utf-8"),
                Answer.utf8(waiting.append(running).toString()));
    }
}
