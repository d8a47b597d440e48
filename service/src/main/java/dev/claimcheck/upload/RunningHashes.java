package dev.claimcheck.upload;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The hashes of uploads that come in order over several requests, while this process sees them. Where one is lost (a restart, too many uploads), the first step of
 * the job hashes the file instead. Thread-safe.
 */
final class RunningHashes {
    private static final int MOST = 50_000;

    private final boolean enabled;
    private final int most;
    private final Map<UUID, RunningHash> hashes = new LinkedHashMap<>();

    RunningHashes(boolean enabled) {
        this(enabled, MOST);
    }

    /** @param most that are kept; those of the uploads that have paused longest go first */
    RunningHashes(boolean enabled, int most) {
        this.enabled = enabled;
        this.most = most;
    }

    /** Takes the hash of the upload's first {@code offset} bytes, if it is known; whoever goes on writing puts it back. */
    synchronized Optional<RunningHash> take(UUID upload, long offset) {
        RunningHash known = hashes.remove(upload);
        if (!enabled) {
            return Optional.empty();
        }
        if (offset == 0) {
            return Optional.of(new RunningHash());
        }
        return Optional.ofNullable(known).filter(hash -> hash.length() == offset);
    }

    synchronized void put(UUID upload, RunningHash hash) {
        hashes.put(upload, hash);
        if (hashes.size() > most) {
            hashes.remove(hashes.keySet().iterator().next());
        }
    }

    synchronized void forget(UUID upload) {
        hashes.remove(upload);
    }
}
