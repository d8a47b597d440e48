package dev.claimcheck.storage.filesystem;

import dev.claimcheck.storage.ObjectStore;
import dev.claimcheck.storage.StorageFullException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who may use the disk's free space. There are two watermarks: a new upload is taken in only while what it announces fits above the higher one, beside all that was
 * promised before; an upload that runs goes on down to the lower one, whose rest belongs to the database. An upload that announced nothing may not use what was
 * promised to others. Thread-safe.
 */
final class DiskSpace {
    private static final Logger LOG = LoggerFactory.getLogger(DiskSpace.class);
    private static final long MOST_LAST_RESERVE = 256L << 20;
    /** Far below what a writer that outlives its promise can add. */
    private static final long OVER = Long.MIN_VALUE / 2;

    private final FileStore disk;
    private final long least;
    private final long lastReserve;
    private final Map<String, Share> shares = new ConcurrentHashMap<>();
    private final AtomicLong reserved = new AtomicLong();
    private final AtomicBoolean refusing = new AtomicBoolean();

    /** @param least bytes that must stay free, promises counted, for a new upload to be taken in */
    DiskSpace(FileStore disk, long least) {
        this.disk = disk;
        this.least = least;
        this.lastReserve = Math.min(least / 4, MOST_LAST_RESERVE);
    }

    /** What was promised to one object and has not been written yet. */
    final class Share {
        private final boolean promised;
        private final AtomicLong toCome = new AtomicLong();

        private Share(boolean promised) {
            this.promised = promised;
        }

        /** So many bytes have been written. */
        void written(long bytes) {
            if (promised) {
                long before = toCome.getAndAdd(-bytes);
                reserved.addAndGet(Math.max(0, before - bytes) - Math.max(0, before));
            }
        }

        /** They were dropped again. */
        void dropped(long bytes) {
            written(-bytes);
        }

        /** Refuses to write on when only the last of the disk is left; what promises nothing, before it takes what others were promised. */
        void requireRoom() {
            if (usable() - (promised ? 0 : reserved.get()) < lastReserve) {
                throw new StorageFullException("the disk is all but full", null);
            }
        }

        private void set(long bytes) {
            long before = toCome.getAndSet(bytes);
            reserved.addAndGet(Math.max(0, bytes) - Math.max(0, before));
        }
    }

    /**
     * Promises room; see {@link ObjectStore#reserve}. One at a time, so that two together never get what is there only once.
     *
     * @throws StorageFullException when it does not fit
     */
    synchronized void reserve(String key, long bytes) {
        Share earlier = shares.get(key);
        long own = earlier == null ? 0 : Math.max(0, earlier.toCome.get());
        boolean fits = usable() - (reserved.get() - own) - Math.max(0, bytes) >= least;
        report(fits);
        if (!fits) {
            throw new StorageFullException("less than " + least + " bytes would be left free", null);
        }
        if (bytes >= 0) {
            resume(key, bytes);
        }
    }

    /** As {@link #reserve}, never refusing. */
    synchronized void resume(String key, long bytes) {
        shares.computeIfAbsent(key, _ -> new Share(true)).set(bytes);
    }

    void release(String key) {
        Share share = shares.remove(key);
        if (share != null) {
            share.set(OVER);
        }
    }

    void releaseAll(String prefix) {
        if (shares.containsKey(prefix)) {
            release(prefix); // The usual case: the whole key of one upload.
            return;
        }
        shares.keySet().stream().filter(key -> key.startsWith(prefix)).forEach(this::release);
    }

    /** The object's share; one of nothing where nothing was promised. */
    Share shareOf(String key) {
        Share share = shares.get(key);
        return share == null ? new Share(false) : share;
    }

    ObjectStore.Space now() {
        return new ObjectStore.Space(usable(), reserved.get(), least);
    }

    private void report(boolean fits) {
        if (refusing.compareAndSet(fits, !fits)) {
            LOG.atLevel(fits ? org.slf4j.event.Level.INFO : org.slf4j.event.Level.WARN)
                    .addKeyValue("free", usable())
                    .addKeyValue("reserved", reserved.get())
                    .addKeyValue("least", least)
                    .log(fits ? "uploads are taken in again" : "an upload is refused because the disk is filling up");
        }
    }

    private long usable() {
        try {
            return disk.getUsableSpace();
        } catch (IOException e) {
            throw DurableFiles.failure("the free space is unknown", e);
        }
    }
}
