package dev.claimcheck.e2e;

/** Reads {@code /metrics}. */
final class Metrics {
    private Metrics() {}

    /** The value of a gauge without labels. */
    static long of(Api api, String name) {
        return api.get("/metrics")
                .response()
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToLong(line -> Long.parseLong(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name));
    }
}
