package dev.claimcheck.e2e;

import java.util.HashMap;
import java.util.Map;

/**
 * What the tests of the console share: one service and one browser for each JVM that runs them ({@link SharedInJvm}), since starting both takes longer than most of the tests. The service fails at the first try, can be
 * held in the middle of a step, and may send webhooks to this machine. Not thread-safe: a JVM runs its tests one after the other.
 */
final class ConsoleHouse implements AutoCloseable {
    final HeldFfmpeg ffmpeg = new HeldFfmpeg();
    final Server server;
    final Api api;
    private final Chromium chromium;

    ConsoleHouse(Chromium chromium) {
        Map<String, String> environment = new HashMap<>(ffmpeg.environment());
        environment.put("CLAIMCHECK_MEDIA_NICE", "0");
        environment.put("CLAIMCHECK_RETRY_MAX_RETRIES", "0");
        environment.put("CLAIMCHECK_WEBHOOKS_ALLOW_PRIVATE", "true");
        environment.put("CLAIMCHECK_LEASE_DURATION", "8s"); // A worker that died is missed sooner.
        environment.put("CLAIMCHECK_LEASE_RENEW_EVERY", "2s");
        server = Server.start(environment);
        api = server.api();
        this.chromium = chromium;
    }

    /** As every test finds it. */
    void letEverythingGo() {
        ffmpeg.failOn("");
        ffmpeg.letGo();
    }

    /** A browser window in which nobody is signed in. */
    ConsolePage blank(ConsolePage.View view) {
        return ConsolePage.blank(chromium, server.baseUri(), view);
    }

    /** A browser window on the upload page, signed in with the admin key. */
    ConsolePage signedIn(ConsolePage.View view) {
        return signedIn(view, api.key());
    }

    ConsolePage signedIn(ConsolePage.View view, String key) {
        return ConsolePage.signedIn(chromium, server.baseUri(), key, view);
    }

    @Override
    public void close() {
        letEverythingGo();
        server.close();
    }
}
