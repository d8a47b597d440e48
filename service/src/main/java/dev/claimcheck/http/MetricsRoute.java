package dev.claimcheck.http;

import dev.claimcheck.database.Database;
import dev.claimcheck.estimate.ForecastLedger;
import dev.claimcheck.job.ProductCounts;
import dev.claimcheck.storage.ObjectStore;
import java.util.Map;

/** {@code GET /metrics}: Prometheus text format 0.0.4, for the admin key. */
final class MetricsRoute {
    private static final String DEPTHS = """
            SELECT q.name, (SELECT count(*) FROM ready r WHERE r.queue = q.name) AS waiting, (SELECT count(*) FROM lease l WHERE l.queue = q.name) AS running
            FROM (VALUES ('metadata'), ('thumbnails'), ('video_processing')) AS q (name)
            """;

    private final Database database;
    private final ObjectStore store;
    private final ProductCounts products;
    private final ForecastLedger forecasts;

    MetricsRoute(Database database, ObjectStore store, ProductCounts products, ForecastLedger forecasts) {
        this.database = database;
        this.store = store;
        this.products = products;
        this.forecasts = forecasts;
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
                Answer.utf8(waiting.append(running)
                        .append(products())
                        .append(space())
                        .append(estimates())
                        .toString()));
    }

    /** Of this process, as counters are. */
    private String products() {
        StringBuilder text = new StringBuilder(
                "# HELP claimcheck_products_total Results of steps, one by one: made, or reused from earlier jobs of the same source.\n# TYPE claimcheck_products_total counter\n");
        products.all()
                .forEach((counted, count) -> text.append("claimcheck_products_total{kind=\"")
                        .append(counted.kind())
                        .append("\",outcome=\"")
                        .append(counted.reused() ? "reused" : "made")
                        .append("\"} ")
                        .append(count)
                        .append('\n'));
        return text.toString();
    }

    private String space() {
        return store.space()
                .map(space -> gauge("claimcheck_disk_free_bytes", "Free on the disk of the uploads.", space.free())
                        + gauge(
                                "claimcheck_disk_reserved_bytes",
                                "Of it, promised to open uploads for bytes still to come.",
                                space.reserved())
                        + gauge(
                                "claimcheck_disk_least_bytes",
                                "Must stay free beside what is promised, or new uploads are refused.",
                                space.least()))
                .orElse("");
    }

    /** How far off the estimates were that were made when the plan was known. */
    private String estimates() {
        StringBuilder text = new StringBuilder("""
                # HELP claimcheck_estimate_error_ratio Of completed jobs: how far off the estimated completion (p50) was, against the time that it took from then on.
                # TYPE claimcheck_estimate_error_ratio histogram
                """);
        long jobs = 0;
        long withinP90 = 0;
        double sum = 0;
        for (ForecastLedger.ErrorClass errors : forecasts.accuracy()) {
            jobs += errors.jobs();
            withinP90 += errors.withinP90();
            sum += errors.errorSum();
            String bound = Double.isInfinite(errors.bound()) ? "+Inf" : Double.toString(errors.bound());
            text.append("claimcheck_estimate_error_ratio_bucket{le=\"" + bound + "\"} " + jobs + "\n");
        }
        return text.append("claimcheck_estimate_error_ratio_sum " + sum + "\n")
                .append("claimcheck_estimate_error_ratio_count " + jobs + "\n")
                .append(
                        "# HELP claimcheck_estimate_jobs_total Of completed jobs: whether they were done by the estimated_completion_p90.\n")
                .append("# TYPE claimcheck_estimate_jobs_total counter\n")
                .append("claimcheck_estimate_jobs_total{ended=\"within_p90\"} " + withinP90 + "\n")
                .append("claimcheck_estimate_jobs_total{ended=\"later\"} " + (jobs - withinP90) + "\n")
                .toString();
    }

    private static String gauge(String name, String help, long value) {
        return "# HELP " + name + " " + help + "\n# TYPE " + name + " gauge\n" + name + " " + value + "\n";
    }
}
