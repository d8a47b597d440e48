package dev.claimcheck.client;

import java.util.HashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Numbered chunks, several at once. The service knows which ones it has; whichever is the last one to arrive completes the upload. */
record ChunkedUpload(Upload upload) implements UploadMethod {
    private static final int MOST_ROUNDS = 3;

    /** The upload as the service has it; chunks are numbered from 1. */
    private record Session(
            String id, String jobId, long size, long chunkSize, int chunks, Set<Integer> received, boolean complete) {
        static Session of(JsonNode json) {
            Set<Integer> received = new HashSet<>();
            json.path("received_chunks").forEach(number -> received.add(number.asInt()));
            return new Session(
                    json.path("upload_id").asString(),
                    json.path("job_id").asString(""),
                    json.path("total_size").asLong(),
                    json.path("chunk_size").asLong(),
                    json.path("total_chunks").asInt(),
                    received,
                    json.path("complete").asBoolean(false));
        }

        long offset(int number) {
            return (number - 1) * chunkSize;
        }

        long length(int number) {
            return Math.min(chunkSize, size - offset(number));
        }

        long bytesThere() {
            return complete ? size : received.stream().mapToLong(this::length).sum();
        }

        /** Never empty: where all are there but nobody was told, the last one again makes the service look. */
        Queue<Integer> missing() {
            Queue<Integer> missing = new ConcurrentLinkedQueue<>();
            IntStream.rangeClosed(1, chunks)
                    .filter(number -> !received.contains(number))
                    .forEach(missing::add);
            if (missing.isEmpty()) {
                missing.add(chunks);
            }
            return missing;
        }
    }

    @Override
    public UploadReceipt send() throws InterruptedException {
        Optional<UploadJournal.Entry> begun = upload.begun(UploadWay.CHUNKED);
        if (begun.isPresent()) {
            try {
                String id = begun.get().uploadId().isPresent()
                        ? begun.get().uploadId().get()
                        : start(begun.get().idempotencyKey()).id();
                return sendMissing(look(id));
            } catch (ClaimcheckException e) {
                if (e.status() != 404 && !e.code().equals("idempotency_key_reused")) {
                    throw e;
                }
                // The service has forgotten it: it begins anew.
            }
        }
        return sendMissing(start(HttpCalls.newIdempotencyKey()));
    }

    private Session start(String idempotencyKey) throws InterruptedException {
        upload.remember(new UploadJournal.Entry(UploadWay.CHUNKED, idempotencyKey, Optional.empty()));
        ObjectNode asked = upload.description().put("total_size", upload.file().size());
        upload.options().chunkSize().ifPresent(size -> asked.put("chunk_size", size));
        Session session =
                Session.of(upload.ask(upload.calls().post("/videos/start-chunked-upload", asked, idempotencyKey)));
        upload.remember(new UploadJournal.Entry(UploadWay.CHUNKED, idempotencyKey, Optional.of(session.id())));
        return session;
    }

    private Session look(String id) throws InterruptedException {
        return Session.of(upload.ask(upload.calls()
                .request("/videos/chunked-uploads/" + HttpCalls.encode(id))
                .GET()
                .build()));
    }

    private UploadReceipt sendMissing(Session begun) throws InterruptedException {
        Session session = begun;
        for (int round = 1; ; round++) {
            upload.progress().start(UploadWay.CHUNKED, session.bytesThere());
            if (session.complete()) {
                return UploadReceipt.begun(session.jobId(), session.jobId());
            }
            Optional<JsonNode> last = sendChunks(session);
            if (last.isPresent()) {
                return UploadReceipt.begun(last.get().path("job_id").asString(), session.jobId());
            }
            // Answers were lost, or chunks are gone: the service knows which.
            session = look(session.id());
            if (round == MOST_ROUNDS) {
                throw new ClaimcheckException(
                        0, "bad_answer", "Every chunk was sent, but the service does not complete the upload.");
            }
        }
    }

    /** Gives the answer that completed the upload, where one did. The first failure that is final ends all transfers. */
    private Optional<JsonNode> sendChunks(Session session) throws InterruptedException {
        Queue<Integer> missing = session.missing();
        AtomicReference<@Nullable JsonNode> last = new AtomicReference<>();
        int transfers = Math.min(upload.options().parallel(), missing.size());
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ExecutorCompletionService<Boolean> ended = new ExecutorCompletionService<>(threads);
            for (int transfer = 0; transfer < transfers; transfer++) {
                ended.submit(() -> sendFrom(missing, session, last));
            }
            try {
                for (int transfer = 0; transfer < transfers; transfer++) {
                    ended.take().get();
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof ClaimcheckException cause) {
                    throw cause;
                }
                throw new IllegalStateException("a transfer failed", e.getCause());
            } finally {
                threads.shutdownNow();
            }
        }
        return Optional.ofNullable(last.get());
    }

    private boolean sendFrom(Queue<Integer> missing, Session session, AtomicReference<@Nullable JsonNode> last)
            throws InterruptedException {
        while (true) {
            @Nullable Integer number = missing.poll();
            if (number == null) {
                return true;
            }
            JsonNode answer = upload.attempts().until(() -> sendChunk(session, number));
            if (answer.has("job_id")) {
                last.set(answer);
            }
        }
    }

    private JsonNode sendChunk(Session session, int number) throws InterruptedException {
        String path = "/videos/upload-chunk/" + HttpCalls.encode(session.id()) + "/" + number;
        return HttpCalls.body(upload.transfer(
                upload.calls().transferRequest(path).header("Content-Type", "application/octet-stream"),
                "PUT",
                session.offset(number),
                session.length(number)));
    }
}
