package dev.claimcheck.upload;

import dev.claimcheck.job.OwnerId;
import dev.claimcheck.job.Submission;
import dev.claimcheck.storage.ObjectStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
        List<UploadSession> found = new ArrayList<>();
        if (parts.isEmpty() || parts.size() > MOST_PARTS) {
            throw new UploadRefused(
                    UploadRefused.Reason.NOT_POSSIBLE, "An upload is joined from 1 to " + MOST_PARTS + " parts.");
        }
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
                start.profile(),
                start.priority(),
                length,
                start.sha256());
        String ids = parts.stream().map(UUID::toString).collect(Collectors.joining(","));
        UploadSession session =
                opening.open(UploadKind.RESUMABLE, whole, OptionalLong.empty(), metadata, JOINED + ids + ";" + concat);
        Optional<Submission> submission =
                found.stream().allMatch(UploadSession::complete) ? joinedInAMoment(session) : Optional.empty();
        UploadSession fresh = sessions.find(session.owner(), session.id());
        return new ResumableUploads.Progress(
                fresh, fresh.complete() ? fresh.length() : OptionalLong.empty(), submission);
    }

    /** A part has come whole: what waited for it alone can be joined now. */
    void partCompleted(UploadSession part) {
        for (UploadSession session : waiting(part.owner(), part.id().toString())) {
            Thread.ofVirtual().name("join").start(() -> joinReporting(session));
        }
    }

    /** Joins what is ready and not being joined: begun before a crash, or by a part whose notice was lost. */
    void joinReady() {
        for (UploadSession session : sessions.where("u.concat LIKE 'final:%' AND u.completed_at IS NULL", 100)) {
            joinReporting(session);
        }
    }

    private List<UploadSession> waiting(OwnerId owner, String part) {
        return sessions.where("u.concat LIKE 'final:%' AND u.completed_at IS NULL", 1_000).stream()
                .filter(session -> session.owner().equals(owner)
                        && session.concat().orElse("").contains(part))
                .toList();
    }

    private Optional<Submission> joinedInAMoment(UploadSession session) throws InterruptedException {
        CompletableFuture<Optional<Submission>> joined = new CompletableFuture<>();
        Thread.ofVirtual().name("join").start(() -> {
            try {
                joined.complete(join(session));
            } catch (Exception e) {
                joined.completeExceptionally(e);
            }
        });
        try {
            return joined.get(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            return Optional.empty(); // It goes on; HEAD tells when it is done.
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("parts cannot be joined", e.getCause());
        }
    }

    private void joinReporting(UploadSession session) {
        try {
            join(session);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).addKeyValue("upload", session.id()).log("parts are not joined yet; tried again");
        }
    }

    /** Joins unless a part is still coming; empty then. */
    private Optional<Submission> join(UploadSession session) throws InterruptedException {
        try (UploadClaims.Claim _ = claims.take(session.id(), () -> {})) {
            UploadSession fresh = sessions.find(session.owner(), session.id());
            if (fresh.complete()) {
                return Optional.empty();
            }
            List<UploadSession> parts = new ArrayList<>();
            for (UUID id : partsOf(fresh)) {
                UploadSession part = sessions.find(session.owner(), id);
                if (!part.complete()) {
                    return Optional.empty();
                }
                parts.add(part);
            }
            long size = parts.stream()
                    .mapToLong(part -> part.length().orElseThrow())
                    .sum();
            opening.promise(fresh, size, 0);
            if (store.stat(fresh.object().key()).isEmpty()) {
                store.concatenate(
                        fresh.object(),
                        parts.stream().map(part -> part.object().key()).toList());
            }
            Optional<Submission> submission = completion.complete(fresh, size);
            parts.forEach(sessions::end);
            return submission;
        }
    }

    private static List<UUID> partsOf(UploadSession session) {
        String text = session.concat().orElseThrow();
        String ids = text.substring(JOINED.length(), text.indexOf(';'));
        return Arrays.stream(ids.split(",", -1)).map(UUID::fromString).toList();
    }
}
