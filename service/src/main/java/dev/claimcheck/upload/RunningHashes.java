package dev.claimcheck.upload;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The hashes of uploads that come in order over several requests, while this process sees them. Where one is lost (a restart, too many uploads), the first step of
 * the job hashes the file instead. Thread-safe.
 */
final class RunningHashes {
    private static final int MOST = 50_000;

    private final boolean enabled;
    private final Map<UUID, RunningHash> hashes = new ConcurrentHashMap<>();

    RunningHashes(boolean enabled) {
        this.enabled = enabled;
    }

    /** Takes the hash of the upload's first {@code offset} bytes, if it is known; whoever goes on writing puts it back. */
    Optional<RunningHash> take(UUID upload, long offset) {
        RunningHash known = hashes.remove(upload);
        if (!enabled) {
            return Optional.empty();
        }
        if (offset == 0) {
            return Optional.of(new RunningHash());
        }
        return Optional.ofNullable(known).filter(hash -> hash.length() == offset);
    }

    void put(UUID upload, RunningHash hash) {
        if (hashes.size() < MOST) {
            hashes.put(upload, hash);
        }
    }

    void forget(UUID upload) {
        hashes.remove(upload);
    }
}
