package dev.claimcheck.upload;

import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins parts that were uploaded side by side (tus concatenation). Copying takes time that grows with the size, so no request waits for it longer than a moment:
 * it goes on in the background, and after a crash the housekeeping begins it anew. Thread-safe.
 */
final class UploadJoining {
    private static final Logger LOG = LoggerFactory.getLogger(UploadJoining.class);
    private static final Duration MOMENT = Duration.ofSeconds(5);
    private static final int MOST_PARTS = 1_000;
    /** How the record of a joined upload begins: the ids of its parts follow. */
    private static final String JOINED = "final:";

    private final UploadSessions sessions;
    private final UploadOpening opening;
    private final UploadCompletion completion;
    private final ObjectStore store;
    private final UploadClaims claims;
    /** What is being joined right now. */
    private final Map<UUID, Run> running = new ConcurrentHashMap<>();
    /** Joining is copying; many at once would only slow each other and the uploads. */
    private final Semaphore copying = new Semaphore(4);

    /** One joining and what will become of it. */
    private record Run(CompletableFuture<Optional<Submission>> outcome) {}

    UploadJoining(
            UploadSessions sessions,
            UploadOpening opening,
            UploadCompletion completion,
            ObjectStore store,
            UploadClaims claims) {
        this.sessions = sessions;
        this.opening = opening;
        this.completion = completion;
        this.store = store;
        this.claims = claims;
    }

    /** Whether the upload is joined from others, so that nothing can be appended to it. */
    boolean isJoined(UploadSession session) {
        return session.concat().filter(text -> text.startsWith(JOINED)).isPresent();
    }

    ResumableUploads.Progress create(UploadStart start, @Nullable String metadata, String concat, List<UUID> parts)
            throws InterruptedException {
        if (parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE, "An upload is joined from 1 to " + MOST_PARTS + " parts.");
        }
        String record = JOINED + parts.stream().map(UUID::toString).collect(Collectors.joining(",")) + ";" + concat;
        // The answer may have been lost, and the parts be gone into the whole.
        Optional<UploadSession> before = sessions.findJoined(start.owner(), record, metadata);
        UploadSession session = before.isPresent() ? before.get() : open(start, metadata, record, parts);
        if (session.complete()) {
            return new ResumableUploads.Progress(session, session.length(), completion.again(session));
        }
        Optional<Submission> submission = joinedInAMoment(session);
        UploadSession fresh = sessions.find(session.owner(), session.id());
        return new ResumableUploads.Progress(
                fresh, fresh.complete() ? fresh.length() : OptionalLong.empty(), submission);
    }

    /** A part has come whole: what waited for it alone can be joined now. */
    void partCompleted(UploadSession part) {
        for (UploadSession session : sessions.waitingFor(part.owner(), part.id().toString())) {
            begin(session);
        }
    }

    /** Joins what is ready and not being joined: begun before a crash, or by a part whose notice was lost. */
    void joinReady() {
        sessions.waitingForParts(1_000).forEach(this::begin);
    }

    private UploadSession open(UploadStart start, @Nullable String metadata, String record, List<UUID> parts) {
        List<UploadSession> found = new ArrayList<>();
        for (UUID part : parts) {
            UploadSession session = sessions.find(start.owner(), part);
            if (session.kind() != UploadKind.PART) {
                throw new UploadRefused(
                        UploadRefused.Reason.NOT_POSSIBLE,
                        "Only uploads made with \"Upload-Concat: partial\" can be joined.");
            }
            found.add(session);
        }
        OptionalLong length = found.stream().allMatch(part -> part.length().isPresent())
                ? OptionalLong.of(found.stream()
                        .mapToLong(part -> part.length().orElseThrow())
                        .sum())
                : OptionalLong.empty();
        UploadStart whole = new UploadStart(
                start.owner(),
                start.name(),
                start.contentType(),
                start.processing(),
                start.priority(),
                length,
                start.sha256());
        return opening.open(UploadKind.RESUMABLE, whole, OptionalLong.empty(), metadata, record);
    }

    private Optional<Submission> joinedInAMoment(UploadSession session) throws InterruptedException {
        try {
            return begin(session).outcome().get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return Optional.empty(); // It goes on; HEAD tells when it is done.
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("parts cannot be joined", e.getCause());
        }
    }

    /** Begins to join in the background, unless that is being done; empty where a part is still coming. */
    private Run begin(UploadSession session) {
        Run mine = new Run(new CompletableFuture<>());
        Run begun = running.putIfAbsent(session.id(), mine);
        if (begun != null) {
            return begun;
        }
        Thread.ofVirtual().name("join").start(() -> {
            try {
                Optional<Submission> joined = join(session);
                running.remove(session.id());
                mine.outcome().complete(joined);
            } catch (Exception e) {
                running.remove(session.id());
                mine.outcome().completeExceptionally(e);
                LOG.atWarn()
                        .addKeyValue("upload", session.id())
                        .addKeyValue("cause", e.getMessage())
                        .log(e instanceof UploadRefused ? "parts can never be joined" : "parts are not joined yet");
            }
        });
        return mine;
    }

    /** Joins unless a part is still coming; empty then. */
    private Optional<Submission> join(UploadSession session) throws InterruptedException {
        try (UploadClaims.Claim _ = claims.take(session.id(), () -> {})) {
            UploadSession fresh = sessions.find(session.owner(), session.id());
            if (fresh.complete()) {
                return completion.again(fresh);
            }
            try {
                return join(fresh, partsOf(fresh));
            } catch (UploadRefused e) {
                sessions.end(fresh); // A part is gone or they are too large together: no later try can help.
                throw e;
            }
        }
    }

    private Optional<Submission> join(UploadSession session, List<UUID> ids) throws InterruptedException {
        Optional<ObjectStore.ObjectInfo> made = store.stat(session.object().key());
        if (made.isPresent()) {
            // A crash came between the object's completion and the record's; some parts may be gone by now.
            return completed(session, made.get().size(), ids);
        }
        List<UploadSession> parts = new ArrayList<>();
        for (UUID id : ids) {
            UploadSession part = sessions.find(session.owner(), id);
            if (!part.complete()) {
                return Optional.empty();
            }
            parts.add(part);
        }
        long size =
                parts.stream().mapToLong(part -> part.length().orElseThrow()).sum();
        opening.promise(session, size, 0);
        copying.acquire();
        try {
            store.concatenate(
                    session.object(),
                    parts.stream().map(part -> part.object().key()).toList());
        } finally {
            copying.release();
        }
        return completed(session, size, ids);
    }

    private Optional<Submission> completed(UploadSession session, long size, List<UUID> parts) {
        Optional<Submission> submission = completion.complete(session, size);
        for (UUID part : parts) {
            sessions.findAny(session.owner(), part).ifPresent(sessions::end);
        }
        return submission;
    }

    private static List<UUID> partsOf(UploadSession session) {
        String text = session.concat().orElseThrow();
        String ids = text.substring(JOINED.length(), text.indexOf(';'));
        return Arrays.stream(ids.split(",", -1)).map(UUID::fromString).toList();
    }
}
