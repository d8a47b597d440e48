package dev.claimcheck.e2e;

/** Reads {@code /metrics}. */
final class Metrics {
    private Metrics() {}

    /** The value of a gauge without labels. */
    static long of(Api api, String name) {
        return Long.parseLong(text(api, name));
    }

    /** The value of a metric, with its labels as they are written. */
    static double decimal(Api api, String name) {
        return Double.parseDouble(text(api, name));
    }

    private static String text(Api api, String name) {
        return api.get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
