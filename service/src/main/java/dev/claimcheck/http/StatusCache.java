package dev.claimcheck.http;

import dev.claimcheck.access.LinkSigner;
import dev.claimcheck.estimate.Outlook;
import dev.claimcheck.events.JobChanges;
import dev.claimcheck.job.JobId;
import dev.claimcheck.job.JobQueries;
import dev.claimcheck.job.JobView;
import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.StepState;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Finished status answers, dropped when their job changes: a poll of an unchanged job asks no database. Of a job that waits, place and outlook change without it:
 * after two seconds its answer is written anew, from the same view of the job. While changes are not told, nothing here is believed. A change that arrives while an answer is being loaded keeps that answer from being remembered. Thread-safe.
 */
final class StatusCache {
    private static final int MOST_ENTRIES = 20_000;
    private static final Duration WAITING_GOOD_FOR = Duration.ofSeconds(2);

    private final JobQueries jobs;
    private final JobJson json;
    private final JobChanges changes;
    private final LinkSigner links;
    private final InstantSource clock;
    private final Map<JobId, Entry> entries = new ConcurrentHashMap<>();
    private final Map<JobId, Object> loading = new HashMap<>();
    private final Map<JobId, Set<CountDownLatch>> waiting = new HashMap<>();

    /**
     * One job's answer.
     *
     * @param waiting what the answer can be written from anew; null unless nothing of the job runs and it has not ended
     */
    record Entry(
            OwnerId owner,
            ByteBuffer body,
            String etag,
            boolean terminal,
            Instant createdAt,
            Instant goodUntil,
            @Nullable Waiting waiting) {}

    /**
     * A job that waits.
     *
     * @param goodUntil when its links have to be made anew, for which the job is read again
     */
    private record Waiting(JobView job, Outlook outlook, Instant goodUntil) {}

    StatusCache(JobQueries jobs, JobJson json, JobChanges changes, LinkSigner links, InstantSource clock) {
        this.jobs = jobs;
        this.json = json;
        this.changes = changes;
        this.links = links;
        this.clock = clock;
        changes.subscribe(this::drop);
        changes.onGap(this::dropAll);
    }

    /** The answer, if memory has it. Never blocks on the database. */
    @Nullable
    Entry remembered(JobId id) {
        Entry entry = entries.get(id);
        return entry != null && changes.current() && clock.instant().isBefore(entry.goodUntil()) ? entry : null;
    }

    /** The answer, read from the database where memory does not have it; empty where there is no such job. */
    Optional<Entry> load(JobId id) {
        Entry remembered = remembered(id);
        if (remembered == null) {
            remembered = writtenAnew(id);
        }
        if (remembered != null) {
            return Optional.of(remembered);
        }
        Object token = new Object();
        synchronized (this) {
            loading.put(id, token);
        }
        Optional<Entry> loaded = Optional.empty();
        try {
            loaded = jobs.find(id).map(this::entry);
        } finally {
            remember(id, token, loaded);
        }
        return loaded;
    }

    /** The answer of a job that waits, with its place and outlook of now; null where memory does not have the job. */
    private @Nullable Entry writtenAnew(JobId id) {
        Entry old = entries.get(id);
        Waiting waiting = old == null ? null : old.waiting();
        Instant now = clock.instant();
        if (old == null || waiting == null || !changes.current() || !now.isBefore(waiting.goodUntil())) {
            return null;
        }
        Entry entry = entry(
                waiting.job(),
                json.outlook(waiting.job(), now).settled(waiting.outlook(), now),
                now,
                waiting.goodUntil());
        synchronized (this) {
            if (entries.replace(id, old, entry)) {
                return entry;
            }
        }
        // It has changed meanwhile, or somebody else was quicker to write it.
        return remembered(id);
    }

    /** The id under which changes of the job are told: of a job that turned out to be a duplicate, the other one's. */
    JobId canonical(JobId id) {
        return entries.containsKey(id) || load(id).isPresent() ? id : jobs.canonical(id);
    }

    /** Waits until the job changes, at most so long. */
    void awaitChange(JobId id, String knownEtag, Duration limit) throws InterruptedException {
        CountDownLatch changed = new CountDownLatch(1);
        synchronized (this) {
            waiting.computeIfAbsent(id, _ -> new HashSet<>()).add(changed);
        }
        try {
            // It may have changed before we began to wait.
            if (load(id).map(Entry::etag).orElse("").equals(knownEtag)) {
                boolean told = changed.await(limit.toMillis(), TimeUnit.MILLISECONDS);
                if (!told && !changes.current()) {
                    dropAll();
                }
            }
        } finally {
            synchronized (this) {
                Set<CountDownLatch> others = waiting.get(id);
                if (others != null && others.remove(changed) && others.isEmpty()) {
                    waiting.remove(id);
                }
            }
        }
    }

    private synchronized void remember(JobId id, Object token, Optional<Entry> loaded) {
        if (loading.remove(id, token) && loaded.isPresent() && changes.current()) {
            if (entries.size() >= MOST_ENTRIES) {
                entries.clear();
            }
            entries.put(id, loaded.get());
        }
    }

    private synchronized void drop(Set<JobId> changed) {
        for (JobId id : changed) {
            loading.remove(id);
            entries.remove(id);
            waiting.getOrDefault(id, Set.of()).forEach(CountDownLatch::countDown);
        }
    }

    private synchronized void dropAll() {
        loading.clear();
        entries.clear();
        waiting.values().forEach(latches -> latches.forEach(CountDownLatch::countDown));
    }

    private Entry entry(JobView job) {
        Instant now = clock.instant();
        return entry(job, json.outlook(job, now), now, links.stableUntil(now));
    }

    private Entry entry(JobView job, Outlook outlook, Instant now, Instant linksGoodUntil) {
        ByteBuffer body = Answer.utf8(json.status(job, outlook, now).toString());
        CRC32C checksum = new CRC32C();
        checksum.update(body.duplicate());
        String etag = "\"" + Long.toHexString(checksum.getValue()) + "-" + Integer.toHexString(body.remaining()) + "\"";
        Instant soon = now.plus(WAITING_GOOD_FOR);
        boolean waits = isWaiting(job);
        return new Entry(
                job.owner(),
                body,
                etag,
                job.status().isTerminal(),
                job.createdAt(),
                waits && soon.isBefore(linksGoodUntil) ? soon : linksGoodUntil,
                waits ? new Waiting(job, outlook, linksGoodUntil) : null);
    }

    private static boolean isWaiting(JobView job) {
        return switch (job.status()) {
            case PENDING, IN_PROGRESS -> job.steps().stream().noneMatch(step -> step.state() == StepState.RUNNING);
            case UPLOADING, COMPLETED, FAILED, CANCELLED, EXPIRED -> false;
        };
    }
}
